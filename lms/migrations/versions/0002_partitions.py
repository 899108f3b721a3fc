"""The journal's partitions on PostgreSQL: sixteen, by hash of the attempt."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PARTITIONS = 16


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for n in range(PARTITIONS):
        op.execute(
            f"CREATE TABLE answer_entries_{n:02d} PARTITION OF answer_entries "
            f"FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {n})"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for n in range(PARTITIONS):
        op.execute(f"DROP TABLE answer_entries_{n:02d}")
