"""The OpenAPI 3.1 description, made of the very structs that decode and encode, and a page to read it."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from flask import Blueprint, Response, current_app, render_template
from werkzeug.routing import Rule

from campus.web.access import permit, public
from campus.web.api import PREFIX, json_response
from campus.web.health import version

bp = Blueprint("openapi", __name__, url_prefix=PREFIX)
blueprints = [bp]
_REF = "#/components/schemas/{name}"
_PROBLEM = {
    "description": "A problem document (RFC 9457) with a stable `code`.",
    "content": {"application/problem+json": {"schema": {"$ref": _REF.format(name="Problem")}}},
}


class FieldProblem(msgspec.Struct, kw_only=True):
    """What is wrong with one field."""

    field: str
    message: str
    code: str = "invalid"


class Problem(msgspec.Struct, kw_only=True):
    """A refusal as RFC 9457 describes it."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldProblem] = []


@bp.get("/openapi.json")
@permit(public)
def description() -> Response:
    """The description of every call under /api/v1."""
    return json_response(describe(list(current_app.url_map.iter_rules())))


@bp.get("/docs")
@permit(public)
def docs() -> str:
    """A page to read the description."""
    return render_template("openapi.html", api=describe(list(current_app.url_map.iter_rules())))


def describe(rules: list[Rule]) -> dict[str, Any]:
    """OpenAPI of ``rules``; views state their structs with ``accepts`` and ``replies``."""
    views = [(rule, current_app.view_functions[rule.endpoint]) for rule in rules if rule.rule.startswith(PREFIX)]
    types: list[Any] = [Problem]
    for _rule, view in views:
        types += [t for t in (getattr(view, "body_type", None), getattr(view, "reply_type", None)) if t is not None]
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    by_type = {id(kind): schema for kind, schema in zip(types, schemas, strict=True)}
    paths: dict[str, dict[str, Any]] = {}
    for rule, view in views:
        path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule.removeprefix(PREFIX))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            paths.setdefault(path, {})[method.lower()] = _operation(rule, view, method, by_type)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Trường Thi", "version": version()},
        "servers": [{"url": PREFIX}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"bearer": []}],
    }


def _operation(rule: Rule, view: Any, method: str, by_type: dict[int, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{rule.endpoint}.{method.lower()}",
        "summary": getattr(view, "summary", None) or (view.__doc__ or "").strip().split("\n")[0],
        "x-policy": getattr(view, "policy", ""),
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in sorted(rule.arguments)
        ],
        "responses": {"default": _PROBLEM},
    }
    body, reply = getattr(view, "body_type", None), getattr(view, "reply_type", None)
    if body is not None:
        operation["requestBody"] = {"content": {"application/json": {"schema": by_type[id(body)]}}}
    content = {} if reply is None else {"content": {"application/json": {"schema": by_type[id(reply)]}}}
    operation["responses"][str(getattr(view, "reply_status", 200))] = {"description": "Good.", **content}
    return operation
