"""Tables of variation as rich text."""

from __future__ import annotations

from collections.abc import Sequence

from lms.demo.bank.shapes import math


def variation_table(xs: Sequence[str], signs: Sequence[str], values: Sequence[str]) -> str:
    """A table of variation with the rows x, f'(x) and f(x); signs and values as LaTeX or arrows."""
    rows = []
    for head, cells in (("x", xs), ("f'(x)", signs), ("f(x)", values)):
        filled = "".join(f"<td>{math(cell) if cell else ''}</td>" for cell in cells)
        rows.append(f"<tr><th>{math(head)}</th>{filled}</tr>")
    return f"<table><tbody>{''.join(rows)}</tbody></table>"


CUBIC_SIGNS = ["", "+", "0", "-", "0", "+", ""]


def cubic_table(low: int, high: int, top: int, bottom: int) -> str:
    """The variation table of a rising cubic with its maximum at `low` and minimum at `high`."""
    xs = [r"-\infty", "", str(low), "", str(high), "", r"+\infty"]
    values = [r"-\infty", r"\nearrow", str(top), r"\searrow", str(bottom), r"\nearrow", r"+\infty"]
    return variation_table(xs, CUBIC_SIGNS, values)
