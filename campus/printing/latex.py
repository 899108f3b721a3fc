r"""LaTeX formulas as typst mathematics.

The result is typst source made of our own words only: functions and spaces from the tables here, and each sign of
the formula as one escaped character or one quoted string. What a person typed never becomes typst code, so the
templates may evaluate it. The dialect is what Vietnamese teachers write and Word exports; a command outside it is
printed as it stands and reported. The parser never fails: unbalanced braces close at the end.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from campus.printing.symbols import (
    DROPPED_ARGUMENT,
    FUNCTIONS,
    LIMIT_FUNCTIONS,
    MATRICES,
    NEGATED,
    SIGNS,
    SILENT,
    SPACES,
    STACKS,
    WRAPPERS,
)

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|\d+(?:\{,\}\d+|[.,]\d+)*|\s+|.", re.DOTALL)
_LONGEST = 8_000
_DEEPEST = 40
_TEXT_COMMANDS = frozenset(
    ["text", "textrm", "textnormal", "mbox", "hbox", "textit", "textbf", "textup", "textsf"]
)
_FRACTIONS = {"frac": "frac({}, {})", "dfrac": "display(frac({}, {}))", "tfrac": "inline(frac({}, {}))",
              "cfrac": "display(frac({}, {}))", "binom": "binom({}, {})", "dbinom": "display(binom({}, {}))",
              "tbinom": "inline(binom({}, {}))"}  # fmt: skip
_CHEMICAL_ARROWS = {"<=>": "⇌", "<->": "↔", "->": "→", "<-": "←"}
_CHEMISTRY = re.compile(
    r"(?P<arrow><=>|<->|->|<-)(?:\[(?P<above>[^\]]*)\])?|(?P<gas>(?<=\s)[\^v](?=\s|$))"
    r"|(?P<up>\^(?:\{[^}]*\}|[\d.]*[+-]|[\w.]+))|(?P<down>_(?:\{[^}]*\}|\w+))|(?P<charge>(?<=[\w)\]])[+-](?=\s|$|[)\]]))"
    r"|(?P<number>\d+)|(?P<letters>[A-Za-z]+)|(?P<space>\s+)|(?P<other>.)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Formula:
    """A formula in typst's words, and the commands that were not understood."""

    typst: str
    unknown: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def typst_math(latex: str) -> Formula:
    """``latex`` (without its delimiters) as typst mathematics, safe to evaluate."""
    if len(latex) > _LONGEST:
        return Formula(_quoted(latex[:200] + "…"), (latex[:40] + "…",))
    parser = _Parser(_TOKEN.findall(latex))
    return Formula(parser.rest() or _quoted(""), tuple(dict.fromkeys(parser.unknown)))


