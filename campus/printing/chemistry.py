"""Chemical formulas and reactions as typst mathematics: what stands inside ``\\ce{…}``."""

from __future__ import annotations

import re

from campus.printing.atoms import quoted, sign

_CHEMICAL_ARROWS = {"<=>": "⇌", "<->": "↔", "->": "→", "<-": "←"}
_CHEMISTRY = re.compile(
    r"(?P<arrow><=>|<->|->|<-)(?:\[(?P<above>[^\]]*)\])?|(?P<gas>(?<=\s)[\^v](?=\s|$))"
    r"|(?P<up>\^(?:\{[^}]*\}|[\d.]*[+-]|[\w.]+))|(?P<down>_(?:\{[^}]*\}|\w+))|(?P<charge>(?<=[\w)\]])[+-](?=\s|$|[)\]]))"
    r"|(?P<number>\d+)|(?P<letters>[A-Za-z]+)|(?P<space>\s+)|(?P<other>.)",
    re.DOTALL,
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
            stretched = f"stretch({arrow}, size: #200%)"
            parts.append(f"attach(limits({stretched}), t: {chemistry(above)})" if above else stretched)
        elif kind == "gas":
            parts.append("↑" if text == "^" else "↓")
        elif kind in ("up", "down", "charge") or (kind == "number" and previous in ("letters", "closing")):
            where = "t" if kind in ("up", "charge") else "b"
            script = _script(text.lstrip("^_").strip("{}"))
            parts.append(_hang(parts.pop() if parts and previous != "space" else quoted(""), where, script))
        elif kind in ("number", "letters"):
            parts.append(quoted(text))
        elif kind == "space":
            parts.append(" ")
        elif kind == "other":
            parts.append(sign({"*": "⋅", "-": "−", "=": "=", "#": "≡"}.get(text, text)))
            kind = "closing" if text in ")]" else kind
        previous = kind if kind not in ("up", "down", "charge") else "letters"
    # Side by side: a space in the source between two strings is one on paper (H₂ O).
    return "".join(parts).strip() or quoted("")


def _hang(base: str, where: str, script: str) -> str:
    """``base`` with a script more: one sub- and one superscript stand on one base, not beside each other."""
    base = base.strip() or quoted("")
    script = script or quoted("")
    other = "t" if where == "b" else "b"
    if base.startswith("attach(") and f", {other}: " in base and f", {where}: " not in base:
        return f"{base[:-1]}, {where}: {script})"
    return f"attach({base}, {where}: {script})"


def _script(text: str) -> str:
    return " ".join(
        quoted(part) if part.isalnum() else sign(part) for part in re.findall(r"[^\W_]+|\S", text)
    ) or quoted("")
