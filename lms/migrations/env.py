"""Alembic's environment: the connection comes from :func:`lms.database.migrate`."""

from __future__ import annotations

from alembic import context
from sqlalchemy.types import TypeDecorator

import campus.models
import campus.people.models
import exam_engine.models
import item_bank.models
from campus.orm import Model


def _plain_type(kind: str, value: object, _context: object) -> str | bool:
    """Our column types as plain ones, so that an old migration never changes with the code."""
    if kind == "type" and isinstance(value, TypeDecorator) and type(value).__module__ == "campus.orm":
        return _PLAIN[type(value).__name__]
    return False


_PLAIN = {
    "Instant": "sa.BigInteger()",
    "Json": "sa.Text()",
    "ExactDecimal": "sa.Numeric(12, 4).with_variant(sa.String(20), 'sqlite')",
}

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Model.metadata,
    render_as_batch=True,
    compare_type=False,
    render_item=_plain_type,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
