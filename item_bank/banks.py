"""Banks and their tables of contents: topics with learning outcomes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campus import audit
from campus.errors import Conflict, FieldError, Invalid, NotFound
from campus.i18n import N_, Message
from campus.people.access import Actor
from campus.people.models import Organisation
from campus.subjects import SUBJECTS
from campus.vietnamese import collation_key, tidy
from item_bank.access import OWNING_KINDS, READERS, WRITERS, reaches
from item_bank.models import LEVELS, Bank, ItemVersion, LearningOutcome, Topic


def create_bank(
    session: Session,
    actor: Actor,
    organisation_id: int,
    name: str,
    subject: str,
    grade: int | None,
    now: datetime,
) -> Bank:
    """A new bank of a place the actor reaches as a teacher or head. Raises Invalid, naming the field."""
    name = tidy(name)
    wrong = []
    if not 1 <= len(name) <= 200:
        wrong.append(FieldError("name", Message(N_("Give the bank a name of at most 200 characters."))))
    if subject not in SUBJECTS:
        wrong.append(FieldError("subject", Message(N_("Choose a subject."))))
    if grade is not None and not 1 <= grade <= 12:
        wrong.append(FieldError("grade", Message(N_("The grade is a number from 1 to 12."))))
    if organisation_id not in {place.id for place in owners(session, actor, subject)}:
        wrong.append(
            FieldError("organisation_id", Message(N_("Choose a school or group in which you teach this subject.")))
        )
    if wrong:
        raise Invalid(errors=wrong)
    bank = Bank(
        organisation_id=organisation_id,
        name=name,
        subject=subject,
        grade=grade,
        created_by_id=actor.user_id,
        created_at=now,
    )
    session.add(bank)
    session.flush()
    audit.record(session, actor, "item_bank.bank_created", "bank", bank.id, now, name=name, subject=subject)
    return bank


def owners(session: Session, actor: Actor, subject: str | None = None) -> list[Organisation]:
    """The places for which the actor may found a bank (of ``subject``), schools first."""
    places: set[int] = set()
    for reach in reaches(session, actor, WRITERS):
        if subject is None or reach.subject in (None, subject):
            places |= reach.places
    found = session.scalars(
        select(Organisation).where(Organisation.id.in_(places), Organisation.kind.in_(OWNING_KINDS))
    )
    return sorted(found, key=lambda place: (OWNING_KINDS.index(place.kind) or 9, collation_key(place.name)))


def banks_of(session: Session, actor: Actor) -> list[Bank]:
    """The banks the actor may read, by subject, grade and name."""
    reach = reaches(session, actor, READERS)
    places = frozenset[int]().union(*(part.places for part in reach))
    found = session.scalars(select(Bank).where(Bank.organisation_id.in_(places)))
    mine = [bank for bank in found if any(part.covers(bank) for part in reach)]
    return sorted(mine, key=lambda bank: (bank.subject, bank.grade or 0, collation_key(bank.name)))


def topics(session: Session, bank_id: int) -> list[Topic]:
    """The bank's topics in the order of its table of contents, children after their parent."""
    rows = session.scalars(select(Topic).where(Topic.bank_id == bank_id).order_by(Topic.place, Topic.id)).all()
    children: dict[int | None, list[Topic]] = {}
    for topic in rows:
        children.setdefault(topic.parent_id, []).append(topic)

    def branch(parent_id: int | None) -> list[Topic]:
        return [found for topic in children.get(parent_id, []) for found in (topic, *branch(topic.id))]

    return branch(None)


