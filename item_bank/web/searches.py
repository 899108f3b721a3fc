"""A search as it stands in an address: ``?topic=&type=&level=&state=&q=&mine=1``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from campus.errors import NotFound
from campus.orm import from_public, public
from campus.people.access import Actor
from item_bank import item_types
from item_bank.models import LEVELS, VERSION_STATES
from item_bank.searching import Search

NO_TOPIC = "none"


def search_of(arguments: Mapping[str, str], actor: Actor) -> Search:
    """The search an address asks for; what it says wrongly is left out, so that an old link still shows a list."""
    return Search(
        topic_id=_topic(arguments.get("topic", "")),
        kind=_one_of(arguments.get("type"), item_types.KINDS),
        level=_one_of(arguments.get("level"), LEVELS),
        state=_one_of(arguments.get("state"), VERSION_STATES),
        text=arguments.get("q", "")[:200],
        author_id=actor.user_id if arguments.get("mine") else None,
    )


def address_of(search: Search) -> dict[str, Any]:
    """The arguments of an address that asks for this search."""
    topic = NO_TOPIC if search.topic_id == 0 else public(search.topic_id) if search.topic_id else None
    told = {
        "q": search.text,
        "topic": topic,
        "type": search.kind,
        "level": search.level,
        "state": search.state,
        "mine": "1" if search.author_id else None,
    }
    return {name: value for name, value in told.items() if value}


def _topic(text: str) -> int | None:
    if text == NO_TOPIC:
        return 0
    try:
        return from_public(text) if text else None
    except NotFound:
        return None


def _one_of(text: str | None, known: tuple[str, ...]) -> str | None:
    return text if text in known else None
