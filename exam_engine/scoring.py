"""Scores: folds over the journal under the keys of the day, one version after another.

A score row is never changed but for its ``current`` mark; a new decision makes a new version with its reason. Scoring
runs in the worker, some hundred attempts a transaction, and is safe to run twice: an unchanged result makes no new
version. Marking happens outside the writing transaction; :func:`store` notices when a decision or an essay's mark
came in between and marks again. Rows go through Core and not the ORM, which alone would cost half of the time
(``tests/benchmarks/scoring.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple, TypeVar, cast

import msgspec
from sqlalchemy import Table, Text, bindparam, exists, func, insert, select, type_coerce, update
from sqlalchemy.orm import Session

from campus.orm import canonical_json, new_id
from campus.transactions import announce
from exam_engine import news
from exam_engine.marking import Decision, Keyed, MarkingGuide, Place
from exam_engine.models import (
    AnswerEntry,
    Attempt,
    EssayMark,
    Exam,
    ExamForm,
    FormItem,
    KeyChange,
    Score,
    Sitting,
    Specification,
)
from exam_engine.scoring_rules import Scoring
from exam_engine.sheet import VALUE
from item_bank.item_types import Arrangement, Outcome
from item_bank.models import ItemVersion

DONE_STATES = ("submitted", "closed")
BATCH = 250
"""Attempts in one writing transaction: about 30 ms, because answers of other sittings wait meanwhile."""

Row = TypeVar("Row")
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


class Finished(NamedTuple):
    """A finished attempt, as scoring needs it."""

    attempt_id: int
    sitting_id: int
    form_id: int


@dataclass(frozen=True, slots=True)
class Marked:
    """The result of scoring one attempt, not yet stored. ``essay_mark`` is the last essay mark it knows."""

    finished: Finished
    scoring: Scoring
    outcomes: Mapping[int, Outcome]
    essay_mark: int = 0


def marking_guide(
    session: Session, exam_id: int, extra: Sequence[Decision] = (), forms: Iterable[int] | None = None
) -> MarkingGuide:
    """The exam's guide with all decisions taken so far, and with ``extra`` ones for a preview. Four queries.

    ``forms`` limits it to some forms, for one pupil's paper.
    """
    exam = session.execute(
        select(Exam.scoring_rule, Specification.sections)
        .outerjoin(Specification, Specification.exam_id == Exam.id)
        .where(Exam.id == exam_id)
    ).one()
    places = _places(session, exam_id, forms)
    ids = {place.version_id for form in places.values() for place in form}
    versions = select(ItemVersion.id, ItemVersion.kind, ItemVersion.content, ItemVersion.key)
    items = {
        row.id: Keyed(row.kind, row.content, (row.key or {},))
        for row in session.execute(versions.where(ItemVersion.id.in_(ids)))
    }
    taken = _decisions(session, exam_id)
    guide = MarkingGuide(
        exam.scoring_rule,
        places,
        items,
        section_titles={row["code"]: row["title"] for row in exam.sections or ()},
        exam_id=exam_id,
        decided=taken[-1][0] if taken else 0,
    )
    return guide.decide([*(decision for _id, decision in taken), *extra])


def _places(session: Session, exam_id: int, forms: Iterable[int] | None) -> dict[int, list[Place]]:
    query = (
        select(
            FormItem.form_id,
            FormItem.position,
            FormItem.section,
            FormItem.item_version_id,
            FormItem.option_order,
            FormItem.option_ids,
            FormItem.points,
        )
        .join(ExamForm, ExamForm.id == FormItem.form_id)
        .where(ExamForm.exam_id == exam_id)
        .order_by(FormItem.form_id, FormItem.position)
    )
    if forms is not None:
        query = query.where(FormItem.form_id.in_(list(forms)))
    return {
        form_id: [
            Place(position, section, version_id, Arrangement(tuple(order), tuple(ids)), points)
            for _form, position, section, version_id, order, ids, points in group
        ]
        for form_id, group in groupby(session.execute(query), key=lambda row: row.form_id)
    }


def _decisions(session: Session, exam_id: int) -> list[tuple[int, Decision]]:
    rows = session.execute(
        select(KeyChange.id, KeyChange.item_version_id, KeyChange.change)
        .where(KeyChange.exam_id == exam_id)
        .order_by(KeyChange.id)
    )
    return [(number, Decision(version, change["action"], change.get("key"))) for number, version, change in rows]


def mark(session: Session, guide: MarkingGuide, finished: Sequence[Finished]) -> list[Marked]:
    """Scores attempts under a guide without storing anything; two queries for all of them."""
    ids = [row.attempt_id for row in finished]
    answers = answers_of(session, ids)
    marks, last = _essay_marks(session, ids)
    results = []
    for row in finished:
        number = row.attempt_id
        points, outcomes = guide.mark(row.form_id, answers.get(number, {}), marks.get(number, {}))
        results.append(Marked(row, points, outcomes, last.get(number, 0)))
    return results


def answers_of(session: Session, attempt_ids: Sequence[int]) -> dict[int, dict[int, Any]]:
    """The value that counts at each answered position of many attempts: what :func:`.sheet.fold` gives, in one query.

    Only winning entries are decoded; an attempt without answers is absent.
    """
    rows = session.execute(
        select(AnswerEntry.attempt_id, AnswerEntry.position, AnswerEntry.value)
        .where(AnswerEntry.attempt_id.in_(attempt_ids), AnswerEntry.kind == VALUE)
        .order_by(AnswerEntry.attempt_id, AnswerEntry.seq)
    )
    texts: dict[int, dict[int, str | None]] = {}
    for attempt_id, position, text in rows:  # by seq: the highest of a position is the last
        texts.setdefault(attempt_id, {})[position] = text
    return {
        attempt_id: {place: None if text is None else _decode(text) for place, text in sheet.items()}
        for attempt_id, sheet in texts.items()
    }


def _essay_marks(session: Session, attempt_ids: Sequence[int]) -> tuple[dict[int, dict[int, Decimal]], dict[int, int]]:
    """The newest points of each essay by attempt and position, and the last mark's id by attempt."""
    rows = session.execute(
        select(EssayMark.id, EssayMark.attempt_id, EssayMark.position, EssayMark.points)
        .where(EssayMark.attempt_id.in_(attempt_ids))
        .order_by(EssayMark.number)
    )
    newest: dict[int, dict[int, Decimal]] = {}
    last: dict[int, int] = {}
    for number, attempt_id, position, points in rows:
        newest.setdefault(attempt_id, {})[position] = points
        last[attempt_id] = max(last.get(attempt_id, 0), number)
    return newest, last


