"""What is told about each question of a marked paper: what was answered, how it was marked and, where allowed, the key.

The pupil's page and the teacher's page show the same questions; ``with_keys`` decides whether keys, solutions and the
wording itself leave the house. Letters are those the candidate saw, whatever the form's shuffling.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from exam_engine import scoring
from exam_engine.marking import ESSAY, Keyed, MarkingGuide, Place
from exam_engine.models import Attempt, EssayMark, Score
from exam_engine.rubrics import Criterion, criteria_of
from item_bank.models import ItemVersion, Passage

LETTERS = "ABCDEFGH"


@dataclass(frozen=True)
class Option:
    """An option or statement as it stood on the paper. ``given`` and ``right`` are truths for statements."""

    letter: str
    content: str = ""
    chosen: bool = False
    given: bool | None = None
    right: frozenset[bool] | bool | None = None


@dataclass(frozen=True)
class Question:
    """One question of a marked paper. Without keys there is no wording, and statements have only what was given."""

    position: int
    section: str
    kind: str
    state: str
    """correct, partly, wrong, unanswered, waiting (for a marker) or cancelled"""
    points: Decimal
    maximum: Decimal
    answer: str
    """The answer in short: the letter of an option or what was typed; groups and essays have theirs below."""
    stem: str = ""
    passage: str = ""
    options: list[Option] = field(default_factory=list)
    statements: list[Option] = field(default_factory=list)
    text: str = ""
    accepted: list[str] = field(default_factory=list)
    solution: str = ""
    comment: str = ""
    criteria: list[tuple[Criterion, str]] = field(default_factory=list)


def questions(session: Session, attempt: Attempt, score: Score, with_keys: bool) -> list[Question]:
    """The questions of a scored attempt in the order of its paper."""
    guide = scoring.marking_guide(session, attempt.sitting.exam_id, forms=[attempt.form_id])
    places = guide.forms[attempt.form_id]
    ids = [place.version_id for place in places]
    versions = {v.id: v for v in session.scalars(select(ItemVersion).where(ItemVersion.id.in_(ids)))}
    wanted = {v.passage_id for v in versions.values() if v.passage_id}
    passages = {p.id: p.content for p in session.scalars(select(Passage).where(Passage.id.in_(wanted)))}
    marks = newest_marks(session, attempt.id)
    entries = {entry["position"]: entry for entry in score.items}
    asked = []
    for place in places:
        version = versions[place.version_id]
        passage = passages.get(version.passage_id or 0, "")
        told = _Told(guide, place, version, entries[place.position], passage, marks.get(place.position))
        asked.append(told.question(with_keys))
    return asked


def newest_marks(session: Session, attempt_id: int) -> dict[int, EssayMark]:
    """The marks of an attempt's essays that count, by position."""
    rows = session.scalars(select(EssayMark).where(EssayMark.attempt_id == attempt_id).order_by(EssayMark.number))
    return {row.position: row for row in rows}


@dataclass(frozen=True)
class _Told:
    guide: MarkingGuide
    place: Place
    version: ItemVersion
    entry: Mapping[str, Any]
    passage: str
    mark: EssayMark | None

    @property
    def keyed(self) -> Keyed:
        return self.guide.items[self.place.version_id]

    def question(self, with_keys: bool) -> Question:
        kind, canonical = self.version.kind, self.entry["canonical"]
        options = self._options(canonical) if kind == "single_choice" else []
        statements = self._statements(canonical) if kind == "true_false_group" else []
        told = Question(
            position=self.place.position,
            section=self.guide.section_titles.get(self.place.section, self.place.section),
            kind=kind,
            state=self.state,
            points=Decimal(self.entry["points"]),
            maximum=Decimal(self.entry["maximum"]),
            answer=_short(kind, canonical, options),
            statements=[Option(row.letter, given=row.given) for row in statements],
            text=canonical or "" if kind == ESSAY else "",
            comment=self.mark.comment if self.mark else "",
        )
        if not with_keys:
            return told
        return replace(
            told,
            stem=self.version.content["stem"],
            passage=self.passage,
            options=options,
            statements=statements,
            accepted=self.keyed.right_values(),
            solution=self.version.solution,
            criteria=self._criteria(),
        )

    @property
    def state(self) -> str:
        points, most = Decimal(self.entry["points"]), Decimal(self.entry["maximum"])
        if self.keyed.cancelled:
            return "cancelled"
        if not self.entry["answered"]:
            return "unanswered"
        if self.version.kind == ESSAY and self.mark is None:
            return "waiting"
        if points == most:
            return "correct"
        return "partly" if points > 0 or self.entry["correct"] > 0 else "wrong"

    def _options(self, canonical: Any) -> list[Option]:
        right = self.keyed.right_options()
        shown = [self.version.content["options"][index] for index in self.place.arrangement.order]
        return [
            Option(letter, option["content"], option["id"] == canonical, right=option["id"] in right)
            for letter, option in zip(LETTERS, shown, strict=False)
        ]

    def _statements(self, canonical: Any) -> list[Option]:
        truths = self.keyed.right_truths()
        given = canonical or [None] * len(truths)
        return [
            Option(
                letter.lower(),
                self.version.content["statements"][index]["content"],
                given=given[index],
                right=truths[index],
            )
            for letter, index in zip(LETTERS, self.place.arrangement.order, strict=False)
        ]

    def _criteria(self) -> list[tuple[Criterion, str]]:
        if self.version.kind != ESSAY:
            return []
        given = self.mark.criteria if self.mark else {}
        return [(row, given.get(row.id, "")) for row in criteria_of(self.version.key, self.place.points)]


def _short(kind: str, canonical: Any, options: list[Option]) -> str:
    if kind == "single_choice":
        return next((option.letter for option in options if option.chosen), "")
    return str(canonical or "") if kind == "short_answer" else ""
