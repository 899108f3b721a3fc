"""Where a person goes after a form: back to the page of ours that they came from."""

from __future__ import annotations

from flask import request


def back_or(address: str) -> str:
    """The form's ``back`` when it is a path on this site, else ``address``."""
    back = request.form.get("back", "")
    return back if back.startswith("/") and not back.startswith(("//", "/\\")) else address
