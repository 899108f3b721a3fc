"""The two blueprints of the item bank: pages for people, calls for programs."""

from __future__ import annotations

from flask import Blueprint

from campus.web.api import PREFIX

pages = Blueprint("item_bank", __name__)
api = Blueprint("item_bank_api", __name__, url_prefix=PREFIX)