def store(session: Session, guide: MarkingGuide, marked: Sequence[Marked], reason: str, now: datetime) -> int:
    """Adds a new version for every attempt whose score changed; returns how many. Announces ``SCORES_CHANGED``.

    Locks the attempts in id order. What has become out of date since it was marked is marked again.
    """
    ids = sorted(row.finished.attempt_id for row in marked)
    session.execute(select(Attempt.id).where(Attempt.id.in_(ids)).order_by(Attempt.id).with_for_update()).all()
    guide, marked = _up_to_date(session, guide, marked)
    current = _current(session, ids)
    fresh: list[dict[str, Any]] = []
    outdated: list[int] = []
    changed: dict[int, list[int]] = {}
    for row in marked:
        values = _score_values(guide, row, reason, now)
        old = current.get(row.finished.attempt_id)
        if old is not None:
            if (old.total, old.complete, old.items) == (values["total"], values["complete"], values["items_text"]):
                continue
            outdated.append(old.id)
            values["number"] = old.number + 1
        fresh.append(values)
        changed.setdefault(row.finished.sitting_id, []).append(row.finished.attempt_id)
    if outdated:
        session.execute(update(Score).where(Score.id.in_(outdated)).values(current=False))
    if fresh:
        session.connection().execute(_INSERT, fresh)
    for sitting_id, attempt_ids in changed.items():
        announce(session, news.SCORES_CHANGED, sitting_id=sitting_id, attempt_ids=attempt_ids)
    session.flush()
    return len(fresh)


def _up_to_date(
    session: Session, guide: MarkingGuide, marked: Sequence[Marked]
) -> tuple[MarkingGuide, Sequence[Marked]]:
    ids = [row.finished.attempt_id for row in marked]
    decided = session.scalar(select(func.max(KeyChange.id)).where(KeyChange.exam_id == guide.exam_id)) or 0
    _marks, last = _essay_marks(session, ids)
    if decided == guide.decided and all(last.get(row.finished.attempt_id, 0) == row.essay_mark for row in marked):
        return guide, marked
    guide = marking_guide(session, guide.exam_id)
    return guide, mark(session, guide, [row.finished for row in marked])