@dataclass
class _Parser:
    tokens: list[str]
    at: int = 0
    depth: int = 0
    unknown: list[str] = field(default_factory=list)

    # --- reading tokens

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def next(self) -> str:
        token = self.peek()
        self.at += 1
        return token

    def skip_space(self) -> None:
        while self.peek().isspace():
            self.at += 1

    # --- sequences

    def rest(self) -> str:
        """Everything to the end; a closing brace too many is passed over."""
        parts = []
        while self.peek():
            parts.append(self.sequence(("}",)))
            if self.peek():
                self.next()
        return " ".join(filter(None, parts))

    def sequence(self, ends: tuple[str, ...]) -> str:
        """Atoms with their scripts, up to one of the tokens ``ends`` (which stays)."""
        parts: list[str] = []
        while self.peek() and self.peek() not in ends:
            if self.peek() == "\\displaystyle":
                self.next()
                inner = self.sequence(ends)
                parts.append(f"display({inner})" if inner else "")
                break
            parts.append(self.scripted())
        return " ".join(filter(None, parts))

    def scripted(self) -> str:
        """One atom and what hangs on it: superscript, subscript, primes."""
        base = "" if self.peek() in ("^", "_", "'") else self.atom()
        over = under = ""
        while True:
            if base:
                self.skip_space_before_script()
            token = self.peek()
            if token == "^":
                self.next()
                over = " ".join(filter(None, (over, self.argument())))
            elif token == "_":
                self.next()
                under = " ".join(filter(None, (under, self.argument())))
            elif token == "'":
                self.next()
                over = {"′": "″", "″": "‴"}.get(over, f"{over} ′".strip())
            elif token in ("\\limits", "\\nolimits"):
                self.next()
                base = f"limits({base})" if token == "\\limits" and base else base
            else:
                break
        if not over and not under:
            return base
        hung = (f", t: {over}" if over else "") + (f", b: {under}" if under else "")
        return f"attach({base or _quoted('')}{hung})"

    def skip_space_before_script(self) -> None:
        after = self.at
        while after < len(self.tokens) and self.tokens[after].isspace():
            after += 1
        if after < len(self.tokens) and self.tokens[after] in ("^", "_", "'", "\\limits", "\\nolimits"):
            self.at = after

    def argument(self) -> str:
        """The argument of a command or script: a group in braces or one atom."""
        self.skip_space()
        token = self.peek()
        if token and token[0].isdigit():
            # x^23 is x squared, then 3: a bare argument is one digit.
            self.tokens[self.at : self.at + 1] = [token[0], *([token[1:]] if token[1:] else [])]
        return self.atom() or _quoted("")

    def raw_argument(self) -> str:
        """The text of a group in braces, unparsed; of one token otherwise."""
        self.skip_space()
        if self.peek() != "{":
            return self.next()
        self.next()
        level, parts = 1, []
        while self.peek():
            token = self.next()
            level += (token == "{") - (token == "}")
            if level == 0:
                break
            parts.append(token)
        return "".join(parts)

    def optional(self) -> str | None:
        """The argument in square brackets, if one stands here."""
        self.skip_space()
        if self.peek() != "[":
            return None
        self.next()
        inner = self.sequence(("]",))
        self.next()
        return inner

    # --- atoms

    def atom(self) -> str:
        token = self.next()
        if not token or token.isspace():
            return ""
        if token in ("}", "^", "_", "&"):
            return ""
        if self.depth >= _DEEPEST:
            self.unknown.append("{{{…")
            return _quoted(token)
        self.depth += 1
        try:
            return self.deeper(token)
        finally:
            self.depth -= 1

    def deeper(self, token: str) -> str:
        """The atom that begins with ``token``, which may hold others."""
        if token == "{":
            inner = self.sequence(("}",))
            self.next()
            # A group is one atom for what hangs on it; typst needs no braces for that inside attach().
            return inner
        if token[0].isdigit():
            return _number(token)
        if token.startswith("\\") and len(token) > 1:
            return self.command(token[1:])
        if token == "|":
            # Bars of an absolute value are typed without \\left: as a relation they would get spaces.
            return 'class("normal", \\|)'
        return "space.nobreak" if token == "~" else _sign(token)

    def command(self, name: str) -> str:
        star = name.rstrip("*")
        if name in SIGNS:
            return _sign(SIGNS[name])
        if name in SPACES:
            return SPACES[name]
        if name in FUNCTIONS:
            return f'op("{name}")'
        if name in LIMIT_FUNCTIONS:
            return f'op("{name}", limits: #true)'
        if name in _FRACTIONS:
            return _FRACTIONS[name].format(self.argument(), self.argument())
        if name in WRAPPERS:
            return f"{WRAPPERS[name]}({self.argument()})"
        if name in SILENT:
            return ""
        if name in _TEXT_COMMANDS:
            return _text(self.raw_argument(), bold=name == "textbf")
        if name in DROPPED_ARGUMENT or star in DROPPED_ARGUMENT:
            self.raw_argument()
            return ""
        special = getattr(self, f"_{star}", None) if star.isalpha() else None
        if special is not None and star in _SPECIAL:
            return str(special())
        if len(name) == 1 and not name.isalpha():
            return "" if name == "\\" else _sign("‖" if name == "|" else name)
        self.unknown.append("\\" + name)
        return _quoted("\\" + name)

    def _sqrt(self) -> str:
        index = self.optional()
        return f"root({index}, {self.argument()})" if index else f"sqrt({self.argument()})"

    def _left(self) -> str:
        opening = self.delimiter()
        inner = self.sequence(("\\right", "}"))
        closing = ""
        if self.peek() == "\\right":
            self.next()
            closing = self.delimiter()
        return (
            f"lr({' '.join(filter(None, (opening, inner, closing)))})" if inner or opening or closing else ""
        )

    def _right(self) -> str:
        return self.delimiter()

    def _middle(self) -> str:
        delimiter = self.delimiter()
        return f"mid({delimiter})" if delimiter else ""

    def delimiter(self) -> str:
        """A delimiter after ``\\left`` or ``\\right``; a point is none."""
        self.skip_space()
        token = self.next()
        if token in ("", "."):
            return ""
        if token.startswith("\\"):
            name = token[1:]
            return _sign(SIGNS.get(name, "‖" if name == "|" else name[:1]))
        return _sign({"<": "⟨", ">": "⟩"}.get(token, token[:1]))

    def _begin(self) -> str:
        name = self.raw_argument()
        if name in ("array", "alignedat"):
            self.optional()
            self.raw_argument()
        rows = self.rows()
        body = "; ".join(", ".join(cell or _quoted("") for cell in row) for row in rows)
        base = name.rstrip("*")
        if base in ("cases", "dcases"):
            lines = ", ".join(" & ".join(filter(None, row)) or _quoted("") for row in rows)
            return f"display(cases({lines}))"
        if base in MATRICES:
            opening, closing = MATRICES[base]
            matrix = f"display(mat(delim: #none, {body}))"
            return f"lr({_sign(opening)} {matrix} {_sign(closing)})" if opening else matrix
        if name not in STACKS:
            self.unknown.append(f"\\begin{{{name}}}")
        return f"display(mat(delim: #none, align: #left, column-gap: #0.35em, {body}))"

    def _end(self) -> str:
        self.raw_argument()
        return ""

    def rows(self) -> list[list[str]]:
        """The cells of an environment, row by row; ``&`` parts cells, a double backslash rows."""
        rows: list[list[str]] = [[""]]
        while self.peek():
            rows[-1][-1] = self.sequence(("&", "\\\\", "\\end", "}"))
            token = self.next()
            if token == "&":
                rows[-1].append("")
            elif token == "\\\\":
                if self.peek() == "[":
                    self.optional()
                rows.append([""])
            elif token == "\\end":
                self.raw_argument()
                break
        if len(rows) > 1 and not any(rows[-1]):
            rows.pop()
        return rows

    def _overset(self) -> str:
        over, base = self.argument(), self.argument()
        return f"overparen({base})" if over == "⌢" else f"attach(limits({base}), t: {over})"

    _stackrel = _overset

    def _underset(self) -> str:
        under, base = self.argument(), self.argument()
        return f"attach(limits({base}), b: {under})"

    def _underbrace(self) -> str:
        return f"limits(underbrace({self.argument()}))"

    def _overbrace(self) -> str:
        return f"limits(overbrace({self.argument()}))"

    def _xrightarrow(self, arrow: str = "→") -> str:
        under, over = self.optional(), self.argument()
        below = f", b: {under}" if under else ""
        return f"attach(limits(stretch({arrow}, size: #250%)), t: {over}{below})"

    def _xleftarrow(self) -> str:
        return self._xrightarrow("←")

    def _mathbf(self) -> str:
        return f"bold(upright({self.argument()}))"

    def _boxed(self) -> str:
        return self.argument()

    def _textcolor(self) -> str:
        self.raw_argument()
        return self.argument()

    def _operatorname(self) -> str:
        return f"op({_quoted(self.raw_argument())})"

    def _not(self) -> str:
        self.skip_space()
        token = self.next()
        sign = SIGNS.get(token[1:], "") if token.startswith("\\") else token
        return (
            _sign(NEGATED[sign]) if sign in NEGATED else f"cancel({_sign(sign[:1]) if sign else _quoted('')})"
        )

    def _substack(self) -> str:
        self.skip_space()
        if self.peek() == "{":
            self.next()
        cells: list[str] = []
        while self.peek() and self.peek() != "}":
            cells.append(self.sequence(("\\\\", "}")) or _quoted(""))
            if self.peek() == "\\\\":
                self.next()
        self.next()
        return f"mat(delim: #none, {'; '.join(cells or [_quoted('')])})"

    def _bmod(self) -> str:
        return 'op("mod")'

    def _pmod(self) -> str:
        return f'\\( op("mod") {self.argument()} \\)'

    def _ce(self) -> str:
        return chemistry(self.raw_argument())

    _ch = _ce


