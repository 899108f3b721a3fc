"""Backups and proofs that nothing was changed behind our back."""

from __future__ import annotations

from pathlib import Path

import click
from rich.progress import Progress

from campus import audit, clock, files
from campus.config import Settings
from campus.db import make_engine, make_sessions
from campus.i18n import gettext as _


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup(settings: Settings, file: Path) -> None:
    """Write a backup of the database and all files to FILE; the exam may go on meanwhile."""
    from lms.backups import back_up

    with Progress() as bar:
        task = bar.add_task(_("Backing up"))
        counts = back_up(settings, file.resolve(), clock.now(), lambda n, of: bar.update(task, completed=n, total=of))
    click.echo(_("%(files)s files, %(bytes)s bytes: %(name)s", name=str(file), **counts))


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def restore(settings: Settings, file: Path) -> None:
    """Bring a backup FILE back into an empty installation and prove it."""
    from lms.backups import restore as bring_back

    with Progress() as bar:
        task = bar.add_task(_("Restoring"))
        counts = bring_back(settings, file.resolve(), lambda n, of: bar.update(task, completed=n, total=of))
    click.echo(_("%(files)s files are back and match their digests.", **counts))
    if not prove(settings):
        raise SystemExit(1)


@click.command()
@click.pass_obj
def verify(settings: Settings) -> None:
    """Check the audit chain, the receipts and the database; name the first thing that does not hold."""
    if not prove(settings):
        raise SystemExit(1)


def prove(settings: Settings) -> bool:
    """Whether every seal still matches what it seals; says what it found."""
    from exam_engine import receipts

    files.init(settings.data_dir)
    with make_sessions(make_engine(settings))() as session:
        broken_row = audit.first_broken(session)
        broken_attempts = receipts.broken(session)
    click.echo(
        _("The audit log holds.")
        if broken_row is None
        else _("The audit log was changed at row %(row)s.", row=broken_row)
    )
    for attempt_id in broken_attempts:
        click.echo(_("The answers of attempt %(attempt)s do not match their receipt.", attempt=attempt_id))
    if not broken_attempts:
        click.echo(_("All sealed answers match their receipts."))
    return broken_row is None and not broken_attempts


commands = [backup, restore, verify]
