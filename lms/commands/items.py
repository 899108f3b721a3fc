"""Questions from files into a bank, for scripts: the same services as the web."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session, sessionmaker

from campus import clock, files
from campus.config import Settings
from campus.db import make_engine, make_sessions, writing
from campus.errors import Invalid, NotFound
from campus.i18n import Message, ngettext, translate
from campus.i18n import gettext as _
from campus.jobs import JobContext
from campus.models import Job
from campus.orm import from_public, public
from campus.people.access import Actor
from campus.people.models import User


@click.command("import-items")
@click.argument("bank")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "file_format", help="Format of the file; by default what its name says.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@click.pass_obj
def import_items(settings: Settings, bank: str, file: Path, file_format: str | None, as_json: bool) -> None:
    """Read a question FILE into BANK (its id): questions without errors become drafts, the others wait on the web."""
    files.init(settings.data_dir)
    engine = make_engine(settings)
    try:
        report = _imported(make_sessions(engine), bank, file, file_format)
    finally:
        engine.dispose()
    click.echo(json.dumps(report, ensure_ascii=False, indent=1) if as_json else _sentences(report))


def _imported(sessions: sessionmaker[Session], bank: str, file: Path, file_format: str | None) -> dict[str, Any]:
    """Receives, reads and accepts the file, each in its own transaction."""
    from item_bank import uploads
    from item_bank.jobs import read_import
    from item_bank.models import Bank, ImportBatch

    with writing(), sessions() as session, session.begin():
        target = session.get(Bank, from_public(bank))
        if target is None:
            raise NotFound()
        founder = _founder(session, target.created_by_id)
        chosen = uploads.format_of(file.name, file_format)
        batch = uploads.receive(session, founder, target, file.read_bytes(), file.name, chosen, clock.now())
        import_id, job_id = batch.id, batch.job_id
        # Ours to run: a worker beside us must not read the same file at the same time.
        job = session.get_one(Job, job_id)
        job.state, job.heartbeat_at = "running", clock.now()
    read_import(JobContext(sessions, job.id, founder.user_id), import_id)
    with writing(), sessions() as session, session.begin():
        session.get_one(Job, job_id).state = "done"
    with writing(), sessions() as session, session.begin():
        read = session.get_one(ImportBatch, import_id)
        if read.error:
            raise Invalid(Message.from_json(read.error))
        result = uploads.accept(session, founder, read, None, clock.now())
        waiting = [draft for draft in read.drafts if draft.seq not in result.items]
        return {
            "import_id": public(import_id),
            "item_ids": [public(item_id) for item_id in result.items.values()],
            "waiting": [_waiting(draft) for draft in waiting],
        }


def _founder(session: Session, user_id: int) -> Actor:
    """A command acts for whoever founded the bank: the log needs a person who answers for the items."""
    from campus.people.access import load_actor

    return load_actor(session, session.get_one(User, user_id), clock.now(), None, strong=True)


def _waiting(draft: Any) -> dict[str, Any]:
    from item_bank import uploads

    problems = uploads.problems_of(draft)
    told = [translate(Message.from_json(problem["message"])) for problem in problems]
    return {"seq": draft.seq, "number": draft.number, "problems": told}


def _sentences(report: dict[str, Any]) -> str:
    accepted, waiting = len(report["item_ids"]), report["waiting"]
    lines = [ngettext("%(num)s question is now in the bank.", "%(num)s questions are now in the bank.", accepted)]
    if waiting:
        lines.append(_("These wait at /imports/%(id)s to be mended:", id=report["import_id"]))
        lines += [f"  {entry['seq']}. {' '.join(entry['problems'])}" for entry in waiting]
    return "\n".join(lines)


commands: list[click.Command] = [import_items]
