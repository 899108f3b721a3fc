"""Accounts from the command line."""

from __future__ import annotations

import click

from campus import clock
from campus.config import Settings
from campus.db import make_engine, make_sessions, writing
from campus.people import founding
from campus.people.passwords import hash_password


@click.command("create-admin")
@click.option("--username", prompt=True, help="The name to sign in with.")
@click.option("--name", "full_name", prompt="Full name", help="Family, middle and given name.")
@click.option("--school", prompt="School or department", help="Name of the place; made when there is none of that name.")
@click.password_option(help="At least 8 characters; asked for when not given.")
@click.pass_obj
def create_admin(settings: Settings, username: str, full_name: str, school: str, password: str) -> None:
    """Create an administrator, and the school if it is not there yet. Run `truongthi migrate` first."""
    with writing(), make_sessions(make_engine(settings))() as session:
        user = founding.create_administrator(
            session, username, full_name, school, password, hash_password, clock.now()
        )
        session.commit()
        click.echo(f"{user.full_name} can sign in as {user.username} at {settings.resolved_public_url}.")


commands: list[click.Command] = [create_admin]
