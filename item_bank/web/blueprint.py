"""The two blueprints of the item bank: pages for people, calls for programs."""

from __future__ import annotations

from flask import Blueprint

from campus.i18n import current_locale
from campus.subjects import subject_name
from campus.web.api import PREFIX
from item_bank.typed import editable

pages = Blueprint("item_bank", __name__)
api = Blueprint("item_bank_api", __name__, url_prefix=PREFIX)
pages.add_app_template_filter(editable, "editable")


@pages.app_template_filter("subject")
def subject(code: str) -> str:
    """The subject's name in the reader's language."""
    return subject_name(code, current_locale())
