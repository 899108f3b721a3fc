"""Who hears what: the one readable list. Live subscribers move screens, durable ones change data (``campus.news``)."""

from __future__ import annotations

from campus import news


def join() -> None:
    """Joins all subscribers; safe to call twice."""
    news.forget_subscribers()
