"""Prints: a typst template and data in, a PDF out. No network, no system fonts, nothing of the data read as code.

A template is a ``.typ`` file of ours. It gets its data as a JSON file beside it (``#let data =
json("data.json")``) and may import ``richtext.typ`` (for trees made by
:class:`~campus.printing.richtext.RichText`) and ``parts.typ``. The text face is Libertinus Serif, the
formulas New Computer Modern Math: both come inside typst and cover Vietnamese entirely, so a paper looks
the same on every server (the web face Be Vietnam Pro exists only as WOFF2 slices, which typst does not
read). Typesetting blocks its thread: call it from a job, or off the event loop.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import segno
import typst

from campus.i18n import Message
from campus.printing.richtext import PictureSource, RichText

__all__ = ["PictureSource", "Print", "RichText", "no_pictures", "qr_code", "typeset"]

_SHARED = [Path(__file__).with_name(name) for name in ("richtext.typ", "parts.typ")]


@dataclass(frozen=True)
class Print:
    """A PDF, and a sentence for each thing in it that will not look as its author meant."""

    pdf: bytes
    problems: tuple[Message, ...] = ()


def qr_code(text: str) -> bytes:
    """A QR code as an SVG picture, readable from paper that was folded (a quarter of it may be lost)."""
    stream = io.BytesIO()
    segno.make_qr(text, error="q").save(stream, kind="svg", border=2, xmldecl=False)
    return stream.getvalue()


def no_pictures(digest: str) -> None:
    """The picture source of prints that have none."""


def typeset(template: Path, data: Mapping[str, Any], files: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF that ``template`` makes of ``data``; ``files`` are pictures by the path the data names.

    ``data`` must be plain JSON. A formula typst refuses is printed as its LaTeX rather than losing the print.
    Raises :class:`typst.TypstError` when the template itself is wrong.
    """
    try:
        return _compile(template, data, files or {})
    except typst.TypstError:
        mended = _without_bad_formulas(data)
        if mended == data:
            raise
        return _compile(template, mended, files or {})


def _compile(template: Path, data: Any, files: Mapping[str, bytes]) -> bytes:
    world = {
        "main.typ": template.read_bytes(),
        **{path.name: path.read_bytes() for path in _SHARED},
        "data.json": json.dumps(data, ensure_ascii=False).encode(),
        **files,
    }
    # The stubs do not know yet that a mapping of files is a world of its own.
    pdf = typst.compile(world, ignore_system_fonts=True, format="pdf")  # type: ignore[call-overload]
    assert isinstance(pdf, bytes)  # noqa: S101  a PDF is one file; only images come as lists
    return pdf


def _without_bad_formulas(node: Any) -> Any:
    """``node`` with each formula that does not compile by itself replaced by its LaTeX as text."""
    if isinstance(node, Mapping):
        if node.get("t") == "math" and not _compiles(str(node["m"])):
            return {"t": "code", "c": [node["latex"]]}
        return {name: _without_bad_formulas(value) for name, value in node.items()}
    if isinstance(node, (list, tuple)):
        return [_without_bad_formulas(value) for value in node]
    return node


def _compiles(formula: str) -> bool:
    source = '#eval(json("data.json"), mode: "math")'
    try:
        typst.compile(  # type: ignore[call-overload]
            {"main.typ": source.encode(), "data.json": json.dumps(formula).encode()},
            ignore_system_fonts=True,
            format="pdf",
        )
    except typst.TypstError:
        return False
    return True
