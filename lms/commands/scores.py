"""Scoring for scripts: what the worker does, and the proof that stored scores follow from the journal."""

from __future__ import annotations

import click
from sqlalchemy import select

from campus import clock
from campus.config import Settings
from campus.db import make_engine, make_sessions, writing
from campus.errors import NotFound
from campus.i18n import gettext as _
from campus.orm import from_public
from exam_engine import scoring
from exam_engine.models import Sitting


@click.command()
@click.argument("sitting")
@click.option("--check", is_flag=True, help="Store nothing; exit 1 when a stored score differs from the journal's.")
@click.pass_obj
def score(settings: Settings, sitting: str, check: bool) -> None:
    """Score the finished papers of a SITTING from the journal, or check that the stored scores are the journal's."""
    sessions = make_sessions(make_engine(settings))
    with sessions() as session:
        found = session.scalars(select(Sitting).where(Sitting.id == from_public(sitting))).first()
        if found is None:
            raise NotFound()
        ids = scoring.finished(session, [found.id])
    changed = 0
    for batch in scoring.batches(ids):
        with writing(), sessions() as session:
            changed += scoring.score_attempts(session, batch, "", clock.now())
            session.rollback() if check else session.commit()
    if check and changed:
        raise click.ClickException(
            _("%(changed)s of %(count)s scores differ from the journal.", changed=changed, count=len(ids))
        )
    if check:
        click.echo(_("All %(count)s scores follow from the journal bit for bit.", count=len(ids)))
    else:
        click.echo(_("%(count)s papers looked at, %(changed)s scores changed.", count=len(ids), changed=changed))


commands = [score]
