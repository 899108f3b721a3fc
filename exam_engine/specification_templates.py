"""Ready-made specifications: every paper of the national exam from 2025 and the test of letter 7991.

A template is a starting point that a teacher edits. Titles and instructions are data in Vietnamese, because
they are printed on the paper; the template's own name is translated. `totals` computes the footer of the
matrix.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import TypeVar

from campus.i18n import N_, Message, translate
from campus.subjects import SUBJECTS, subject_name
from exam_engine.scoring_rules.thpt2025 import points_each

LEVELS = ("know", "understand", "apply")

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """One section: its kind, how many questions, worth what each; by_level is a proposal, or empty."""

    code: str
    title: str
    instruction: str
    kind: str
    count: int
    points_each: Decimal
    by_level: Mapping[str, int] = field(default_factory=dict)

    @property
    def points(self) -> Decimal:
        """What the whole section is worth."""
        return self.count * self.points_each


@dataclass(frozen=True, slots=True)
class Template:
    """A whole paper. subject is None when it fits any; name may use %(subject)s."""

    code: str
    name: str
    subject: str | None
    minutes: int
    rule: str
    sections: tuple[SectionPlan, ...]
    note: Message | None = None

    def title(self, locale: str) -> str:
        """The template's name in this language."""
        return translate(Message(self.name, subject=subject_name(self.subject or "", locale)), locale)

    @property
    def points(self) -> Decimal:
        """What the whole paper is worth: 10 in every template."""
        return sum((section.points for section in self.sections), Decimal())

    @property
    def count(self) -> int:
        """How many questions the paper has."""
        return sum(section.count for section in self.sections)


@dataclass(frozen=True, slots=True)
class CellCount:
    """One cell of a matrix: how many questions of a kind and level, on a topic, worth what each."""

    kind: str
    level: str
    count: int
    points_each: Decimal
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """Questions, their points, and their share of all points in per cent (one decimal, half up)."""

    count: int
    points: Decimal
    share: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """The margins of a matrix; a kind, level or topic without a cell is missing from its mapping."""

    whole: Total
    by_kind: Mapping[str, Total]
    by_level: Mapping[str, Total]
    by_topic: Mapping[str, Total]
    by_kind_and_level: Mapping[tuple[str, str], Total]


def totals(cells: Iterable[CellCount]) -> Totals:
    """The live footer of a matrix: counts, points and shares by kind, by level, by topic and by column."""
    cells = tuple(cells)
    points = sum((cell.count * cell.points_each for cell in cells), Decimal())

    def margin(name: Callable[[CellCount], K]) -> dict[K, Total]:
        counts: defaultdict[K, int] = defaultdict(int)
        sums: defaultdict[K, Decimal] = defaultdict(Decimal)
        for cell in cells:
            counts[name(cell)] += cell.count
            sums[name(cell)] += cell.count * cell.points_each
        return {each: Total(counts[each], sums[each], _share(sums[each], points)) for each in counts}

    return Totals(
        whole=Total(sum(cell.count for cell in cells), points, _share(points, points)),
        by_kind=margin(lambda cell: cell.kind),
        by_level=margin(lambda cell: cell.level),
        by_topic=margin(lambda cell: cell.topic),
        by_kind_and_level=margin(lambda cell: (cell.kind, cell.level)),
    )


