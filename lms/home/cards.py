"""What the first page shows: small cards, each made by a provider that knows one part of the house.

A provider is ``f(session, actor, now) -> Card | None``; None when it has nothing to say to this person today. To add
one, write it in ``lms/home/`` or beside the part it tells of, and name it here: the order is the order on the page.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from campus.people.access import Actor
from lms.home import exams, people, scores, work
from lms.home.card import Card

Provider = Callable[[Session, Actor, datetime], Card | None]

PROVIDERS: list[Provider] = [
    exams.exams_to_sit,
    exams.exams_of_my_children,
    work.rooms_to_watch,
    scores.new_results,
    work.exams_and_next_steps,
    work.questions_to_review,
    work.my_drafts,
    exams.practice_sheet,
    people.my_class,
    people.my_children,
    people.classes_in_my_charge,
    people.shortcuts,
    people.second_factor_advice,
]


def cards_for(session: Session, actor: Actor, now: datetime) -> list[Card]:
    """The cards of one person, in order."""
    made = (provider(session, actor, now) for provider in PROVIDERS)
    return [card for card in made if card is not None]
