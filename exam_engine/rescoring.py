"""A wrong key corrected, a second key accepted, an item cancelled: preview who moves, decide, score again.

Works before and after release; every decision is a row with its reason and its author, and each changed score is a new
version beside the old one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campus import audit
from campus.errors import FieldError, Invalid
from campus.i18n import N_, Message
from campus.people.access import Actor
from exam_engine import scoring
from exam_engine.marking import ACTIONS, CANCEL, Decision
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
    used = set(
        session.scalars(select(FormItem.item_version_id).join(ExamForm).where(ExamForm.exam_id == exam.id))
    )
    errors = []
    for place, decision in enumerate(decisions, 1):
        version = session.get(ItemVersion, decision.version_id)
        if version is None or decision.version_id not in used:
            errors.append(_wrong(place, N_("Change %(place)s names a question that is not in this exam.")))
        elif decision.action not in ACTIONS:
            errors.append(_wrong(place, N_("Change %(place)s: choose correct, accept or cancel.")))
        elif decision.action != CANCEL:
            found = item_types.of(version.kind).validate(version.content, decision.key)
            errors += [FieldError(f"changes.{place}.{p.field}", p.message) for p in found if p.severity == "error"]
    if not decisions:
        errors.append(FieldError("changes", Message(N_("Say what is to be changed."))))
    if errors:
        raise Invalid(errors=errors)


def _wrong(place: int, sentence: str) -> FieldError:
    return FieldError(f"changes.{place}", Message(sentence, place=place))


def preview(session: Session, exam: Exam, decisions: Sequence[Decision]) -> Preview:
    """Who would move, over all sittings of the exam; nothing is stored."""
    check(session, exam, decisions)
    sittings = list(session.scalars(select(Sitting.id).where(Sitting.exam_id == exam.id)))
    ids = scoring.finished(session, sittings)
    guide = scoring.marking_guide(session, exam, decisions)
    moves: list[Move] = []
    for batch in scoring.batches(ids):
        moves += _moves(session, guide, batch)
    return Preview(tuple(sorted(moves, key=lambda m: (m.after - m.before, m.number))), len(ids))


def _moves(session: Session, guide: Any, ids: Sequence[int]) -> list[Move]:
    rows = session.execute(
        select(Attempt, Candidate.number, Candidate.full_name, Score.total)
        .join(Candidate, Candidate.id == Attempt.candidate_id)
        .join(Score, (Score.attempt_id == Attempt.id) & Score.current)
        .where(Attempt.id.in_(ids))
    ).all()
    totals = {m.attempt.id: m.scoring.total for m in scoring.mark(session, guide, [row[0] for row in rows])}
    return [
        Move(attempt.id, number, name, before, totals[attempt.id])
        for attempt, number, name, before in rows
        if totals[attempt.id] != before
    ]


def decide(
    session: Session, actor: Actor, exam: Exam, decisions: Sequence[Decision], reason: str, now: datetime
) -> list[KeyChange]:
    """Writes the decisions down; the caller enqueues the scoring of all sittings. Audited."""
    check(session, exam, decisions)
    if not reason.strip():
        raise Invalid(errors=[FieldError("reason", Message(N_("Give the reason; it stays with every changed score.")))])
    rows = [
        KeyChange(
            exam_id=exam.id,
            item_version_id=d.version_id,
            change=_change(d),
            reason=reason.strip()[:300],
            decided_by_id=actor.user_id,
            at=now,
        )
        for d in decisions
    ]
    session.add_all(rows)
    session.flush()
    audit.record(
        session, actor, "key.change", "exam", exam.id, now,
        items=[str(d.version_id) for d in decisions], actions=[d.action for d in decisions], reason=reason.strip()[:300],
    )  # fmt: skip
    return rows


def _change(decision: Decision) -> Mapping[str, Any]:
    return {"action": decision.action} | ({} if decision.action == CANCEL else {"key": decision.key})