def _current(session: Session, attempt_ids: Sequence[int]) -> dict[int, Any]:
    """The current score rows, their items as the text that is stored: cheaper to compare than to read."""
    rows = session.execute(
        select(
            Score.id, Score.attempt_id, Score.number, Score.total, Score.complete,
            type_coerce(Score.items, Text).label("items"),
        ).where(Score.attempt_id.in_(attempt_ids), Score.current)
    )  # fmt: skip
    return {row.attempt_id: row for row in rows}


# Both texts are canonical JSON already, so they pass the column's own encoder by.
_INSERT = insert(cast(Table, Score.__table__)).values(
    items=bindparam("items_text", type_=Text), sections=bindparam("sections_text", type_=Text)
)


def _score_values(guide: MarkingGuide, marked: Marked, reason: str, now: datetime) -> dict[str, Any]:
    scoring, finished = marked.scoring, marked.finished
    return {
        "id": new_id(),
        "attempt_id": finished.attempt_id,
        "sitting_id": finished.sitting_id,
        "number": 1,
        "current": True,
        "total": scoring.total,
        "maximum": scoring.maximum,
        "complete": scoring.complete,
        "rule": guide.rule,
        "reason": reason,
        "scored_at": now,
        "sections_text": canonical_json(
            [
                {
                    "code": str(part.name),
                    "title": guide.section_titles.get(str(part.name), str(part.name)),
                    "points": part.points,
                    "maximum": part.maximum,
                }
                for part in scoring.sections
            ]
        ),
        "items_text": _encode(_items(guide, marked)).decode(),
    }


def _items(guide: MarkingGuide, marked: Marked) -> list[dict[str, Any]]:
    """What becomes of each position, keys in the order of canonical JSON, so that encoding need not sort them."""
    rows = []
    for place, part in zip(guide.forms[marked.finished.form_id], marked.scoring.items, strict=True):
        outcome = marked.outcomes[place.position]
        rows.append(
            {
                "answered": outcome.answered,
                "canonical": outcome.canonical,
                "correct": outcome.correct,
                "item_version_id": place.version_id,
                "maximum": part.maximum,
                "out_of": outcome.out_of,
                "points": part.points,
                "position": place.position,
            }
        )
    return rows


def unscored(session: Session, sitting_id: int | None = None) -> list[int]:
    """Finished attempts without a score, oldest first."""
    query = (
        select(Attempt.id)
        .where(
            Attempt.state.in_(DONE_STATES),
            ~exists().where(Score.attempt_id == Attempt.id, Score.current),
        )
        .order_by(Attempt.id)
    )
    if sitting_id is not None:
        query = query.where(Attempt.sitting_id == sitting_id)
    return list(session.scalars(query))


def finished(session: Session, sitting_ids: Iterable[int]) -> list[int]:
    """All finished attempts of these sittings."""
    return list(
        session.scalars(
            select(Attempt.id)
            .where(Attempt.sitting_id.in_(list(sitting_ids)), Attempt.state.in_(DONE_STATES))
            .order_by(Attempt.id)
        )
    )


def batches(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """``rows`` in pieces that fit one short transaction."""
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def mark_attempts(session: Session, guide: MarkingGuide, attempt_ids: Sequence[int]) -> list[Marked]:
    """Scores these attempts of the guide's exam without storing anything; three queries."""
    rows = session.execute(
        select(Attempt.id, Attempt.sitting_id, Attempt.form_id).where(Attempt.id.in_(attempt_ids)).order_by(Attempt.id)
    )
    return mark(session, guide, [Finished(*row) for row in rows])


def score_attempts(session: Session, attempt_ids: Sequence[int], reason: str, now: datetime) -> int:
    """Scores and stores in the caller's transaction: one pupil's paper, or a script's few. Returns how many changed."""
    rows = session.execute(
        select(Sitting.exam_id, Attempt.id, Attempt.form_id)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .where(Attempt.id.in_(attempt_ids))
        .order_by(Sitting.exam_id)
    ).all()
    changed = 0
    for exam_id, group in groupby(rows, key=lambda row: row.exam_id):
        own = list(group)
        guide = marking_guide(session, exam_id, forms={row.form_id for row in own})
        changed += store(session, guide, mark_attempts(session, guide, [row.id for row in own]), reason, now)
    return changed


def waiting_essays(session: Session, sitting_id: int) -> int:
    """How many scores of a sitting still wait for a marker."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Score)
            .where(Score.sitting_id == sitting_id, Score.current, Score.complete.is_(False))
        )
        or 0
    )
