"""Who hears what: the one readable list. Live subscribers move screens, durable ones change data (``campus.news``)."""

from __future__ import annotations

from campus import news
from exam_engine import jobs as exam_jobs
from exam_engine import news as exam_news
from exam_engine import sockets as exam_sockets
from proctoring import sockets as proctor_sockets
from proctoring.contacts import SIGNALLED
from proctoring.live_board import boards

BEATS = (proctor_sockets.beat,)
"""What every web process does once a second, with the time in hand."""


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
    for changed in (
        exam_news.ATTEMPT_ADMITTED,
        exam_news.ATTEMPT_STARTED,
        exam_news.ATTEMPT_SUBMITTED,
        exam_news.ATTEMPT_CLOSED,
        exam_news.ATTEMPT_PAUSED,
        exam_news.ATTEMPT_RESUMED,
        exam_news.ATTEMPT_SUPERSEDED,
        exam_news.CLOCK_CHANGED,
        exam_news.CANDIDATE_CHANGED,
    ):
        news.on_live(changed, boards.heard_of)
    news.on_live(exam_news.SITTING_CHANGED, proctor_sockets.tell_sitting)
    news.on_live(exam_news.ATTEMPT_SUBMITTED, proctor_sockets.forget_signals)
    news.on_live(exam_news.ATTEMPT_CLOSED, proctor_sockets.forget_signals)
    news.on_live(SIGNALLED, proctor_sockets.hear_signal)
