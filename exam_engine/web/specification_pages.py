"""The matrix of an exam as an editable grid, its parts, and its file for the folder."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for

from campus import clock
from campus.db import db
from campus.errors import Conflict, FieldError, Invalid
from campus.i18n import N_, Message, current_locale, translate
from campus.i18n import gettext as _
from campus.orm import public
from campus.web.access import permit, the_actor
from exam_engine import matrix, specifying
from exam_engine.access import access_exam
from exam_engine.assembling import KIND_NAMES, shortage_message
from exam_engine.matrix_files import LEVEL_TITLES, matrix_file
from exam_engine.models import Exam
from exam_engine.web import board_forms as fields
from exam_engine.web.downloads import download
from exam_engine.web.exams_pages import bp
from item_bank import banks, item_types, searching
from item_bank.models import Bank

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SECTIONS = 12


@bp.get("/exams/<id:exam_id>/specification")
@permit(access_exam)
def specification(exam: Exam) -> str:
    """Topics down, types and levels across; under each count what the bank has."""
    return _page(exam, {})


def _page(exam: Exam, errors: fields.Errors, cells: Any = None, wrong: dict[str, str] | None = None) -> str:
    session = db.session()
    plan = specifying.the_specification(exam)
    stock = searching.stock(session, plan.bank_id)
    grid = matrix.build(plan, banks.topics(session, plan.bank_id), stock, cells)
    return render_template(
        "exam_engine/exams/specification.html",
        exam=exam,
        bank=session.get_one(Bank, plan.bank_id),
        plan=plan,
        grid=grid,
        any=matrix.ANY,
        shortages=[translate(shortage_message(short, grid.topic_names)) for short in grid.shortages],
        locked=specifying.has_forms(session, exam),
        stock_count=sum(stock.values()),
        stock_cells=[
            [public(topic_id) if topic_id else matrix.ANY, kind, level or matrix.ANY, count]
            for (topic_id, kind, level), count in stock.items()
        ],
        kinds=KIND_NAMES,
        levels=LEVEL_TITLES,
        kind_words={kind: _(name) for kind, name in KIND_NAMES.items()},
        level_words={level: _(name) for level, name in LEVEL_TITLES.items()} | {matrix.ANY: _("any level")},
        any_topic=_("any topic"),
        all_kinds=item_types.KINDS,
        errors=errors,
        wrong=wrong or {},
    )


@bp.post("/exams/<id:exam_id>/specification")
@permit(access_exam)
def change_specification(exam: Exam) -> Any:
    """Saves the grid, or fills it from the bank."""
    session, actor, now = db.session(), the_actor(), clock.now()
    plan = specifying.the_specification(exam)
    cells: Any = None
    wrong: dict[str, str] = {}
    try:
        if request.form.get("action") == "fill":
            found = banks.topics(session, plan.bank_id)
            cells = specifying.proposal(plan, found, searching.stock(session, plan.bank_id))
        else:
            cells, wrong = matrix.typed_cells(plan, request.form)
        if wrong:
            why = Message(N_("Enter a number from %(low)s to %(high)s."), low=0, high=specifying.MAX_COUNT)
            raise Invalid(errors=[FieldError(name, why) for name in wrong])
        specifying.set_specification(session, actor, exam, plan.sections, cells, now)
    except (Invalid, Conflict) as refusal:
        return fields.refused(refusal, lambda errors: _page(exam, errors, cells, wrong))
    flash(_("The specification was saved."), "success")
    return redirect(url_for("exams.specification", exam_id=exam.id))


@bp.post("/exams/<id:exam_id>/specification/sections")
@permit(access_exam)
def change_sections(exam: Exam) -> Any:
    """Changes, adds or removes parts of the paper; the cells of a removed part go with it."""
    plan = specifying.the_specification(exam)
    try:
        sections = _typed_sections()
        codes = {section["code"] for section in sections}
        cells = [cell for cell in plan.cells if cell["section"] in codes]
        specifying.set_specification(db.session(), the_actor(), exam, sections, cells, clock.now())
    except (Invalid, Conflict) as refusal:
        return fields.refused(refusal, lambda errors: _page(exam, errors))
    flash(_("The parts of the paper were saved."), "success")
    return redirect(url_for("exams.specification", exam_id=exam.id))


def _typed_sections() -> list[dict[str, Any]]:
    sections = []
    for place in range(MOST_SECTIONS):
        code = fields.text(f"code.{place}")
        if not code or request.form.get(f"remove.{place}"):
            continue
        count = fields.text(f"count.{place}")
        sections.append(
            {
                "code": code[:20],
                "title": fields.text(f"title.{place}")[:200],
                "instruction": fields.text(f"instruction.{place}")[:500],
                "kind": fields.text(f"kind.{place}"),
                "count": fields.number(f"count.{place}", 0, specifying.MAX_COUNT) if count else None,
                "points_each": fields.text(f"points_each.{place}"),
                "shuffle_items": bool(request.form.get(f"shuffle_items.{place}")),
                "shuffle_options": bool(request.form.get(f"shuffle_options.{place}")),
            }
        )
    return sections


@bp.get("/exams/<id:exam_id>/specification.xlsx")
@permit(access_exam)
def specification_file(exam: Exam) -> Response:
    """The matrix of 19 columns and the detailed table of 16, as the letter wants them."""
    session = db.session()
    plan = specifying.the_specification(exam)
    grid = matrix.build(plan, banks.topics(session, plan.bank_id), searching.stock(session, plan.bank_id))
    data = matrix_file(grid, exam.title, banks.outcomes(session, plan.bank_id), current_locale())
    return download(data, XLSX, _("Matrix %(title)s.xlsx", title=exam.title))
