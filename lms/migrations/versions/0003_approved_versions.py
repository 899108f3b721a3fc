"""Approved item versions are immutable: the database itself refuses to change them."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

LOCKED = (
    "item_id number kind content key solution passage_id topic_id outcome_id outcome_text level legacy_level "
    "author_id created_at approved_by_id approved_at"
).split()
REFUSAL = "an approved item version is immutable"
UNLIKE = {"sqlite": "IS NOT", "postgresql": "IS DISTINCT FROM"}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    changed = " OR ".join(f"NEW.{name} {UNLIKE[dialect]} OLD.{name}" for name in LOCKED)
    # From approved the only way is to retired; from retired there is none.
    left = "(OLD.state = 'approved' AND NEW.state NOT IN ('approved', 'retired'))"
    revived = "(OLD.state = 'retired' AND NEW.state <> 'retired')"
    broken = f"OLD.state IN ('approved', 'retired') AND ({changed} OR {left} OR {revived})"
    if dialect == "sqlite":
        op.execute(
            f"CREATE TRIGGER item_versions_immutable BEFORE UPDATE ON item_versions WHEN {broken} "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION refuse_change_of_approved_version() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER item_versions_immutable BEFORE UPDATE ON item_versions FOR EACH ROW WHEN ({broken}) "
        "EXECUTE FUNCTION refuse_change_of_approved_version()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER item_versions_immutable")
        return
    op.execute("DROP TRIGGER item_versions_immutable ON item_versions")
    op.execute("DROP FUNCTION refuse_change_of_approved_version()")
