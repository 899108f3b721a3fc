"""Rich text: the only place where HTML becomes safe.

*Source* is what is stored: a subset of HTML with formulas as ``\\( LaTeX \\)`` and ``\\[ LaTeX \\]`` and pictures as
``blob:DIGEST``. :func:`clean` makes source of anything a person brings (bleach, then nh3 as a second wall; what is
stored is nh3's output, a fixed point of both). :func:`render` makes the HTML that browsers get, formulas as MathML.
No ``style`` attribute survives: the content security policy forbids it anyway.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import lru_cache

import bleach
import nh3
from latex2mathml.converter import convert as latex_to_mathml

from campus.vietnamese import nfc

POLICY_VERSION = 1
TAGS = frozenset(
    "p br b strong i em u s sub sup ul ol li table thead tbody tr th td caption img span blockquote pre code "
    "h3 h4 hr div".split()
)
ATTRIBUTES = {
    "img": ["src", "alt", "width", "height", "class"],
    "td": ["colspan", "rowspan", "class"],
    "th": ["colspan", "rowspan", "scope", "class"],
    "p": ["class"],
    "span": ["class", "lang"],
    "div": ["class"],
    "table": ["class"],
    "ol": ["start"],
}
# ink, ink-red and marker show a teacher's file as it looked: red and highlighting are how keys are marked there.
CLASSES = frozenset("center right left indent small wide half third blank note frame ink ink-red marker".split())
_DIGEST = re.compile(r"blob:[0-9a-f]{64}\Z")
FORMULA = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]", re.S)
_FORBIDDEN_COMMANDS = re.compile(r"\\(href|url|style|class|cssId|require|includegraphics)\b")
# A comma between digits is part of the number: as an operator it would get a space after it.
# A plus or minus right after an opening bracket, a separator or a relation: browsers would take it for the operation.
_SIGN = re.compile(r"(<mo(?: [^>]*)?>(?:[(\[{;,:=≠≤≥≈∈→⇒⇔]|&lt;|&gt;)</mo>)<mo>([−+±∓-])</mo>")
_DECIMAL_COMMA = re.compile(r"<mn>(\d+)</mn><mrow><mo>,</mo></mrow><mn>(\d+)</mn>")
_MATHML_TAGS = frozenset(
    "math semantics mrow mi mn mo ms mtext mspace msup msub msubsup mfrac msqrt mroot mover munder munderover "
    "mtable mtr mtd mstyle mpadded mphantom menclose merror mfenced mmultiscripts mprescripts none".split()
)
_MATHML_ATTRIBUTES = {
    "*": {
        "mathvariant", "stretchy", "fence", "separator", "accent", "accentunder", "form", "lspace", "rspace",
        "minsize", "maxsize", "symmetric", "largeop", "movablelimits", "linethickness", "displaystyle",
        "scriptlevel", "columnalign", "rowalign", "columnspacing", "rowspacing", "columnlines", "rowlines",
        "notation", "width", "height", "depth", "display",
    }
}  # fmt: skip


def clean(source: str) -> str:
    """Safe source of any HTML; a fixed point: ``clean(clean(x)) == clean(x)``."""
    text = nfc(source).replace("\x00", "")
    once = nh3.clean(_bleached(text), **_NH3)  # type: ignore[arg-type]
    for _ in range(4):
        again = nh3.clean(_bleached(once), **_NH3)  # type: ignore[arg-type]
        if again == once:
            return once
        once = again
    return html.escape(plain(once))


def _bleached(text: str) -> str:
    return str(bleach.clean(text, tags=TAGS, attributes=_bleach_attribute, protocols={"blob"}, strip=True))


def _bleach_attribute(tag: str, name: str, value: str) -> bool:
    return name in ATTRIBUTES.get(tag, ()) and _attribute(tag, name, value) is not None


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "src":
        return value if _DIGEST.match(value) else None
    if name == "class":
        kept = [word for word in value.split() if word in CLASSES]
        return " ".join(kept) or None
    if name in ("width", "height", "colspan", "rowspan", "start"):
        return value if value.isdigit() and len(value) < 5 else None
    return value


_NH3 = {
    "tags": set(TAGS),
    "attributes": {tag: set(names) for tag, names in ATTRIBUTES.items()},
    "attribute_filter": _attribute,
    "url_schemes": {"blob"},
    "link_rel": None,
    "clean_content_tags": {"script", "style"},
}


def render(source: str, picture_url: Callable[[str], str]) -> str:
    """The HTML a browser gets: formulas as MathML, pictures by ``picture_url(digest)``.

    ``source`` must come from :func:`clean`. A formula that cannot be rendered is shown as its LaTeX.
    """
    shown = FORMULA.sub(_formula, source)
    return re.sub(r'src="blob:([0-9a-f]{64})"', lambda match: f'src="{html.escape(picture_url(match[1]))}"', shown)


def _formula(match: re.Match[str]) -> str:
    latex = html.unescape(re.sub(r"<[^>]*>", "", match[1] or match[2])).strip()
    mathml = mathml_of(latex, display=match[2] is not None)
    return mathml or f'<code class="formula-source">{html.escape(latex)}</code>'


@lru_cache(maxsize=20_000)
def mathml_of(latex: str, display: bool = False) -> str | None:
    """MathML of a LaTeX formula, through an allow-list; None when it cannot be rendered faithfully."""
    if _FORBIDDEN_COMMANDS.search(latex):
        return None
    try:
        raw = latex_to_mathml(_in_our_dialect(latex), display="block" if display else "inline")
    except Exception:  # the converter raises many kinds; each means the same: it cannot
        return None
    safe = nh3.clean(
        raw,
        tags=set(_MATHML_TAGS),
        attributes={tag: set(_MATHML_ATTRIBUTES["*"]) for tag in _MATHML_TAGS},
        clean_content_tags={"script", "style"},
        strip_comments=True,
        link_rel=None,
    )
    if "\\" in re.sub(r"<[^>]*>", "", safe):
        return None
    safe = _spaced(_DECIMAL_COMMA.sub(r"<mn>\1,\2</mn>", safe))
    return safe if "<math" in safe else None


def _spaced(mathml: str) -> str:
    """Infinity as a quantity, the semicolon as a separator, and a sign that stands before its number close to it."""
    mathml = mathml.replace("<mo>∞</mo>", "<mi>∞</mi>").replace("<mi>;</mi>", "<mo>;</mo>")
    return _SIGN.sub(r'\1<mo form="prefix">\2</mo>', mathml)


def _in_our_dialect(latex: str) -> str:
    """What teachers write, in the converter's words: decimal commas grouped, ``\\backslash`` as set difference."""
    return re.sub(r"(?<=\d),(?=\d)", "{,}", latex.replace(r"\backslash", r"\setminus "))


def problems(source: str) -> list[str]:
    """The formulas of ``source`` that cannot be rendered, as LaTeX."""
    found = []
    for match in FORMULA.finditer(source):
        latex = html.unescape(re.sub(r"<[^>]*>", "", match[1] or match[2])).strip()
        if mathml_of(latex) is None:
            found.append(latex)
    return found


def pictures(source: str) -> list[str]:
    """Digests of the pictures in ``source``, in order."""
    return re.findall(r'src="blob:([0-9a-f]{64})"', source)


def plain(source: str) -> str:
    """Text without mark-up, formulas as ``$LaTeX$``: for search, fingerprints and lists."""
    text = FORMULA.sub(lambda m: "$" + re.sub(r"<[^>]*>", "", m[1] or m[2]).strip() + "$", source)
    text = re.sub(r"<sub>(.*?)</sub>", r"_{\1}", text, flags=re.S)
    text = re.sub(r"<sup>(.*?)</sup>", r"^{\1}", text, flags=re.S)
    text = re.sub(r"</(p|li|tr|td|th|div|h3|h4)>|<br\s*/?>", " ", text)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "", text))).strip()
