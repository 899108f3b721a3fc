"""Accounts from the command line."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import click
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from campus import clock
from campus.config import Settings
from campus.db import make_engine, make_sessions, writing
from campus.i18n import Message, translate
from campus.people import founding, roster_imports
from campus.people.access import SYSTEM
from campus.people.models import Organisation
from campus.people.passwords import hash_password
from campus.people.roster import read_class_list


@click.command("create-admin")
@click.option("--username", prompt=True, help="The name to sign in with.")
@click.option("--name", "full_name", prompt="Full name", help="Family, middle and given name.")
@click.option(
    "--school", prompt="School or department", help="Name of the place; made when there is none of that name."
)
@click.password_option(help="At least 8 characters; asked for when not given.")
@click.pass_obj
def create_admin(settings: Settings, username: str, full_name: str, school: str, password: str) -> None:
    """Create an administrator, and the school if it is not there yet. Run `truongthi migrate` first."""
    with writing(), make_sessions(make_engine(settings))() as session:
        user = founding.create_administrator(session, username, full_name, school, password, hash_password, clock.now())
        session.commit()
        click.echo(f"{user.full_name} can sign in as {user.username} at {settings.resolved_public_url}.")


@click.command("import-people")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--class", "class_code", required=True, help="Code or name of the class.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.pass_obj
def import_people(settings: Settings, file: Path, class_code: str, dry_run: bool) -> None:
    """Take the class list FILE (the Ministry's Excel export) into a class. Taking it in again changes nothing."""
    now = clock.now()
    actor = replace(SYSTEM, today=now.astimezone(clock.VIETNAM).date())
    with file.open("rb") as stream:
        stored = roster_imports.as_stored(read_class_list(stream, file.name))
    with writing(), make_sessions(make_engine(settings))() as session:
        group = _class_called(session, class_code)
        plans = roster_imports.plan(session, group, stored, actor.today)
        _say_problems(stored, plans)
        if not dry_run:
            roster_imports.carry_out(session, actor, group, plans, actor.today, now)
            session.commit()
    counts = Counter(plan.action for plan in plans)
    told = ", ".join(f"{counts[action]} {action}" for action in roster_imports.ACTIONS if counts[action])
    click.echo(f"{group.name}: {told or 'no rows'}{' (nothing was changed)' if dry_run else ''}.")


def _class_called(session: Session, name: str) -> Organisation:
    found = session.scalars(
        select(Organisation).where(
            Organisation.kind == "class", or_(Organisation.code == name, Organisation.name == name)
        )
    ).all()
    if len(found) != 1:
        what = "There is no class" if not found else "There are several classes"
        codes = ", ".join(f"{place.name} ({place.code})" for place in found)
        raise click.ClickException(f"{what} with the code or name {name}. {codes}".strip())
    return found[0]


def _say_problems(stored: dict[str, object], plans: list[roster_imports.Plan]) -> None:
    if stored["columns_ignored"]:
        click.echo("Not read: " + ", ".join(stored["columns_ignored"]) + ".")  # type: ignore[arg-type]
    for plan in plans:
        for problem in plan.row["problems"]:
            click.echo("  " + translate(Message.from_json(problem["message"])))
        if plan.reason is not None:
            click.echo(f"  {plan.row['line']} {plan.row['full_name']}: {translate(plan.reason)}")


commands: list[click.Command] = [create_admin, import_people]