_SPECIAL = frozenset(
    name.removeprefix("_")
    for name, member in vars(_Parser).items()
    if name.startswith("_") and name[1:].isalpha() and callable(member)
)


def chemistry(formula: str) -> str:
    r"""The inside of ``\ce{…}``: symbols upright, counts below, charges above, arrows (``2H2 + O2 -> 2H2O``)."""
    parts: list[str] = []
    previous = "space"
    for match in _CHEMISTRY.finditer(formula):
        kind, text = str(match.lastgroup), match.group()
        if match["arrow"]:
            kind = "arrow"
            arrow = _CHEMICAL_ARROWS[match["arrow"]]
            above = match["above"]
            sign = f"stretch({arrow}, size: #200%)"
            parts.append(f"attach(limits({sign}), t: {chemistry(above)})" if above else sign)
        elif kind == "gas":
            parts.append("↑" if text == "^" else "↓")
        elif kind in ("up", "down", "charge") or (kind == "number" and previous in ("letters", "closing")):
            where = "t" if kind in ("up", "charge") else "b"
            script = _script(text.lstrip("^_").strip("{}"))
            parts.append(_hang(parts.pop() if parts and previous != "space" else _quoted(""), where, script))
        elif kind in ("number", "letters"):
            parts.append(_quoted(text))
        elif kind == "space":
            parts.append(" ")
        elif kind == "other":
            parts.append(_sign({"*": "⋅", "-": "−", "=": "=", "#": "≡"}.get(text, text)))
            kind = "closing" if text in ")]" else kind
        previous = kind if kind not in ("up", "down", "charge") else "letters"
    # Side by side: a space in the source between two strings is one on paper (H₂ O).
    return "".join(parts).strip() or _quoted("")