def _share(part: Decimal, whole: Decimal) -> Decimal:
    if not whole:
        return Decimal("0.0")
    return (100 * part / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


# Titles and instructions of the sections, as the national papers word them.
_WORDING = {
    "single_choice": (
        "Câu trắc nghiệm nhiều phương án lựa chọn",
        "Mỗi câu hỏi thí sinh chỉ chọn một phương án.",
    ),
    "true_false_group": (
        "Câu trắc nghiệm đúng sai",
        "Trong mỗi ý a), b), c), d) ở mỗi câu, thí sinh chọn đúng hoặc sai.",
    ),
    "short_answer": ("Câu trắc nghiệm trả lời ngắn", "Thí sinh ghi kết quả của mỗi câu, nhiều nhất 4 kí tự."),
    "essay": ("Tự luận", "Thí sinh trình bày lời giải."),
}
_ROMAN = ("I", "II", "III", "IV")


def _plan(
    kind: str, count: int, each: Decimal, by_level: Mapping[str, int] | None = None, part: str = ""
) -> SectionPlan:
    """A section in the usual wording, still without its number; `part` is added to the title."""
    title, instruction = _WORDING[kind]
    return SectionPlan("", title + part, instruction, kind, count, each, MappingProxyType(dict(by_level or {})))


def _numbered(*plans: SectionPlan) -> tuple[SectionPlan, ...]:
    """The sections as parts I, II, III, ..."""
    return tuple(
        replace(plan, code=code, title=f"PHẦN {code}. {plan.title}") for code, plan in zip(_ROMAN, plans, strict=False)
    )


def _national_sections(subject: str, choices: int, groups: int, shorts: int) -> tuple[SectionPlan, ...]:
    counts = {"single_choice": choices, "true_false_group": groups, "short_answer": shorts}
    return _numbered(*(_plan(kind, count, points_each(kind, subject)) for kind, count in counts.items() if count))


_NATIONAL_NAME = N_("Graduation exam from 2025: %(subject)s")
_CHOICE_ONLY = (40, 0, 0)
_TWO_PARTS = (24, 4, 0)
_THREE_PARTS = (18, 4, 6)

# Minutes and counts of parts I, II, III (Decision 764/QĐ-BGDĐT); every row makes 10 points.
_NATIONAL = {
    "toan": (90, (12, 4, 6)),
    **dict.fromkeys(("vat_li", "hoa_hoc", "sinh_hoc", "dia_li"), (50, _THREE_PARTS)),
    **dict.fromkeys(("lich_su", "gdkt_pl", "cong_nghe_cn", "cong_nghe_nn"), (50, _TWO_PARTS)),
    **{code: (50, _CHOICE_ONLY) for code, subject in SUBJECTS.items() if subject.is_foreign_language},
}


def _national() -> list[Template]:
    return [
        Template(f"thpt2025_{code}", _NATIONAL_NAME, code, minutes, "thpt2025", _national_sections(code, *counts))
        for code, (minutes, counts) in _NATIONAL.items()
    ]


def _informatics() -> list[Template]:
    """Part II of Tin học has two common questions and two of one orientation: each orientation is a paper."""
    note = Message(
        N_(
            "In the national paper the candidate chooses one of the two orientations of part II. "
            "Make one set of forms for each orientation."
        )
    )
    return [
        Template(
            f"thpt2025_tin_hoc_{code}",
            name,
            "tin_hoc",
            50,
            "thpt2025",
            _numbered(
                _plan("single_choice", 24, Decimal("0.25")),
                _plan("true_false_group", 2, Decimal(1), part=" – phần chung"),
                _plan("true_false_group", 2, Decimal(1), part=f" – định hướng {orientation}"),
            ),
            note,
        )
        for code, name, orientation in (
            ("khmt", N_("Graduation exam from 2025: %(subject)s, Computer science"), "Khoa học máy tính"),
            ("thud", N_("Graduation exam from 2025: %(subject)s, Applied informatics"), "Tin học ứng dụng"),
        )
    ]


def _literature() -> Template:
    """Đọc hiểu 4 points, Viết 6 (paragraph 2, essay 4); Đọc hiểu is split as in the sample paper."""
    reading = "Thí sinh đọc văn bản và trả lời các câu hỏi."
    return Template(
        "thpt2025_ngu_van",
        _NATIONAL_NAME,
        "ngu_van",
        120,
        "number_right",
        (
            SectionPlan("I.1", "PHẦN I. Đọc hiểu", reading, "essay", 2, Decimal("0.5")),
            SectionPlan("I.2", "PHẦN I. Đọc hiểu (tiếp theo)", reading, "essay", 3, Decimal(1)),
            SectionPlan("II.1", "PHẦN II. Viết", "Viết đoạn văn khoảng 200 chữ.", "essay", 1, Decimal(2)),
            SectionPlan("II.2", "PHẦN II. Viết (tiếp theo)", "Viết bài văn khoảng 600 chữ.", "essay", 1, Decimal(4)),
        ),
    )


def _periodic() -> list[Template]:
    """Letter 7991/BGDĐT-GDTrH: points 3–2–2–3 by type and 4–3–3 by level; without short answers 3–4–0–3."""
    choice = _plan("single_choice", 12, Decimal("0.25"), {"know": 8, "understand": 4})
    two_groups = _plan("true_false_group", 2, Decimal(1), {"know": 1, "understand": 1})
    four_groups = _plan("true_false_group", 4, Decimal(1), {"know": 2, "understand": 1, "apply": 1})
    shorts = _plan("short_answer", 4, Decimal("0.5"), {"know": 2, "apply": 2})
    essay = _plan("essay", 3, Decimal(1), {"understand": 1, "apply": 2})
    name = N_("Periodic test, letter 7991 (3–2–2–3)")
    name_without = N_("Periodic test, letter 7991, without short answers (3–4–0–3)")
    return [
        Template("cv7991", name, None, 90, "thpt2025", _numbered(choice, two_groups, shorts, essay)),
        Template(
            "cv7991_no_short_answer",
            name_without,
            None,
            45,
            "thpt2025",
            _numbered(choice, four_groups, essay),
        ),
    ]


TEMPLATES: Mapping[str, Template] = MappingProxyType(
    {template.code: template for template in (*_national(), *_informatics(), _literature(), *_periodic())}
)


def for_subject(subject: str) -> list[Template]:
    """The templates that fit a subject: its national papers first, then those for any subject."""
    own = [template for template in TEMPLATES.values() if template.subject == subject]
    return own + [template for template in TEMPLATES.values() if template.subject is None]
