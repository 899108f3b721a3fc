"""An exam as candidates meet it, made with the real services: items of every type, forms, a sitting with seats."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from campus.people.access import Actor
from exam_engine import access_codes, assembling, scheduling, specifying
from exam_engine.assembly.draw import Mode
from exam_engine.models import Attempt, Candidate, Exam, Sitting, attempt_identifier
from item_bank import authoring, reviewing
from item_bank.models import Bank, ItemVersion
from item_bank.wordings import Wording
from tests.builders import NOW, actor, class_group, pupil, school, user
from tests.item_bank_builders import bank, staff_of, topic

PASSAGE = (
    "<p>Một ấm nước chứa 2 kg nước ở 20 °C được đun bằng bếp điện. Nhiệt dung riêng của nước là 4 200 J/(kg.K). "
    "Sau 10 phút nước bắt đầu sôi ở 100 °C.</p><p>Bỏ qua nhiệt lượng mà ấm nhận được và toả ra môi trường.</p>"
)
SECTIONS = (
    (
        "I",
        "PHẦN I. Câu trắc nghiệm nhiều phương án lựa chọn",
        "Mỗi câu hỏi thí sinh chỉ chọn một phương án.",
        "single_choice",
        6,
        "0.25",
    ),
    (
        "II",
        "PHẦN II. Câu trắc nghiệm đúng sai",
        "Trong mỗi ý a), b), c), d) ở mỗi câu, thí sinh chọn đúng hoặc sai.",
        "true_false_group",
        2,
        "1",
    ),
    (
        "III",
        "PHẦN III. Câu trắc nghiệm trả lời ngắn",
        "Thí sinh ghi kết quả của mỗi câu, nhiều nhất 4 kí tự.",
        "short_answer",
        2,
        "0.5",
    ),
    ("IV", "PHẦN IV. Tự luận", "Thí sinh trình bày lời giải.", "essay", 1, "1"),
)
NAMES = ("Nguyễn Thị Hoà", "Trần Văn Minh", "Lê Hoàng Phúc", "Phạm Thuỳ Dương", "Đỗ Đức Anh", "Vũ Ngọc Mai")


@dataclass
class RunningSitting:
    """What :func:`running_sitting` made. Identifiers and words only, so that it outlives the session."""

    sitting_id: int
    exam_id: int
    candidates: list[int] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    usernames: list[str] = field(default_factory=list)
    officer_id: int = 0

    def attempt_id(self, place: int) -> int:
        """The first attempt of the candidate at this place of the list."""
        return attempt_identifier(self.candidates[place], 1)


def _choice(stem: str, right: str, *wrong: str) -> tuple[dict[str, Any], dict[str, Any]]:
    options = [{"id": i, "content": text, "fixed": False} for i, text in zip("ABCD", (right, *wrong), strict=True)]
    return {"stem": stem, "options": options, "shuffle": True}, {"option": "A"}


def _items(of: Bank, passage_id: int) -> list[Wording]:
    """Eleven items of four types, some with a common passage."""
    choices = [
        (
            _choice(
                r"Đạo hàm của hàm số \( y = x^3 - 3x \) là",
                r"\( 3x^2 - 3 \)",
                r"\( x^2 - 3 \)",
                r"\( 3x^2 \)",
                r"\( 3x - 3 \)",
            ),
            None,
        ),
        (_choice("Thủ đô của Việt Nam là", "Hà Nội", "Huế", "Đà Nẵng", "Thành phố Hồ Chí Minh"), None),
        (
            _choice(
                r"Giá trị của \( \displaystyle\int_0^1 2x\,\mathrm{d}x \) bằng",
                r"\( 1 \)",
                r"\( 2 \)",
                r"\( \dfrac{1}{2} \)",
                r"\( 0 \)",
            ),
            None,
        ),
        (_choice("Đơn vị của nhiệt dung riêng trong hệ SI là", "J/(kg.K)", "J/kg", "J/K", "J.kg/K"), None),
        (
            _choice("Nhiệt lượng mà nước nhận được đến khi bắt đầu sôi là", "672 kJ", "168 kJ", "840 kJ", "67,2 kJ"),
            passage_id,
        ),
        (_choice("Công suất trung bình mà nước nhận được là", "1 120 W", "67 200 W", "672 W", "11,2 W"), passage_id),
    ]
    groups = [
        (
            r"Cho hàm số \( f(x) = x^2 - 4x + 3 \).",
            (
                r"\( f(1) = 0 \).",
                r"Đồ thị có bề lõm quay xuống dưới.",
                r"Giá trị nhỏ nhất của hàm số là \( -1 \).",
                r"\( f'(x) = 2x - 4 \).",
            ),
        ),
        (
            "Xét nước ở áp suất tiêu chuẩn.",
            (
                "Nước sôi ở 100 °C.",
                "Nước đông đặc ở 4 °C.",
                "Khi sôi, nhiệt độ của nước không đổi.",
                "Nước đá nổi trên nước.",
            ),
        ),
    ]
    shorts = [
        (r"Tính \( 5 : 2 \).", "2,5"),
        (r"Phương trình \( x^2 - 5x + 6 = 0 \) có nghiệm lớn nhất bằng bao nhiêu?", "3"),
    ]
    found = [Wording("single_choice", *shape, passage_id=passage, level="know") for shape, passage in choices]
    for stem, statements in groups:
        content = {
            "stem": stem,
            "statements": [{"id": i, "content": s} for i, s in zip("abcd", statements, strict=True)],
        }
        found.append(
            Wording(
                "true_false_group",
                content | {"shuffle": True},
                {"truths": [True, False, True, True]},
                level="understand",
            )
        )
    for stem, value in shorts:
        content = {"stem": stem, "format": "thpt", "decimals": None}
        found.append(Wording("short_answer", content, {"values": [value]}, level="apply"))
    rubric = {"rubric": [{"id": "r1", "criterion": "Lập luận đúng, trình bày rõ", "points": "1"}]}
    essay = {"stem": "Vì sao khí hậu vùng ven biển thường ôn hoà? Viết một đoạn văn ngắn.", "max_words": 150}
    return [*found, Wording("essay", essay, rubric, level="apply")]


def _approved(session: Session, teacher: Any, head: Any, of: Bank, wording: Wording, topic_id: int) -> ItemVersion:
    from dataclasses import replace

    version = authoring.create_item(session, actor(session, teacher), of, replace(wording, topic_id=topic_id), NOW)
    reviewing.submit(session, actor(session, teacher), version, NOW)
    reviewing.approve_version(session, actor(session, head), version, NOW)
    return version


def exam_of_all_types(session: Session, at: datetime, *, minutes: int = 45, **rules: Any) -> tuple[Exam, Actor, Any]:
    """An exam with two frozen forms, the board that runs it, and its school."""
    place = school(session)
    teacher, head = staff_of(session, place)
    officer = user(session, "Vũ Thị Thanh", "exam_officer", place)
    board = actor(session, officer, at)
    of = bank(session, teacher, place)
    row = topic(session, teacher, of)
    passage = authoring.add_passage(session, of, PASSAGE, NOW)
    for wording in _items(of, passage.id):
        _approved(session, teacher, head, of, wording, row.id)
    exam = specifying.create_exam(session, board, place.id, of, "Kiểm tra giữa kì I", "cv7991", at)
    names = ("code", "title", "instruction", "kind", "count", "points_each")
    sections = [dict(zip(names, section, strict=True)) | {"shuffle_items": False} for section in SECTIONS]
    cells = [{"section": s["code"], "topic_id": row.id, "level": None, "count": s["count"]} for s in sections]
    specifying.set_specification(session, board, exam, sections, cells, at)
    specifying.set_rules(session, board, exam, {"limit_minutes": minutes} | rules, at)
    order = assembling.Order(2, 7, Mode.SAME_ITEMS, "grouped")
    assembling.assemble(session, board, exam, order, at, lambda _done, _total: None)
    return exam, board, place


def running_sitting(
    session: Session,
    at: datetime,
    secret: str,
    *,
    seats: int = 3,
    minutes: int = 45,
    state: str = "started",
    starts_in: timedelta = timedelta(),
    **rules: Any,
) -> RunningSitting:
    """A sitting with ``seats`` candidates who have accounts and codes; ``state`` scheduled, open or started. Flushes.

    ``secret`` is the installation's, from which access codes come; ``rules`` go to ``specifying.set_rules``.
    """
    exam, board, place = exam_of_all_types(session, at, minutes=minutes, **rules)
    group = class_group(session, place)
    starts_at = at + starts_in
    sitting: Sitting = scheduling.create_sitting(
        session, board, exam, "Ca 1", starts_at, starts_at + timedelta(minutes=minutes + 30), at
    )
    scheduling.add_room(session, board, sitting, "P.101", max(seats, 2), 6, at)
    people = [pupil(session, group, NAMES[n % len(NAMES)]) for n in range(seats)]
    newcomers = [scheduling.NewCandidate(p.full_name, user_id=p.id, class_name="12A1") for p in people]
    candidates: list[Candidate] = scheduling.add_candidates(session, board, sitting, newcomers, at)
    if state != "scheduled":
        scheduling.open_sitting(session, board, sitting, at)
    if state == "started":
        scheduling.start_sitting(session, board, sitting, at)
    session.flush()
    accounts = {p.id: p.username for p in people}
    return RunningSitting(
        sitting_id=sitting.id,
        exam_id=exam.id,
        candidates=[c.id for c in candidates],
        numbers=[c.number for c in candidates],
        codes=[access_codes.access_code(secret, c.id, c.code_generation) for c in candidates],
        names=[c.full_name for c in candidates],
        usernames=[accounts[c.user_id] for c in candidates if c.user_id],
        officer_id=board.user_id,
    )


def attempt_of(session: Session, running: RunningSitting, place: int) -> Attempt:
    """The first attempt of the candidate at this place of the list."""
    return session.get_one(Attempt, running.attempt_id(place))
