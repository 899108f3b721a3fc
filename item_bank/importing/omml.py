"""Word's formulas (OMML) as LaTeX.

One function for each of OMML's structures, found by element name. The LaTeX is of the kind our renderer and
teachers know: no packages beyond amsmath, ``\\left … \\right`` only around what is tall.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from item_bank.importing.latex_symbols import ACCENTS, FUNCTIONS, NARY, braces, escaped, fence, spaced

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DEEPEST = 80

_TALL = re.compile(r"\\(frac|dfrac|int|iint|iiint|oint|sum|prod|begin|sqrt|lim|underset|overset|binom|bigcup|bigcap)\b")
_ALPHABETS = {"double-struck": "mathbb", "script": "mathcal", "fraktur": "mathfrak"}
_MATRIX_FENCES = {("(", ")"): "pmatrix", ("[", "]"): "bmatrix", ("|", "|"): "vmatrix", ("‖", "‖"): "Vmatrix"}
_SKIPPED = {"ctrlPr", "rPr", "oMathParaPr", "argPr"}
_ARROWS = {"→": "xrightarrow", "←": "xleftarrow", "⇌": "xrightleftharpoons", "⇒": "xRightarrow"}
# A sign that covers what is below it -> its command.
_ABOVE = {
    "→": "overrightarrow", "⃗": "overrightarrow", "⟶": "overrightarrow", "⇀": "overrightarrow", "←": "overleftarrow",
    "↔": "overleftrightarrow", "⏞": "overbrace", "¯": "overline", "‾": "overline", "ˉ": "overline", "^": "widehat",
    "ˆ": "widehat", "⏜": "overset{\\frown}", "⌒": "overset{\\frown}", "⁀": "overset{\\frown}",
}  # fmt: skip


class TooDeep(ValueError):
    """The formula nests deeper than any real one."""


def latex(element: etree._Element) -> str:
    """LaTeX of an ``m:oMath`` (or any OMML element); raises TooDeep for a hostile one."""
    return tidy(_children(element, 0))


def tidy(text: str) -> str:
    """Without needless spaces."""
    text = re.sub(r"[ \t\n\u00a0]+", " ", text)
    text = re.sub(r" (?=[\^_})\],;])", "", text)
    return re.sub(r"(?<=[{(\[]) ", "", text).strip()


def _children(element: etree._Element | None, depth: int) -> str:
    if element is None:
        return ""
    if depth > DEEPEST:
        raise TooDeep
    pieces = []
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name = etree.QName(child).localname
        if name in _SKIPPED or name.endswith("Pr") or name in ("del", "moveFrom"):
            continue
        pieces.append(_STRUCTURES.get(name, _children)(child, depth + 1))
    return "".join(pieces)


def _part(element: etree._Element, name: str, depth: int) -> str:
    return tidy(_children(element.find(M + name), depth))


def _property(element: etree._Element, name: str) -> str | None:
    """The value of a property of the element, None when it is absent; an absent value means ``on``."""
    tag = etree.QName(element).localname
    found = element.find(f"{M}{tag}Pr/{M}{name}")
    return None if found is None else found.get(M + "val", "on" if name.endswith("Hide") else "")


def _is_on(value: str | None) -> bool:
    return value in ("on", "1", "true")


def _run(element: etree._Element, depth: int) -> str:
    text = "".join(child.text or "" for child in element if child.tag in (M + "t", W + "t"))
    properties = element.find(M + "rPr")
    if properties is None:
        return escaped(text)
    if properties.find(M + "nor") is not None:
        if text.strip() in FUNCTIONS and next(element.iterancestors(M + "fName"), None) is not None:
            return f"\\{text.strip()} "
        return _text(text) if re.search(r"[^\W\d_]", text) else escaped(text)
    script, style = properties.find(M + "scr"), properties.find(M + "sty")
    alphabet = _ALPHABETS.get("" if script is None else script.get(M + "val", ""))
    if alphabet:
        return f"\\{alphabet}{{{escaped(text)}}}"
    value = None if style is None else style.get(M + "val")
    if value in ("b", "bi") and re.fullmatch(r"[A-Za-z0-9]+", text):
        return f"\\{'mathbf' if value == 'b' else 'boldsymbol'}{{{text}}}"
    if value == "p" and re.fullmatch(r"[A-Za-z]{2,}", text) and text not in FUNCTIONS:
        return f"\\mathrm{{{text}}}"
    return escaped(text)


def _text(text: str) -> str:
    words = re.sub(r"([#%&_{}$])", r"\\\1", text.replace("\\", "").strip())
    before, after = (" " if text[:1].isspace() else ""), (" " if text[-1:].isspace() else "")
    return spaced(f"{before}\\text{{{words}}}{after}")


def _fraction(element: etree._Element, depth: int) -> str:
    above, below = _part(element, "num", depth), _part(element, "den", depth)
    kind = _property(element, "type")
    if kind in ("lin", "skw"):
        return f"{_grouped(above)}/{_grouped(below)}"
    if kind == "noBar":
        return f"\\begin{{matrix}}{above}\\\\{below}\\end{{matrix}}"
    return f"\\frac{{{above}}}{{{below}}}"


def _grouped(text: str) -> str:
    return text if re.fullmatch(r"\w+|\(.*\)", text) else f"({text})"


def _radical(element: etree._Element, depth: int) -> str:
    degree = "" if _is_on(_property(element, "degHide")) else _part(element, "deg", depth)
    return (f"\\sqrt[{degree}]" if degree else "\\sqrt") + f"{{{_part(element, 'e', depth)}}}"


def _superscript(element: etree._Element, depth: int) -> str:
    base, above = _part(element, "e", depth), _part(element, "sup", depth)
    if re.fullmatch(r"'+", above):
        return braces(base) + above
    return f"{braces(base)}^{{{above}}}"


def _subscript(element: etree._Element, depth: int) -> str:
    return f"{braces(_part(element, 'e', depth))}_{{{_part(element, 'sub', depth)}}}"


def _both_scripts(element: etree._Element, depth: int) -> str:
    base = braces(_part(element, "e", depth)) or "{}"
    return f"{base}_{{{_part(element, 'sub', depth)}}}^{{{_part(element, 'sup', depth)}}}"


def _scripts_before(element: etree._Element, depth: int) -> str:
    scripts = f"{{}}_{{{_part(element, 'sub', depth)}}}^{{{_part(element, 'sup', depth)}}}"
    return scripts + _part(element, "e", depth)


def _nary(element: etree._Element, depth: int) -> str:
    sign = _property(element, "chr")
    command = NARY.get("∫" if sign is None else sign) or escaped(sign or "")
    below = "" if _is_on(_property(element, "subHide")) else _part(element, "sub", depth)
    above = "" if _is_on(_property(element, "supHide")) else _part(element, "sup", depth)
    scripts = (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")
    return f"{command}{scripts or ' '}{_part(element, 'e', depth)}"


def _delimited(element: etree._Element, depth: int) -> str:
    opening, closing = _property(element, "begChr"), _property(element, "endChr")
    opening = "(" if opening is None else opening
    closing = ")" if closing is None else closing
    whole = _fenced_array(element, opening, closing, depth)
    if whole is not None:
        return whole
    separator = _property(element, "sepChr")
    separator = "|" if separator is None else separator
    inner = escaped(separator).join(tidy(_children(part, depth)) for part in element.findall(M + "e"))
    if _TALL.search(inner) or not (opening and closing):
        return f"\\left{fence(opening) or '.'}{inner}\\right{fence(closing) or '.'}"
    return f"{fence(opening)}{inner}{fence(closing)}"


def _fenced_array(element: etree._Element, opening: str, closing: str, depth: int) -> str | None:
    """Cases, a matrix with its brackets or a binomial; None for an ordinary bracket."""
    parts = element.findall(M + "e")
    inner = [child for part in parts for child in part if not str(child.tag).endswith("Pr") and not _is_blank(child)]
    if len(parts) != 1 or len(inner) != 1:
        return None
    only = inner[0]
    if only.tag == M + "f" and _property(only, "type") == "noBar" and (opening, closing) == ("(", ")"):
        return f"\\binom{{{_part(only, 'num', depth)}}}{{{_part(only, 'den', depth)}}}"
    if only.tag not in (M + "eqArr", M + "m"):
        return None
    if opening == "{" and not closing:
        return f"\\begin{{cases}}{_rows(only, depth)}\\end{{cases}}"
    environment = _MATRIX_FENCES.get((opening, closing))
    if environment and only.tag == M + "m":
        return f"\\begin{{{environment}}}{_rows(only, depth)}\\end{{{environment}}}"
    array = _equation_array(only, depth)
    return f"\\left{fence(opening) or '.'}{array}\\right{fence(closing) or '.'}"


def _is_blank(element: etree._Element) -> bool:
    """A run without text, as LibreOffice leaves them beside structures."""
    return bool(element.tag == M + "r") and not _letters(element)


def _letters(element: etree._Element | None) -> str:
    """All characters of the element, as they stand."""
    found = element.iter(M + "t") if element is not None else ()
    return "".join(text.text or "" for text in found).strip()


def _rows(element: etree._Element, depth: int) -> str:
    if element.tag == M + "m":
        rows = [
            " & ".join(tidy(_children(cell, depth)) for cell in row.findall(M + "e"))
            for row in element.findall(M + "mr")
        ]
    else:
        # An ampersand in an equation array is Word's alignment point, not a character to be read.
        rows = [tidy(_children(row, depth).replace("\\&", "")) for row in element.findall(M + "e")]
    return " \\\\ ".join(rows)


def _matrix(element: etree._Element, depth: int) -> str:
    return f"\\begin{{matrix}}{_rows(element, depth)}\\end{{matrix}}"


def _equation_array(element: etree._Element, depth: int) -> str:
    columns = "l"
    if element.tag == M + "m":
        columns = "c" * max((len(row.findall(M + "e")) for row in element.findall(M + "mr")), default=1)
    return f"\\begin{{array}}{{{columns}}}{_rows(element, depth)}\\end{{array}}"


def _function(element: etree._Element, depth: int) -> str:
    name = _part(element, "fName", depth)
    argument = _part(element, "e", depth)
    plain = re.fullmatch(r"(?:\\mathrm\{|\\text\{)?([A-Za-z]+)\}?", name)
    if plain:
        name = "\\" + plain[1] if plain[1] in FUNCTIONS else f"\\operatorname{{{plain[1]}}}"
    return f"{name} {argument}"


def _limit_below(element: etree._Element, depth: int) -> str:
    base, limit = _part(element, "e", depth), _part(element, "lim", depth)
    if re.fullmatch(r"\\(lim|max|min|sup|inf|limsup|liminf)|\\underbrace\{.*\}", base):
        return f"{base}_{{{limit}}}"
    return f"\\underset{{{limit}}}{{{base}}}"


def _limit_above(element: etree._Element, depth: int) -> str:
    base, limit = _part(element, "e", depth), _part(element, "lim", depth)
    # LibreOffice writes an arrow or arc that covers several letters as a limit above them.
    cover = _ABOVE.get(_letters(element.find(M + "lim")))
    if cover:
        return f"\\{cover}{{{base}}}"
    if base.startswith("\\overbrace"):
        return f"{base}^{{{limit}}}"
    arrow = {"\\rightarrow": "xrightarrow", "\\to": "xrightarrow", "\\leftarrow": "xleftarrow"}.get(base)
    return f"\\{arrow}{{{limit}}}" if arrow else f"\\overset{{{limit}}}{{{base}}}"


def _accent(element: etree._Element, depth: int) -> str:
    sign = _property(element, "chr")
    inner = _part(element, "e", depth)
    narrow, wide = ACCENTS.get("\u0302" if sign is None else sign, ("overline", "overline"))
    if narrow == "frown":
        return f"\\overset{{\\frown}}{{{inner}}}"
    command = narrow if re.fullmatch(r".|\\[a-zA-Z]+", inner) else wide
    return f"\\{command}{{{inner}}}"


def _bar(element: etree._Element, depth: int) -> str:
    command = "overline" if _property(element, "pos") == "top" else "underline"
    return f"\\{command}{{{_part(element, 'e', depth)}}}"


def _group_character(element: etree._Element, depth: int) -> str:
    sign = _property(element, "chr")
    sign = "⏟" if sign is None else sign
    inner = _part(element, "e", depth)
    on_top = _property(element, "pos") == "top"
    if sign in _ARROWS and not on_top:
        return f"\\{_ARROWS[sign]}{{{inner}}}"
    if on_top and sign in _ABOVE:
        return f"\\{_ABOVE[sign]}{{{inner}}}"
    if sign == "⏟":
        return f"\\underbrace{{{inner}}}"
    return f"\\{'overset' if on_top else 'underset'}{{{escaped(sign)}}}{{{inner}}}"


def _boxed(element: etree._Element, depth: int) -> str:
    return f"\\boxed{{{_part(element, 'e', depth)}}}"


def _phantom(element: etree._Element, depth: int) -> str:
    inner = _part(element, "e", depth)
    return f"\\phantom{{{inner}}}" if _property(element, "show") in ("0", "off", "false") else inner


_STRUCTURES: dict[str, Callable[[etree._Element, int], str]] = {
    "r": _run, "f": _fraction, "rad": _radical, "sSup": _superscript, "sSub": _subscript,
    "sSubSup": _both_scripts, "sPre": _scripts_before, "nary": _nary, "d": _delimited, "m": _matrix,
    "eqArr": _equation_array, "func": _function, "limLow": _limit_below, "limUpp": _limit_above, "acc": _accent,
    "bar": _bar, "groupChr": _group_character, "borderBox": _boxed, "phant": _phantom,
}  # fmt: skip
