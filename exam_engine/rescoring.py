"""A wrong key corrected, a second key accepted, an item cancelled: preview who moves, decide, score again.

Works before and after release; every decision is a row with its reason and its author, and each changed score is a new
version beside the old one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campus import audit
from campus.errors import FieldError, Invalid
from campus.i18n import N_, Message
from campus.people.access import Actor
from campus.people.models import User
from exam_engine import scoring
from exam_engine.marking import ACTIONS, CANCEL, ESSAY, Decision, MarkingGuide, readings
from exam_engine.models import Attempt, Candidate, Exam, ExamForm, FormItem, KeyChange, Score, Sitting
from item_bank import item_types
from item_bank.models import ItemVersion


@dataclass(frozen=True)
class Move:
    """One candidate whose score a decision would change."""

    attempt_id: int
    number: str
    full_name: str
    before: Decimal
    after: Decimal


@dataclass(frozen=True)
class Preview:
    """What a decision would do, before anybody decides."""

    moves: tuple[Move, ...]
    attempts: int

    @property
    def up(self) -> int:
        """How many would gain."""
        return sum(move.after > move.before for move in self.moves)

    @property
    def down(self) -> int:
        """How many would lose."""
        return sum(move.after < move.before for move in self.moves)


def check(session: Session, exam: Exam, decisions: Sequence[Decision]) -> None:
    """Raises Invalid for an item that is not in the exam, an unknown action or a key the item cannot have."""
    versions = {version.id: version for version in items_of(session, exam)}
    errors = []
    for place, decision in enumerate(decisions, 1):
        version = versions.get(decision.version_id)
        if version is None:
            errors.append(_wrong(place, N_("Change %(place)s names a question that is not in this exam.")))
        elif decision.action not in ACTIONS:
            errors.append(_wrong(place, N_("Change %(place)s: choose correct, accept or cancel.")))
        elif decision.action != CANCEL:
            errors += _key_errors(place, version, decision.key)
    if not decisions:
        errors.append(FieldError("changes", Message(N_("Say what is to be changed."))))
    if errors:
        raise Invalid(errors=errors)


def _wrong(place: int, sentence: str) -> FieldError:
    return FieldError(f"changes.{place}", Message(sentence, place=place))


def _key_errors(place: int, version: ItemVersion, key: Mapping[str, Any] | None) -> list[FieldError]:
    if version.kind == ESSAY:
        return [_wrong(place, N_("Change %(place)s: an essay has no key; it can only be cancelled."))]
    item_type = item_types.of(version.kind)
    if not isinstance(key, Mapping):
        return [_wrong(place, N_("Change %(place)s: give the key."))]
    # A key of open statements is as good as every complete key it stands for; one of them shows what is wrong.
    found = item_type.validate(version.content, readings(version.kind, key)[0])
    return [
        FieldError(f"changes.{place}.{problem.field}", problem.message)
        for problem in found
        if problem.severity == "error" and problem.field.startswith("key")
    ]


def items_of(session: Session, exam: Exam) -> list[ItemVersion]:
    """All item versions of the exam's forms, in the order of the first form that has them."""
    rows = session.execute(
        select(FormItem.item_version_id, func.min(FormItem.position).label("position"))
        .join(ExamForm)
        .where(ExamForm.exam_id == exam.id)
        .group_by(FormItem.item_version_id)
    )
    first: dict[int, int] = {row.item_version_id: row.position for row in rows}
    versions = session.scalars(select(ItemVersion).where(ItemVersion.id.in_(first)))
    return sorted(versions, key=lambda version: (first[version.id], version.id))


def preview(
    session: Session, exam: Exam, decisions: Sequence[Decision], breathe: Callable[[], None] = lambda: None
) -> Preview:
    """Who would move, over all sittings of the exam; nothing is stored.

    Only papers that hold a changed item are marked again. ``breathe`` is called between batches, so that a web process
    can serve others meanwhile.
    """
    check(session, exam, decisions)
    changed = {decision.version_id for decision in decisions}
    guide = scoring.marking_guide(session, exam.id, decisions)
    touched = [form for form, places in guide.forms.items() if any(place.version_id in changed for place in places)]
    rows = session.execute(
        select(Attempt.id, Attempt.form_id)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .where(Sitting.exam_id == exam.id, Attempt.state.in_(scoring.DONE_STATES))
        .order_by(Attempt.id)
    ).all()
    ids = [row.id for row in rows if row.form_id in touched]
    moves: list[Move] = []
    for batch in scoring.batches(ids):
        moves += _moves(session, guide, batch)
        breathe()
    return Preview(tuple(sorted(moves, key=lambda move: (move.after - move.before, move.number))), len(rows))


def _moves(session: Session, guide: MarkingGuide, ids: Sequence[int]) -> list[Move]:
    rows = session.execute(
        select(Attempt.id, Candidate.number, Candidate.full_name, Score.total)
        .join(Candidate, Candidate.id == Attempt.candidate_id)
        .join(Score, (Score.attempt_id == Attempt.id) & Score.current)
        .where(Attempt.id.in_(ids))
    ).all()
    totals = {row.finished.attempt_id: row.scoring.total for row in scoring.mark_attempts(session, guide, ids)}
    return [
        Move(attempt_id, number, name, before, totals[attempt_id])
        for attempt_id, number, name, before in rows
        if totals[attempt_id] != before
    ]


def decide(
    session: Session, actor: Actor, exam: Exam, decisions: Sequence[Decision], reason: str, now: datetime
) -> list[KeyChange]:
    """Writes the decisions down; the caller enqueues the scoring of all sittings. Audited."""
    check(session, exam, decisions)
    if not reason.strip():
        raise Invalid(errors=[FieldError("reason", Message(N_("Give the reason; it stays with every changed score.")))])
    reason = reason.strip()[:300]
    rows = [
        KeyChange(
            exam_id=exam.id,
            item_version_id=d.version_id,
            change=_change(d),
            reason=reason,
            decided_by_id=actor.user_id,
            at=now,
        )
        for d in decisions
    ]
    session.add_all(rows)
    session.flush()
    audit.record(
        session, actor, "key.change", "exam", exam.id, now,
        items=[str(d.version_id) for d in decisions], actions=[d.action for d in decisions], reason=reason,
    )  # fmt: skip
    return rows


def _change(decision: Decision) -> Mapping[str, Any]:
    return {"action": decision.action} | ({} if decision.action == CANCEL else {"key": decision.key})


@dataclass(frozen=True)
class Decided:
    """A line of the history of decisions."""

    change: KeyChange
    by: str


def history(session: Session, exam: Exam) -> list[Decided]:
    """All decisions about the exam's items with who took them, newest first; one query."""
    rows = session.execute(
        select(KeyChange, User.full_name)
        .join(User, User.id == KeyChange.decided_by_id)
        .where(KeyChange.exam_id == exam.id)
        .order_by(KeyChange.id.desc())
    )
    return [Decided(change, name) for change, name in rows]
