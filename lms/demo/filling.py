"""The demo bank in the database: topics, learning outcomes and approved items, through the same services as a
teacher's own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from campus import files
from campus.people.access import Actor
from campus.subjects import subject_name
from item_bank import authoring, banks, reviewing
from item_bank.models import Bank, ItemVersion
from item_bank.wordings import Wording
from lms.demo import bank as content
from lms.demo.bank import DemoItem


def create(session: Session, author: Actor, organisation_id: int, subject: str, now: datetime) -> Bank:
    """An empty bank of a subject with its topics and outcomes."""
    name = f"{subject_name(subject, 'vi')} 12 – ngân hàng mẫu"
    bank = banks.create_bank(session, author, organisation_id, name, subject, 12, now)
    for topic in content.topics(subject):
        row = banks.add_topic(session, author, bank, topic.name, topic.code, None, now)
        for _code, text, level in topic.outcomes:
            banks.add_outcome(session, author, bank, row.id, text, level, now)
    session.flush()
    return bank


def fill(session: Session, author: Actor, approver: Actor, bank: Bank, items: list[DemoItem], now: datetime) -> None:
    """Items written by one person and approved by another."""
    for version in write(session, author, bank, items, now):
        reviewing.submit(session, author, version, now)
        reviewing.approve_version(session, approver, version, now)


def leave_work(session: Session, author: Actor, bank: Bank, items: list[DemoItem], now: datetime) -> None:
    """Items on their way: every third still a draft, the others waiting for a second person."""
    for place, version in enumerate(write(session, author, bank, items, now)):
        if place % 3:
            reviewing.submit(session, author, version, now)


def write(session: Session, author: Actor, bank: Bank, items: list[DemoItem], now: datetime) -> list[ItemVersion]:
    """Drafts of demo items with their pictures, topics and outcomes."""
    topics = {topic.code: topic for topic in banks.topics(session, bank.id)}
    outcomes = banks.outcomes(session, bank.id)
    wordings = []
    for item in items:
        for picture in item.pictures.values():
            files.store(session, picture, "image/png")
        topic = topics[item.topic_code]
        outcome = next((row for row in outcomes[topic.id] if row.level == item.level), None)
        wordings.append(
            Wording(
                kind=item.kind,
                content=item.content,
                key=item.key,
                solution=item.solution,
                topic_id=topic.id,
                outcome_id=outcome.id if outcome else None,
                level=item.level,
                legacy_level=item.legacy_level,
            )
        )
    return authoring.create_items(session, author, bank, wordings, now)