def _hang(base: str, where: str, script: str) -> str:
    """``base`` with a script more: one sub- and one superscript stand on one base, not beside each other."""
    other = "t" if where == "b" else "b"
    if base.startswith("attach(") and f", {other}: " in base and f", {where}: " not in base:
        return f"{base[:-1]}, {where}: {script})"
    return f"attach({base}, {where}: {script})"


def _script(text: str) -> str:
    return " ".join(
        _quoted(part) if part.isalnum() else _sign(part) for part in re.findall(r"\w+|\S", text)
    ) or _quoted("")


def _number(token: str) -> str:
    """Digits; a decimal comma is an ordinary sign, or typst would leave a space after it."""
    digits = re.split(r"\{,\}|(,)", token)
    return ' class("normal", \\,) '.join(part for part in digits if part and part != ",")


def _text(text: str, bold: bool = False) -> str:
    # Words in the face of the text around. Formulas inside \text ($x$) are rare; their dollar signs go, their letters stay.
    plain = re.sub(r"\\([{}%&#_$ ])", r"\1", text).replace("$", "").replace("~", "\u00a0")
    return f'#text(font: "Libertinus Serif", {"weight: 700, " if bold else ""}{_quoted(plain)})'


def _quoted(text: str) -> str:
    """``text`` as a typst string, which typst never reads as code."""
    visible = "".join(sign for sign in text if sign.isprintable() or sign == "\u00a0")
    return '"' + visible.replace("\\", "\\\\").replace('"', '\\"') + '"'


_BETTER_SIGNS = {"-": "−", "*": "∗", "'": "′"}


def _sign(sign: str) -> str:
    """One character as a typst atom: letters bare, Vietnamese ones as text, everything else escaped."""
    if not sign or not sign.isprintable():
        return ""
    sign = _BETTER_SIGNS.get(sign, sign)
    if sign.isascii() and sign.isalnum():
        return sign
    category = unicodedata.category(sign)
    if sign.isascii() or category in ("Ps", "Pe"):
        # Escaped, a bracket may stand alone (half-open intervals, floors split by an error).
        return "\\" + sign
    if category.startswith("S") or category in ("Po", "Pd") or sign in SIGNS.values():
        return sign
    return _quoted(sign)
