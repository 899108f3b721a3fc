"""Boards, tiles and timelines as programs and pages receive them: instants in RFC 3339, identifiers opaque."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from msgspec import structs

from campus.clock import from_ms, rfc3339
from campus.i18n import translate
from campus.orm import public
from exam_engine.models import Room, Sitting
from proctoring.live_board import LiveBoard
from proctoring.tiles import Tile, counts
from proctoring.timeline import Moment

_INSTANTS = ("last_seen", "deadline", "over", "hand", "hidden")


def tile_view(tile: Tile) -> dict[str, Any]:
    """A tile; ``…_ms`` becomes ``…_at`` (``last_seen`` and ``deadline`` keep their short names)."""
    view = structs.asdict(tile)
    for name in _INSTANTS:
        ms = view.pop(f"{name}_ms")
        key = name if name in ("last_seen", "deadline") else f"{name}_at"
        view[key] = None if ms is None else rfc3339(from_ms(ms))
    return view


def sitting_view(sitting: Sitting) -> dict[str, Any]:
    """A sitting's name, state and times."""
    return {
        "sitting_id": public(sitting.id),
        "title": sitting.title,
        "exam": sitting.exam.title,
        "state": sitting.state,
        "starts_at": rfc3339(sitting.starts_at),
        "ends_at": rfc3339(sitting.ends_at),
        "started_at": None if sitting.started_at is None else rfc3339(sitting.started_at),
        "limit_seconds": sitting.exam.limit_minutes * 60,
    }


def board_view(board: LiveBoard, sitting: Sitting, rooms: Collection[Room], now: datetime) -> dict[str, Any]:
    """The whole board of these rooms."""
    tiles = board.of_rooms({room.id for room in rooms})
    by_room: dict[str, list[Tile]] = {public(room.id): [] for room in rooms}
    for one in tiles:
        by_room[one.room_id].append(one)
    return {
        "server_time": rfc3339(now),
        "cursor": board.cursor,
        "whole": True,
        "sitting": sitting_view(sitting),
        "rooms": [
            {
                "room_id": public(room.id),
                "name": room.name,
                "columns": room.columns,
                "capacity": room.capacity,
                "counts": counts(by_room[public(room.id)]),
            }
            for room in rooms
        ],
        "counts": counts(tiles),
        "tiles": [tile_view(one) for one in tiles],
        "gone": [],
    }


def delta_view(board: LiveBoard, room_ids: Collection[int], since: int, now: datetime) -> dict[str, Any]:
    """What changed after version ``since``."""
    return {
        "server_time": rfc3339(now),
        "cursor": board.cursor,
        "whole": False,
        "state": board.state,
        "counts": counts(board.of_rooms(room_ids)),
        "tiles": [tile_view(one) for one in board.of_rooms(room_ids, since)],
        "gone": board.gone(since),
    }


def moment_view(moment: Moment) -> dict[str, Any]:
    """A moment in the reader's language."""
    return {
        "at": rfc3339(moment.at),
        "icon": moment.icon,
        "text": translate(moment.message),
        "by": moment.by,
    }
