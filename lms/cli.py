"""The command ``truongthi``: operations for people and scripts. Each exits 0 only when it succeeded."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from campus import config
from campus.config import ConfigError, Settings
from campus.errors import Invalid, Refusal
from campus.i18n import gettext as _
from campus.i18n import translate, use_locale

SUBCOMMANDS = (
    "lms.commands.operations",
    "lms.commands.content",
    "lms.commands.items",
    "lms.commands.people",
    "lms.commands.scores",
)
"""Modules with a list ``commands``."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--lang", type=click.Choice(["vi", "en"]), default="vi", envvar="TRUONGTHI_LANG", help="Language of messages."
)
@click.pass_context
def cli(context: click.Context, lang: str) -> None:
    """Trường Thi: exams and learning for Vietnamese schools."""
    use_locale(lang)
    try:
        context.obj = config.load()
    except ConfigError as error:
        raise click.ClickException(str(error)) from error


@cli.command("read-items")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "file_format", default="docx", show_default=True, help="Format of the file.")
def read_items(file: Path, file_format: str) -> None:
    """Print what an importer understands of a question FILE, as JSON. Touches no database."""
    from item_bank.importing.corpus_schema import read_items as read

    click.echo(json.dumps(read(file, file_format), ensure_ascii=False, indent=1))


@cli.command()
@click.option("--port", type=int, help="Port to listen on.")
@click.option("--host", help="Address to listen on.")
@click.option(
    "--workers", type=int, default=1, show_default=True, help="Web processes; more than one needs PostgreSQL."
)
@click.option("--with-worker", is_flag=True, help="Start the job worker too.")
@click.option("--tls", is_flag=True, help="HTTPS with a certificate authority of the school's own.")
@click.pass_obj
def serve(settings: Settings, port: int | None, host: str | None, workers: int, with_worker: bool, tls: bool) -> None:
    """Serve the web."""
    from dataclasses import replace

    settings = replace(settings, port=port or settings.port, host=host or settings.host)
    if workers > 1 and settings.is_sqlite:
        raise click.ClickException("More than one web process needs PostgreSQL: set TRUONGTHI_DATABASE_URL.")
    from lms import server

    try:
        listener = server.listen(settings.host, settings.port)
    except server.PortTaken as error:
        raise click.ClickException(
            f"Port {settings.port} on {settings.host} is taken. Stop the other program or choose another: --port 8001"
        ) from error
    certificate = None
    if tls:
        from lms.certificates import school_certificate

        certificate = school_certificate(settings.data_dir, settings.host)
    server.serve(settings, listener, workers, with_worker, certificate)


@cli.command()
@click.pass_obj
def worker(settings: Settings) -> None:
    """Run jobs and periodic tasks until stopped."""
    from campus import files, logs
    from campus.db import make_engine, make_sessions
    from campus.worker import Worker
    from lms import subscriptions
    from lms.app import load_jobs

    logs.init(settings)
    files.init(settings.data_dir)
    load_jobs()
    subscriptions.join()
    Worker(make_sessions(make_engine(settings))).run()


@cli.command()
@click.pass_obj
def migrate(settings: Settings) -> None:
    """Bring the database to the newest schema."""
    from campus.db import make_engine
    from lms.database import migrate as bring_up

    settings.data_dir.mkdir(parents=True, exist_ok=True)
    bring_up(make_engine(settings))
    click.echo("The database is up to date.")


for _module in SUBCOMMANDS:
    for _command in import_module(_module).commands:
        cli.add_command(_command)


def _database_sentence(error: Exception) -> str:
    """What a person can do about a database that does not answer or is not migrated."""
    text = str(getattr(error, "orig", error)).strip().splitlines()[0]
    if "no such table" in text or "does not exist" in text or "unable to open" in text:
        return _("The database is not ready: run “truongthi migrate” first (%(why)s).", why=text)
    return _("The database does not answer: %(why)s", why=text)


def main() -> None:
    """Entry point: ``serve`` patches before any other import of the house, the other commands never patch."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (OperationalError, ProgrammingError) as error:
        click.echo(_database_sentence(error), err=True)
        sys.exit(1)
    except Refusal as refusal:
        click.echo(translate(refusal.message), err=True)
        for problem in refusal.errors if isinstance(refusal, Invalid) else ():
            click.echo(f"  {problem.field}: {translate(problem.message)}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
