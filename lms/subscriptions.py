"""Who hears what: the one readable list. Live subscribers move screens, durable ones change data (``campus.news``)."""

from __future__ import annotations

from campus import news
from exam_engine import jobs as exam_jobs
from exam_engine import news as exam_news
from exam_engine import sockets as exam_sockets


def join() -> None:
    """Joins all subscribers; safe to call twice."""
    news.forget_subscribers()
    news.on_live(exam_news.ATTEMPT_STARTED, exam_sockets.tell_clock)
    news.on_live(exam_news.CLOCK_CHANGED, exam_sockets.tell_clock)
    news.on_live(exam_news.ATTEMPT_PAUSED, exam_sockets.tell_state("attempt.paused"))
    news.on_live(exam_news.ATTEMPT_RESUMED, exam_sockets.tell_state("attempt.resumed"))
    news.on_live(exam_news.ATTEMPT_SUBMITTED, exam_sockets.tell_state("attempt.closed"))
    news.on_live(exam_news.ATTEMPT_CLOSED, exam_sockets.tell_state("attempt.closed"))
    news.on_live(exam_news.ATTEMPT_SUPERSEDED, exam_sockets.cut_superseded)
    news.on_live(exam_news.ANNOUNCED, exam_sockets.tell_announcement)
    for finished in (exam_news.ATTEMPT_SUBMITTED, exam_news.ATTEMPT_CLOSED, exam_news.SITTING_CHANGED):
        news.on_durable(finished, exam_jobs.score_soon)
