"""Pages and calls of this package; ``blueprints`` is what ``lms/app.py`` mounts."""

from __future__ import annotations

from item_bank.web import (  # noqa: F401  importing them mounts their routes on the two blueprints
    api_imports,
    api_items,
    bank_pages,
    import_pages,
    item_pages,
    review_pages,
)
from item_bank.web.blueprint import api, pages

blueprints = [pages, api]
