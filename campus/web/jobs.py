"""How far a long work is, for whoever started it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from sqlalchemy.orm import Session

from campus.errors import NotFound
from campus.i18n import Message, translate
from campus.models import Job
from campus.orm import public
from campus.people.access import Actor, require
from campus.web.access import permit
from campus.web.api import PREFIX, Reply, replies

bp = Blueprint("jobs", __name__, url_prefix=PREFIX)
blueprints = [bp]


class JobView(Reply):
    """A job as its owner sees it; ``state`` is queued, running, done or failed, ``progress`` from 0 to 1."""

    id: str
    state: str
    progress: float
    message: str
    result: dict[str, Any] | None


def access_job(session: Session, actor: Actor | None, job_id: int) -> Job:
    """The job, for whoever started it: results may hold what only that person's school may know."""
    known = require(actor)
    job = session.get(Job, job_id)
    if job is None or job.actor_id != known.user_id:
        raise NotFound()
    return job


@bp.get("/jobs/<id:job_id>")
@permit(access_job)
@replies(JobView, summary="How far a long work is.")
def show(job: Job) -> JobView:
    """State, progress and result of a job."""
    told = job.error or job.message
    return JobView(
        id=public(job.id),
        state=job.state,
        progress=1.0 if job.state == "done" else job.done / job.total if job.total else 0.0,
        message=translate(Message.from_json(told)) if told else "",
        result=job.result,
    )
