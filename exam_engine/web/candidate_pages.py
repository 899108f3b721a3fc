"""Pages of candidates: the exam page (door to receipt in one), the practice sheet, the check of a receipt, and the
service worker that gives the exam page back without network."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
from flask import Blueprint, Response, current_app, render_template, request, url_for

from campus import clock
from campus.db import db
from campus.errors import NotFound
from campus.printing import qr_code
from campus.web.access import current_actor, permit, public, ticket
from campus.web.api import json_response
from campus.web.formats import static_url
from exam_engine import admission, candidate_view, delivery, receipts
from exam_engine.desk import the_desk
from exam_engine.models import Attempt
from exam_engine.practice_paper import practice_paper
from exam_engine.seat_view import seat_view, sitting_view
from exam_engine.tickets import bearer
from exam_engine.web.sheet_words import sheet_words

bp = Blueprint("candidate", __name__, url_prefix="/sheet")

STYLES = ("tokens", "fonts", "base", "controls", "components", "exam")
"""Style sheets of the exam page, in order; the service worker keeps them too."""


@bp.get("/<id:sitting_id>")
@permit(public)
def door(sitting_id: int) -> str:
    """The exam page of a sitting; everything after the door happens in it."""
    session = db.session()
    sitting = admission.find_sitting(session, sitting_id)
    return render_template(
        "exam_engine/sheet/page.html",
        sitting=sitting,
        may_enter=_is_candidate(sitting_id),
        modules=modules(),
        styles=STYLES,
        words=sheet_words(),
        paper=None,
    )


def _is_candidate(sitting_id: int) -> bool:
    """Whether the person who is signed in has a place in this sitting."""
    actor = current_actor()
    if actor is None:
        return False
    try:
        admission.find_candidate_of_user(db.session(), sitting_id, actor.user_id)
    except NotFound:
        return False
    return True


@bp.get("/practice")
@permit(public)
def practice() -> str:
    """The practice sheet, for anyone; nothing of it reaches the server."""
    return render_template(
        "exam_engine/sheet/page.html",
        sitting=None,
        may_enter=False,
        modules=modules(),
        styles=STYLES,
        words=sheet_words(),
        paper=practice_paper(),
    )


@bp.get("/<id:sitting_id>/state")
@permit(public)
def state(sitting_id: int) -> Response:
    """Whether the sitting is open or started, for waiting rooms."""
    return _fresh(sitting_view(admission.find_sitting(db.session(), sitting_id), clock.now()))


@bp.get("/attempts/<id:attempt_id>/seat")
@permit(ticket)
def seat(attempt_id: int) -> Response:
    """Who sits here and how things stand; by ticket."""
    attempt = _attempt(attempt_id)
    questions = len(the_desk().papers.of_form(attempt.form_id).items)
    return _fresh(seat_view(db.session(), attempt, questions, clock.now()))


@bp.get("/attempts/<id:attempt_id>/receipt.svg")
@permit(ticket)
def receipt_drawing(attempt_id: int) -> Response:
    """The QR code of a sealed receipt: the address where anyone can check it. By ticket."""
    attempt = _attempt(attempt_id)
    view = candidate_view.receipt(db.session(), attempt, clock.now())
    if "head" not in view:
        raise NotFound()
    facts = {"code": view["receipt_code"], "head": view["head"], "signature": view["signature"]}
    address = current_app.config["SETTINGS"].public_url.rstrip("/") or request.host_url.rstrip("/")
    drawing = qr_code(f"{address}{url_for('candidate.check_receipt')}?{urlencode(facts)}")
    return Response(drawing, content_type="image/svg+xml", headers={"Cache-Control": "no-store"})


@bp.get("/receipt")
@permit(public)
def check_receipt() -> str:
    """Says whether a receipt is genuine; the address stands in its QR code."""
    facts = [request.args.get(name, "")[:200] for name in ("code", "head", "signature")]
    verdict = receipts.verify(db.session(), the_desk().keys, *facts) if any(facts) else None
    return render_template("exam_engine/sheet/check_receipt.html", verdict=verdict, code=facts[0])


@bp.get("/sw.js")
@permit(public)
def service_worker() -> Response:
    """The worker's text with the list of files that make the exam page."""
    files = shell_files()
    version = hashlib.sha256("\n".join([*files, _modules_digest()]).encode()).hexdigest()[:12]
    shell = msgspec.json.encode({"version": version, "files": files}).decode()
    text = (_scripts() / "service_worker.js").read_text("utf-8")
    reply = Response(f"self.SHELL = {shell};\n{text}", content_type="text/javascript; charset=utf-8")
    reply.headers["Cache-Control"] = "no-cache"
    return reply


def modules() -> list[str]:
    """Addresses of the exam page's modules as they import each other (without a digest); browsers load them at once."""
    return [url_for("static", filename=name) for name in _module_names()]


def shell_files() -> list[str]:
    """Everything the exam page is made of, but the page itself."""
    fonts = sorted(path.name for path in (_static() / "vendor/fonts").glob("*.woff2"))
    return [
        *(static_url(f"css/{name}.css") for name in STYLES),
        static_url("css/print.css"),
        static_url("js/exam/main.js"),
        static_url("vendor/icons.svg"),
        static_url("img/mark.svg"),
        *modules(),
        *(url_for("static", filename=f"vendor/fonts/{name}") for name in fonts),
    ]


def _static() -> Path:
    return Path(current_app.static_folder or "static")


def _scripts() -> Path:
    return _static() / "js/exam"


_LIBRARY = ("clock", "dialog", "element", "fetch", "menu", "messages", "outbox", "preferences", "toast", "trusted")


def _module_names() -> list[str]:
    own = sorted(path.relative_to(_static()).as_posix() for path in _scripts().rglob("*.js"))
    entries = ("js/exam/main.js", "js/exam/service_worker.js")
    library = [f"js/lib/{name}.js" for name in _LIBRARY]
    return [*(name for name in own if name not in entries), *library, "vendor/idb.js", "vendor/socket.io.js"]


def _modules_digest() -> str:
    """Changes with any module, so that a new release is fetched anew."""
    if current_app.debug:
        return _digest.__wrapped__(_static(), tuple(_module_names()))
    return _digest(_static(), tuple(_module_names()))


@cache
def _digest(folder: Path, names: tuple[str, ...]) -> str:
    found = hashlib.sha256()
    for name in names:
        found.update((folder / name).read_bytes())
    return found.hexdigest()


def _attempt(attempt_id: int) -> Attempt:
    """The attempt of the caller's ticket. Raises BadTicket, Superseded, or NotFound for another attempt."""
    seen = the_desk().tickets.check(bearer(request.headers.get("Authorization")))
    if seen.attempt_id != attempt_id:
        raise NotFound()
    return delivery.find_attempt(db.session(), seen)


def _fresh(view: dict[str, Any]) -> Response:
    reply = json_response(view)
    reply.headers["Cache-Control"] = "no-store"
    return reply
