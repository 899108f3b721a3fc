"""The demo school and drills."""

from __future__ import annotations

import json

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from campus import clock, files
from campus.config import Settings
from campus.db import make_engine, make_sessions, writing
from campus.i18n import gettext as _
from campus.orm import public
from lms.navigation import ROLE_LABELS


@click.command()
@click.option("--if-empty", is_flag=True, help="Do nothing when somebody is in the database already.")
@click.option("--accounts", "show_accounts", is_flag=True, help="Only print the address and the demo accounts.")
@click.pass_obj
def demo(settings: Settings, if_empty: bool, show_accounts: bool) -> None:
    """Load the demo school into an empty database, or show its accounts."""
    from lms.demo import loading

    files.init(settings.data_dir)
    sessions = make_sessions(make_engine(settings))
    if show_accounts:
        print_accounts(settings)
        return
    if settings.production:
        raise click.ClickException(_("The demo school has a known password and is never loaded in production."))
    with sessions() as session:
        empty = loading.is_empty(session)
    if if_empty and not empty:
        return
    labels = {
        "people": _("People"),
        "toan": "Toán",
        "vat_li": "Vật lí",
        "lich_su": "Lịch sử",
        "finished": _("A finished exam"),
        "open": _("An exam to take now"),
    }
    with Progress() as bar:
        tasks = {name: bar.add_task(label, total=None) for name, label in labels.items()}
        loading.load(
            sessions, settings, clock.now(), lambda name, done, of: bar.update(tasks[name], completed=done, total=of)
        )
    click.echo(_("The demo school is loaded."))


def print_accounts(settings: Settings) -> None:
    """The addresses and who may sign in."""
    from lms.demo import loading
    from lms.demo.school import PASSWORD

    with make_sessions(make_engine(settings))() as session:
        accounts, sitting = loading.accounts(session), loading.open_sitting(session)
    console = Console()
    console.print(f"\n  [bold]Trường Thi[/bold]  {settings.resolved_public_url}\n")
    if not accounts:
        return
    table = Table(box=None, pad_edge=True)
    for heading in (_("Account"), _("Name"), _("Role")):
        table.add_column(heading)
    for account in accounts:
        table.add_row(account.username, account.full_name, _(ROLE_LABELS[account.role]))
    console.print(table)
    console.print("\n  " + _("Password of all demo accounts: %(password)s", password=PASSWORD))
    if sitting:
        console.print("  " + _("An exam to take now") + f": {settings.resolved_public_url}/sheet/{sitting}")
    console.print("  " + _("Practice sheet") + f": {settings.resolved_public_url}/sheet/practice")
    console.print("  " + _("Stop with Ctrl-C.") + "\n")


@click.command()
@click.option("--prepare", "count", type=int, required=True, help="How many invented candidates.")
@click.option("--minutes", type=int, default=60, show_default=True, help="How long the sitting lasts.")
@click.option("--extra-time", multiple=True, metavar="NUMBER=SECONDS", help="Extra time of the NUMBERth candidate.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--yes", is_flag=True, help="Do it in production too.")
@click.pass_obj
def drill(settings: Settings, count: int, minutes: int, extra_time: tuple[str, ...], as_json: bool, yes: bool) -> None:
    """Make, open and start a sitting of invented candidates for a rehearsal or a load test."""
    from lms.demo import loading
    from lms.drills import prepare

    if settings.production and not yes:
        raise click.ClickException(_("A drill adds invented candidates. In production, say --yes."))
    files.init(settings.data_dir)
    now, sessions = clock.now(), make_sessions(make_engine(settings))
    with sessions() as session:
        empty = loading.is_empty(session)
    if empty:
        loading.load(sessions, settings, now, lambda _name, _done, _of: None)
    with writing(), sessions() as session, session.begin():
        made = prepare(session, count, minutes, _extra_times(extra_time), settings.secret_key, now)
        sitting_id, ends_at = public(made.sitting.id), clock.rfc3339(made.sitting.ends_at)
    if as_json:
        candidates = [{"candidate_number": number, "access_code": code} for number, code in made.codes]
        click.echo(json.dumps({"sitting_id": sitting_id, "ends_at": ends_at, "candidates": candidates}))
        return
    click.echo(_("Sitting %(sitting)s runs until %(ends_at)s.", sitting=sitting_id, ends_at=ends_at))
    click.echo(f"{settings.resolved_public_url}/sheet/{sitting_id}")
    for number, code in made.codes[:50]:
        click.echo(f"  {number}  {code[:4]}-{code[4:]}")
    if count > 50:
        click.echo(_("… and %(more)s more; --json prints all.", more=count - 50))


def _extra_times(pairs: tuple[str, ...]) -> dict[int, int]:
    wanted = {}
    for pair in pairs:
        number, _sign, seconds = pair.partition("=")
        if not (number.isdigit() and seconds.isdigit()):
            raise click.BadParameter(_("--extra-time is NUMBER=SECONDS, for example 3=600."))
        wanted[int(number)] = int(seconds)
    return wanted


commands = [demo, drill]
