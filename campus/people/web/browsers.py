"""Names of browsers and systems as people know them, from the header browsers send."""

from __future__ import annotations

from campus.i18n import gettext as _
from campus.people.web.blueprint import bp

# The first sign that is found decides: browsers name their ancestors too.
_BROWSERS = (
    ("coc_coc", "Cốc Cốc"), ("CocCoc", "Cốc Cốc"), ("Edg/", "Edge"), ("OPR/", "Opera"),
    ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("CrOS", "ChromeOS"), ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


@bp.app_template_filter("browser_name")
def browser_name(agent: str | None) -> str:
    """``Chrome · Windows``; a plain word for what we do not know."""
    found = [next((name for sign, name in table if sign in (agent or "")), "") for table in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, found)) or _("Unknown browser")
