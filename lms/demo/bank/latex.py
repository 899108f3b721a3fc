"""Notation for formulas in demo content: numbers, polynomials, vectors and lines as LaTeX."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

Number = int | float | Fraction


def decimal(value: Number, digits: int = 6) -> str:
    """A number as typed in Vietnam: `2,5`, `-0,5`, `120`."""
    text = f"{float(value):.{digits}f}".rstrip("0").rstrip(".")
    return ("0" if text in ("-0", "") else text).replace(".", ",")


def number(value: Number) -> str:
    """A number inside a formula: an integer, a decimal with a braced comma, or a fraction."""
    if isinstance(value, Fraction) and value.denominator != 1:
        sign = "-" if value < 0 else ""
        return rf"{sign}\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"
    return decimal(value).replace(",", "{,}")


def fraction(top: str | Number, bottom: str | Number) -> str:
    """A fraction of two written expressions."""
    return rf"\frac{{{top}}}{{{bottom}}}"


def root(value: str | Number) -> str:
    """A square root."""
    return rf"\sqrt{{{value}}}"


def term(factor: Number, letters: str) -> str:
    """A coefficient before letters, where 1 and -1 are not written."""
    if factor == 1:
        return letters
    if factor == -1:
        return f"-{letters}"
    return f"{number(factor)}{letters}"


def total(terms: Sequence[tuple[Number, str]]) -> str:
    """A sum of terms (factor, letters) with proper signs; zero terms are left out."""
    written = ""
    for factor, letters in terms:
        if factor == 0:
            continue
        positive = factor if factor > 0 else -factor
        size = number(positive) if letters == "" else term(positive, letters)
        if not written:
            written = size if factor > 0 else f"-{size}"
        else:
            written += f" + {size}" if factor > 0 else f" - {size}"
    return written or "0"


def polynomial(coefficients: Sequence[Number], letter: str = "x") -> str:
    """A polynomial from its coefficients, highest power first."""
    degree = len(coefficients) - 1
    powers = ["" if n == 0 else letter if n == 1 else f"{letter}^{n}" for n in range(degree, -1, -1)]
    return total(list(zip(coefficients, powers, strict=True)))


def vector(name: str) -> str:
    """The name of a vector under its arrow."""
    return rf"\overrightarrow{{{name}}}"


def point(*coordinates: Number) -> str:
    """Coordinates of a point or a vector, set apart by semicolons."""
    return "(" + ";\\, ".join(number(value) for value in coordinates) + ")"


def plane(a: Number, b: Number, c: Number, d: Number) -> str:
    """The general equation of a plane."""
    return total([(a, "x"), (b, "y"), (c, "z"), (d, "")]) + " = 0"


def less(letter: str, value: Number) -> str:
    """`x - 2`, `x + 3` or `x`: a letter less a number."""
    return total([(1, letter), (-value, "")])


def line(base: Sequence[Number], direction: Sequence[Number]) -> str:
    """The canonical equation of a line in space."""
    return " = ".join(
        fraction(less(letter, at), number(step)) for letter, at, step in zip("xyz", base, direction, strict=True)
    )


def sphere(centre: Sequence[Number], squared_radius: Number) -> str:
    """The equation of a sphere."""
    squares = [
        f"{letter}^2" if at == 0 else f"({less(letter, at)})^2" for letter, at in zip("xyz", centre, strict=True)
    ]
    return " + ".join(squares) + f" = {number(squared_radius)}"


def integral(low: str | Number, high: str | Number, body: str, letter: str = "x") -> str:
    """A definite integral; `body` is put in parentheses by the caller where it needs them."""
    return rf"\int_{{{low}}}^{{{high}}} {body}\,\mathrm{{d}}{letter}"


def units(text: str) -> str:
    """Upright text inside a formula."""
    return rf"\mathrm{{{text}}}"
