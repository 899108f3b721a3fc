"""Rich text as a teacher types it: lines instead of paragraphs, formulas with plain ``<`` and ``&``.

Source (what is stored) is HTML; in a text area most of it can read like plain text. :func:`source_of` turns what was
typed into HTML for ``campus.richtext.clean``; :func:`editable` turns source back. Formatting stays as tags.
"""

from __future__ import annotations

import html
import re

from campus.richtext import FORMULA

_BLOCK = re.compile(r"<(?:p|ul|ol|li|table|div|h3|h4|blockquote|pre|hr)\b", re.IGNORECASE)
_PARAGRAPHS = re.compile(r"(?:<p>(?:(?!</?p\b).)*</p>\s*)+", re.DOTALL)
_NOT_A_TAG = re.compile(r"&lt;(?![a-zA-Z/!?])")


def source_of(text: str) -> str:
    """HTML of what was typed: each line a paragraph when there are several, formulas escaped."""
    lines = [line.strip() for line in FORMULA.sub(_escaped, text.replace("\r\n", "\n")).strip().split("\n")]
    if _BLOCK.search(text):
        return "\n".join(lines)
    filled = [line for line in lines if line]
    return "".join(f"<p>{line}</p>" for line in filled) if len(filled) > 1 else "".join(filled)


def editable(source: str) -> str:
    """The source as it stands in a text area; ``source_of`` gives it back."""
    text = FORMULA.sub(lambda formula: html.unescape(formula[0]), source)
    if _PARAGRAPHS.fullmatch(text.strip()):
        text = re.sub(r"</p>\s*<p>", "\n", text.strip()).removeprefix("<p>").removesuffix("</p>")
    text = text.replace("<br>", "\n") if not _BLOCK.search(text) else text
    text = _NOT_A_TAG.sub("<", text).replace("&gt;", ">").replace("\u00a0", " ")
    return re.sub(r"&amp;(?![a-zA-Z#])", "&", text)


def _escaped(formula: re.Match[str]) -> str:
    return html.escape(html.unescape(formula[0]), quote=False)
