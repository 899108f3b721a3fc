"""Finding items: lists with facets, stock for specifications, the pool for papers, look-alikes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload

from campus.vietnamese import like_patterns
from item_bank import fingerprints
from item_bank.models import Item, ItemVersion

FACETS = ("topic_id", "kind", "level", "state")


@dataclass(frozen=True)
class Search:
    """What a list shows: latest versions that meet every wish. ``topic_id`` 0 means none."""

    topic_id: int | None = None
    kind: str | None = None
    level: str | None = None
    state: str | None = None
    text: str = ""
    author_id: int | None = None


class ApprovedVersion(NamedTuple):
    """What assembly needs to know of an item that may be drawn."""

    version_id: int
    item_id: int
    topic_id: int | None
    kind: str
    level: str | None
    passage_id: int | None
    fingerprint: str


class Twin(NamedTuple):
    """An item that says nearly the same; ``likeness`` from 0 to 1 (1: exactly the same)."""

    version: ItemVersion
    likeness: float


def stock(session: Session, bank_id: int) -> dict[tuple[int | None, str, str | None], int]:
    """How many approved items the bank has for each (topic, kind, level); one query."""
    rows = session.execute(
        select(ItemVersion.topic_id, ItemVersion.kind, ItemVersion.level, func.count())
        .where(ItemVersion.id.in_(_latest_approved(bank_id)))
        .group_by(ItemVersion.topic_id, ItemVersion.kind, ItemVersion.level)
    )
    return {(topic_id, kind, level): count for topic_id, kind, level, count in rows}


def approved_versions(session: Session, bank_id: int) -> list[ApprovedVersion]:
    """The approved version of each item of the bank, for assembly, in id order; one query."""
    version = ItemVersion
    rows = session.execute(
        select(
            version.id,
            version.item_id,
            version.topic_id,
            version.kind,
            version.level,
            version.passage_id,
            version.fingerprint,
        )
        .where(version.id.in_(_latest_approved(bank_id)))
        .order_by(version.id)
    )
    return [ApprovedVersion(*row) for row in rows]


def _latest_approved(bank_id: int) -> Select[int]:
    # Identifiers rise with time, and the versions of an item are written one after the other.
    return (
        select(func.max(ItemVersion.id))
        .join(Item, Item.id == ItemVersion.item_id)
        .where(Item.bank_id == bank_id, ItemVersion.state == "approved")
        .group_by(ItemVersion.item_id)
    )


def counts_by_state(session: Session, bank_ids: Iterable[int]) -> dict[int, Counter[str]]:
    """For each bank how many items stand in each state, by their latest version; one query."""
    ids = list(bank_ids)
    found: dict[int, Counter[str]] = {bank_id: Counter() for bank_id in ids}
    rows = session.execute(
        select(Item.bank_id, ItemVersion.state, func.count())
        .join(ItemVersion, _is_latest())
        .where(Item.bank_id.in_(ids))
        .group_by(Item.bank_id, ItemVersion.state)
    )
    for bank_id, state, count in rows:
        found[bank_id][state] = count
    return found


def page(session: Session, bank_id: int, search: Search, number: int, size: int) -> list[ItemVersion]:
    """A page (from 1) of the latest versions that meet the search, newest first, with topic and item."""
    query = (
        select(ItemVersion)
        .join(Item, _is_latest())
        .where(Item.bank_id == bank_id, *_wishes(search))
        .options(joinedload(ItemVersion.topic), joinedload(ItemVersion.item).joinedload(Item.bank))
        .order_by(Item.id.desc())
    )
    return list(session.scalars(query.limit(size).offset((number - 1) * size)))


def facets(session: Session, bank_id: int, search: Search) -> tuple[int, dict[str, Counter[Any]]]:
    """How many items meet the search, and how many each choice of a facet would show; one query.

    A facet's counts leave its own choice out, so that its other choices show what they would bring.
    """
    columns = [getattr(ItemVersion, name) for name in FACETS]
    open_search = Search(text=search.text, author_id=search.author_id)
    rows = session.execute(
        select(*columns, func.count())
        .select_from(ItemVersion)
        .join(Item, _is_latest())
        .where(Item.bank_id == bank_id, *_wishes(open_search))
        .group_by(*columns)
    ).all()
    chosen = {name: getattr(search, name) for name in FACETS if getattr(search, name) is not None}
    counts: dict[str, Counter[Any]] = {name: Counter() for name in FACETS}
    total = 0
    for *values, count in rows:
        cell = dict(zip(FACETS, values, strict=True))
        missed = [name for name, wish in chosen.items() if (cell[name] or 0) != wish]
        total += count if not missed else 0
        for name in FACETS:
            if not missed or missed == [name]:
                counts[name][cell[name]] += count
    return total, counts


def _is_latest() -> ColumnElement[bool]:
    return (Item.id == ItemVersion.item_id) & (ItemVersion.number == Item.latest_number)


def _wishes(search: Search) -> list[ColumnElement[bool]]:
    wishes: list[ColumnElement[bool]] = [ItemVersion.search_text.like(p) for p in like_patterns(search.text)]
    if search.topic_id is not None:
        wishes.append(ItemVersion.topic_id == search.topic_id if search.topic_id else ItemVersion.topic_id.is_(None))
    for name in ("kind", "level", "state", "author_id"):
        value = getattr(search, name)
        if value is not None:
            wishes.append(getattr(ItemVersion, name) == value)
    return wishes


def twins(session: Session, bank_id: int, version: ItemVersion, most: int = 5) -> list[Twin]:
    """Other items of the bank that say the same or nearly the same, most alike first."""
    return look_alikes(session, bank_id, [(version.fingerprint, version.sketch)], version.item_id, most)[0]


def look_alikes(
    session: Session,
    bank_id: int,
    wanted: list[tuple[str, bytes | None]],
    besides: int | None = None,
    most: int = 1,
) -> list[list[Twin]]:
    """For each (fingerprint, sketch) the items of the bank that are alike; two queries for all together."""
    rows = session.execute(
        select(ItemVersion.id, ItemVersion.fingerprint, ItemVersion.sketch)
        .join(Item, _is_latest())
        .where(Item.bank_id == bank_id, ItemVersion.state != "retired", Item.id != (besides or 0))
        .order_by(ItemVersion.id)
    ).all()
    sketched = [(row.id, row.sketch) for row in rows if row.sketch is not None]
    same: dict[str, list[int]] = {}
    for row in rows:
        same.setdefault(row.fingerprint, []).append(row.id)
    found = [_alike(one, sketch, same, sketched)[:most] for one, sketch in wanted]
    ids = {version_id for twins in found for version_id, _ in twins}
    versions = {v.id: v for v in session.scalars(select(ItemVersion).where(ItemVersion.id.in_(ids)))}
    return [[Twin(versions[version_id], share) for version_id, share in alike] for alike in found]


def _alike(
    fingerprint: str, sketch: bytes | None, same: dict[str, list[int]], sketched: list[tuple[int, bytes]]
) -> list[tuple[int, float]]:
    exact = dict.fromkeys(same.get(fingerprint, []), 1.0)
    if sketch is not None and sketched:
        shares = fingerprints.likeness(sketch, [known for _, known in sketched])
        for index in (shares >= fingerprints.LIKENESS).nonzero()[0]:
            # A sketch may be equal where the texts are not: only the same fingerprint is told as 100 %.
            exact.setdefault(sketched[index][0], min(float(shares[index]), 0.99))
    return sorted(exact.items(), key=lambda pair: -pair[1])
