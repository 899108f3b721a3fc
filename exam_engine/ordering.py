"""Ordering the building of forms: everything that can be refused is refused here, before the worker begins."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campus.errors import FieldError, Invalid
from campus.i18n import N_, Message
from campus.jobs import enqueue_once
from campus.models import Job
from campus.people.access import Actor
from exam_engine import assembling
from exam_engine.assembly.draw import Mode
from exam_engine.models import Exam

LARGEST_SEED = 10**12
NUMBERINGS = {
    "serial": N_("101, 102, 103 …"),
    "grouped": N_("0101, 0102, 0103 …"),
    "random": N_("Three random digits"),
}


def order_forms(session: Session, actor: Actor, exam: Exam, forms: int, mode: str, numbering: str, seed: int) -> Job:
    """The job that builds the forms; the same order twice is one job.

    Raises Invalid for an order that makes no sense or a bank that falls short, Conflict once a sitting was opened.
    """
    errors = []
    if mode not in list(Mode):
        errors.append(FieldError("mode", Message(N_("Choose how the forms relate."))))
    if not 0 <= seed <= LARGEST_SEED:
        why = Message(N_("Enter a number from %(low)s to %(high)s."), low=0, high=LARGEST_SEED)
        errors.append(FieldError("seed", why))
    if errors:
        raise Invalid(errors=errors)
    assembling.check_order(session, exam, assembling.Order(forms, seed, Mode(mode), numbering))
    assembling.refuse_short(session, exam)
    arguments = {"exam_id": exam.id, "forms": forms, "seed": seed, "mode": mode, "numbering": numbering}
    return enqueue_once(session, "exam_engine.assemble", actor_id=actor.user_id, **arguments)
