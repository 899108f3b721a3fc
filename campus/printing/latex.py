r"""LaTeX formulas as typst mathematics.

The result is typst source made of our own words only: functions and spaces from the tables here, and each sign of
the formula as one escaped character or one quoted string. What a person typed never becomes typst code, so the
templates may evaluate it. The dialect is what Vietnamese teachers write and Word exports; a command outside it is
printed as it stands and reported. The parser never fails: unbalanced braces close at the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from campus.printing.atoms import number, quoted, sign, words
from campus.printing.chemistry import chemistry
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
_TEXT_COMMANDS = frozenset(["text", "textrm", "textnormal", "mbox", "hbox", "textit", "textbf", "textup", "textsf"])
_FRACTIONS = {"frac": "frac({}, {})", "dfrac": "display(frac({}, {}))", "tfrac": "inline(frac({}, {}))",
              "cfrac": "display(frac({}, {}))", "binom": "binom({}, {})", "dbinom": "display(binom({}, {}))",
              "tbinom": "inline(binom({}, {}))"}  # fmt: skip


@dataclass(frozen=True)
class Formula:
    """A formula in typst's words, and the commands that were not understood."""

    typst: str
    unknown: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def typst_math(latex: str) -> Formula:
    """``latex`` (without its delimiters) as typst mathematics, safe to evaluate."""
    if len(latex) > _LONGEST:
        return Formula(quoted(latex[:200] + "…"), (latex[:40] + "…",))
    parser = _Parser(_TOKEN.findall(latex))
    return Formula(parser.rest() or quoted(""), tuple(dict.fromkeys(parser.unknown)))


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
        piece = self.peek()
        self.at += 1
        return piece

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
            piece = self.peek()
            if piece == "^":
                self.next()
                over = " ".join(filter(None, (over, self.argument())))
            elif piece == "_":
                self.next()
                under = " ".join(filter(None, (under, self.argument())))
            elif piece == "'":
                self.next()
                over = {"′": "″", "″": "‴"}.get(over, f"{over} ′".strip())
            elif piece in ("\\limits", "\\nolimits"):
                self.next()
                base = f"limits({base})" if piece == "\\limits" and base else base
            else:
                break
        if not over and not under:
            return base
        hung = (f", t: {over}" if over else "") + (f", b: {under}" if under else "")
        return f"attach({base or quoted('')}{hung})"

    def skip_space_before_script(self) -> None:
        after = self.at
        while after < len(self.tokens) and self.tokens[after].isspace():
            after += 1
        if after < len(self.tokens) and self.tokens[after] in ("^", "_", "'", "\\limits", "\\nolimits"):
            self.at = after

    def argument(self) -> str:
        """The argument of a command or script: a group in braces or one atom."""
        self.skip_space()
        piece = self.peek()
        if piece and piece[0].isdigit():
            # x^23 is x squared, then 3: a bare argument is one digit.
            self.tokens[self.at : self.at + 1] = [piece[0], *([piece[1:]] if piece[1:] else [])]
        return self.atom() or quoted("")

    def raw_argument(self) -> str:
        """The text of a group in braces, unparsed; of one piece otherwise."""
        self.skip_space()
        if self.peek() != "{":
            return self.next()
        self.next()
        level, parts = 1, []
        while self.peek():
            piece = self.next()
            level += (piece == "{") - (piece == "}")
            if level == 0:
                break
            parts.append(piece)
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
        piece = self.next()
        if not piece or piece.isspace():
            return ""
        if piece in ("}", "^", "_", "&"):
            return ""
        if self.depth >= _DEEPEST:
            self.unknown.append("{{{…")
            return quoted(piece)
        self.depth += 1
        try:
            return self.deeper(piece)
        finally:
            self.depth -= 1

    def deeper(self, piece: str) -> str:
        """The atom that begins with ``piece``, which may hold others."""
        if piece == "{":
            inner = self.sequence(("}",))
            self.next()
            # A group is one atom for what hangs on it; typst needs no braces for that inside attach().
            return inner
        if piece[0].isdigit():
            return number(piece)
        if piece.startswith("\\") and len(piece) > 1:
            return self.command(piece[1:])
        if piece == "|":
            # Bars of an absolute value are typed without \\left: as a relation they would get spaces.
            return 'class("normal", \\|)'
        return "space.nobreak" if piece == "~" else sign(piece)

    def command(self, name: str) -> str:
        star = name.rstrip("*")
        if name in SIGNS:
            return sign(SIGNS[name])
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
            return words(self.raw_argument(), bold=name == "textbf")
        if name in DROPPED_ARGUMENT or star in DROPPED_ARGUMENT:
            self.raw_argument()
            return ""
        special = getattr(self, f"_{star}", None) if star.isalpha() else None
        if special is not None and star in _SPECIAL:
            return str(special())
        if len(name) == 1 and not name.isalpha():
            return "" if name == "\\" else sign("‖" if name == "|" else name)
        self.unknown.append("\\" + name)
        return quoted("\\" + name)

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
        return f"lr({' '.join(filter(None, (opening, inner, closing)))})" if inner or opening or closing else ""

    def _right(self) -> str:
        return self.delimiter()

    def _middle(self) -> str:
        delimiter = self.delimiter()
        return f"mid({delimiter})" if delimiter else ""

    def delimiter(self) -> str:
        """A delimiter after ``\\left`` or ``\\right``; a point is none."""
        self.skip_space()
        piece = self.next()
        if piece in ("", "."):
            return ""
        if piece.startswith("\\"):
            name = piece[1:]
            return sign(SIGNS.get(name, "‖" if name == "|" else name[:1]))
        return sign({"<": "⟨", ">": "⟩"}.get(piece, piece[:1]))

    def _begin(self) -> str:
        name = self.raw_argument()
        if name in ("array", "alignedat"):
            self.optional()
            self.raw_argument()
        rows = self.rows()
        body = "; ".join(", ".join(cell or quoted("") for cell in row) for row in rows)
        base = name.rstrip("*")
        if base in ("cases", "dcases"):
            lines = ", ".join(" & ".join(filter(None, row)) or quoted("") for row in rows)
            return f"display(cases({lines}))"
        if base in MATRICES:
            opening, closing = MATRICES[base]
            matrix = f"display(mat(delim: #none, {body}))"
            return f"lr({sign(opening)} {matrix} {sign(closing)})" if opening else matrix
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
            piece = self.next()
            if piece == "&":
                rows[-1].append("")
            elif piece == "\\\\":
                if self.peek() == "[":
                    self.optional()
                rows.append([""])
            elif piece == "\\end":
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
        return f"op({quoted(self.raw_argument())})"

    def _not(self) -> str:
        self.skip_space()
        piece = self.next()
        relation = SIGNS.get(piece[1:], "") if piece.startswith("\\") else piece
        return sign(NEGATED[relation]) if relation in NEGATED else f"cancel({sign(relation[:1])})"

    def _substack(self) -> str:
        self.skip_space()
        if self.peek() == "{":
            self.next()
        cells: list[str] = []
        while self.peek() and self.peek() != "}":
            cells.append(self.sequence(("\\\\", "}")) or quoted(""))
            if self.peek() == "\\\\":
                self.next()
        self.next()
        return f"mat(delim: #none, {'; '.join(cells or [quoted('')])})"

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
