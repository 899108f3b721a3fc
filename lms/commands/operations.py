"""Backups, verification and other operations."""

from __future__ import annotations

import click

commands: list[click.Command] = []
