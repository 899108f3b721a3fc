"""Pages and calls of this package; ``blueprints`` is what ``lms/app.py`` mounts."""

from __future__ import annotations

from item_bank.web import api_imports, api_items
from item_bank.web.blueprint import api, pages

blueprints = [pages, api]

__all__ = ["api_imports", "api_items", "blueprints"]