def add_topic(
    session: Session, actor: Actor, bank: Bank, name: str, code: str, parent_id: int | None, now: datetime
) -> Topic:
    """A topic at the end of the bank's table of contents; without a code it gets the next number."""
    name, code = tidy(name), tidy(code)
    known = topics(session, bank.id)
    if not 1 <= len(name) <= 300:
        raise Invalid(errors=[FieldError("name", Message(N_("Give the topic a name of at most 300 characters.")))])
    if parent_id is not None and parent_id not in {topic.id for topic in known}:
        raise Invalid(errors=[FieldError("parent_id", Message(N_("The topic above is not in this bank.")))])
    code = code or _next_code(known)
    if len(code) > 40 or code in {topic.code for topic in known}:
        message = Message(N_("The code %(code)s is taken or longer than 40 characters."), code=code)
        raise Invalid(errors=[FieldError("code", message)])
    topic = Topic(bank_id=bank.id, parent_id=parent_id, code=code, name=name, place=len(known) + 1)
    session.add(topic)
    session.flush()
    audit.record(session, actor, "item_bank.topic_added", "bank", bank.id, now, topic=name)
    return topic


def _next_code(known: list[Topic]) -> str:
    taken = {topic.code for topic in known}
    return next(code for code in (str(n) for n in range(len(known) + 1, 100_000)) if code not in taken)


def rename_topic(session: Session, actor: Actor, bank: Bank, topic_id: int, name: str, now: datetime) -> Topic:
    """Another name for a topic; items stay with it."""
    topic = topic_in(session, bank.id, topic_id)
    if not 1 <= len(tidy(name)) <= 300:
        raise Invalid(errors=[FieldError("name", Message(N_("Give the topic a name of at most 300 characters.")))])
    topic.name = tidy(name)
    audit.record(session, actor, "item_bank.topic_renamed", "bank", bank.id, now, topic=topic.name)
    return topic


def remove_topic(session: Session, actor: Actor, bank: Bank, topic_id: int, now: datetime) -> None:
    """Takes away a topic that nothing hangs on; else Conflict."""
    topic = topic_in(session, bank.id, topic_id)
    used = session.scalar(select(func.count()).select_from(ItemVersion).where(ItemVersion.topic_id == topic.id))
    below = session.scalar(select(func.count()).select_from(Topic).where(Topic.parent_id == topic.id))
    if used or below:
        raise Conflict(N_("“%(name)s” still has questions or topics below it and cannot be removed."), name=topic.name)
    audit.record(session, actor, "item_bank.topic_removed", "bank", bank.id, now, topic=topic.name)
    session.delete(topic)


def add_outcome(
    session: Session, actor: Actor, bank: Bank, topic_id: int, text: str, level: str | None, now: datetime
) -> LearningOutcome:
    """A learning outcome (yêu cầu cần đạt) of a topic."""
    topic = topic_in(session, bank.id, topic_id)
    text = tidy(text)
    if not text:
        raise Invalid(errors=[FieldError("text", Message(N_("Write what pupils should be able to do.")))])
    if level is not None and level not in LEVELS:
        raise Invalid(errors=[FieldError("level", Message(N_("Choose one of the three levels.")))])
    known = session.scalar(
        select(func.count()).select_from(LearningOutcome).where(LearningOutcome.topic_id == topic.id)
    )
    outcome = LearningOutcome(topic_id=topic.id, code=f"{topic.code}.{(known or 0) + 1}"[-40:], text=text, level=level)
    session.add(outcome)
    session.flush()
    audit.record(session, actor, "item_bank.outcome_added", "bank", bank.id, now, topic=topic.name)
    return outcome


def outcomes(session: Session, bank_id: int) -> dict[int, list[LearningOutcome]]:
    """The learning outcomes of a bank by topic."""
    rows = session.scalars(
        select(LearningOutcome)
        .join(Topic, Topic.id == LearningOutcome.topic_id)
        .where(Topic.bank_id == bank_id)
        .order_by(LearningOutcome.id)
    )
    found: dict[int, list[LearningOutcome]] = {}
    for outcome in rows:
        found.setdefault(outcome.topic_id, []).append(outcome)
    return found


def topic_in(session: Session, bank_id: int, topic_id: int) -> Topic:
    """The topic when it belongs to the bank, else NotFound."""
    topic = session.get(Topic, topic_id)
    if topic is None or topic.bank_id != bank_id:
        raise NotFound(N_("This topic is not in the bank."))
    return topic
