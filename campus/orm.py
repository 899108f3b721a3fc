"""The base of all tables: names of constraints, instants, JSON and identifiers.

Models and services use only this; Flask-SQLAlchemy is at the edge (``campus.db``).
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import BigInteger, Dialect, Integer, MetaData, Numeric, String, Text
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

from campus.clock import from_ms, to_ms
from campus.errors import NotFound

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES = {letter: value for value, letter in enumerate(_CROCKFORD)} | {"o": 0, "i": 1, "l": 1}
_PUBLIC_LENGTH = 13  # 63 bits, five a letter
_OUR_EPOCH_MS = 1_577_836_800_000  # 2020-01-01: leaves 41 bits of milliseconds, until 2089
_SCRAMBLE = 0x5851F42D4C957F2D  # odd, so that the product modulo 2**63 can be undone
_UNSCRAMBLE = pow(_SCRAMBLE, -1, 1 << 63)
_MASK = (1 << 63) - 1


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, stored as milliseconds since 1970: the same number on every database and in the
    journal."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """To milliseconds."""
        return None if value is None else to_ms(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """From milliseconds."""
        return None if value is None else from_ms(value)


class Json(TypeDecorator[Any]):
    """JSON as text with sorted keys: byte for byte the same on every database, so it can be hashed."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """To canonical text."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """From text."""
        return None if value is None else json.loads(value)


class ExactDecimal(TypeDecorator[Decimal]):
    """Points and scores, exact: text on SQLite (which has no decimals), NUMERIC elsewhere."""

    impl = Numeric(12, 4)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """The column type of each database."""
        return dialect.type_descriptor(String(20) if dialect.name == "sqlite" else Numeric(12, 4))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """To what the driver keeps exactly."""
        return None if value is None else (str(value) if dialect.name == "sqlite" else value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Back to the exact number."""
        return None if value is None else Decimal(str(value))


def canonical_json(value: Any) -> str:
    """Compact JSON with sorted keys, not escaped beyond need."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_as_json)


def _as_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if hasattr(value, "to_json"):
        return value.to_json()
    raise TypeError(f"{type(value).__name__} has no JSON form")


class _Identifiers:
    """63-bit identifiers, rising with time: 41 bits of milliseconds, 22 random bits, never twice in a process."""

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def next(self) -> int:
        fresh = ((time.time_ns() // 1_000_000 - _OUR_EPOCH_MS) << 22) | secrets.randbits(22)
        with self._lock:
            self._last = fresh if fresh > self._last else self._last + 1 + secrets.randbelow(64)
            return self._last


new_id = _Identifiers().next


def public(identifier: int) -> str:
    """The opaque string that stands for ``identifier`` outside: neither its time nor its neighbours show."""
    number = identifier * _SCRAMBLE & _MASK
    letters = []
    for _ in range(_PUBLIC_LENGTH):
        number, value = divmod(number, 32)
        letters.append(_CROCKFORD[value])
    return "".join(reversed(letters))


def from_public(text: str) -> int:
    """The identifier behind an opaque string. Raises NotFound for anything that is not one."""
    lowered = text.lower()
    if len(lowered) != _PUBLIC_LENGTH or any(letter not in _VALUES for letter in lowered):
        raise NotFound()
    number = 0
    for letter in lowered:
        number = number * 32 + _VALUES[letter]
    if number > _MASK:
        raise NotFound()
    return number * _UNSCRAMBLE & _MASK


# SQLite gives a rowid alias only to INTEGER; it holds 64 bits all the same.
BigId = BigInteger().with_variant(Integer, "sqlite")
Id = Annotated[int, mapped_column(BigId, primary_key=True, autoincrement=False, default=new_id)]


class Model(DeclarativeBase):
    """Base of every table in the house."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Instant, Decimal: ExactDecimal, int: BigInteger().with_variant(Integer, "sqlite")}

    @property
    def public_id(self) -> str:
        """The identifier as clients know it."""
        return public(self.id)  # type: ignore[attr-defined]
