"""Numbers as Vietnamese schools write them: ``8,25``, ``1.250.000 đ``; rounded half up, never half to even."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal

from campus.errors import Invalid
from campus.i18n import N_
from campus.vietnamese.spelling import tidy

_PLAIN = re.compile(r"-?\d+(?:[.,]\d+)?|-?[.,]\d+", re.ASCII)
_GROUPED = re.compile(r"-?\d{1,3}(?:(?P<group>[.,])\d{3})(?:(?P=group)\d{3})*(?:(?!(?P=group))[.,]\d+)?", re.ASCII)
_WHOLE = re.compile(r"-?\d+|-?\d{1,3}(?P<group>[., ])\d{3}(?:(?P=group)\d{3})*", re.ASCII)
_MONEY_SIGN = re.compile(r"\s*(?:đồng|vnđ|vnd|đ|₫)$", re.IGNORECASE)


def round_half_up(value: Decimal | float, places: int) -> Decimal:
    """``value`` to ``places`` decimals, a half away from zero: 7.25 gives 7.3, where ``round`` would give 7.2.

    A float counts as the shortest decimal that names it, so 2.675 rounds as a person reads it.
    """
    exact = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    digits = max(28, exact.adjusted() + 2 + abs(places)) if exact.is_finite() else 28
    step = Decimal(1).scaleb(-places)
    return exact.quantize(step, rounding=ROUND_HALF_UP, context=Context(prec=digits))


def format_decimal(value: Decimal | float, places: int | None = None, *, grouped: bool = False) -> str:
    """``8,25``: with a decimal comma, to ``places`` decimals, or as many as the number needs.

    ``grouped`` sets a dot between thousands (``12.480``); exam answers and scores are written without.
    """
    exact = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        raise ValueError(f"not a finite number: {value}")
    if places is not None:
        text = f"{round_half_up(exact, places):{',' if grouped else ''}f}"
    else:
        text = f"{exact:{',' if grouped else ''}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    if not text.strip("-0.,"):
        text = text.lstrip("-")
    return text.translate(str.maketrans(".,", ",."))


def parse_decimal(text: str) -> Decimal:
    """The number a person typed: ``7,25`` and ``7.25`` alike, ``1.250.000`` and ``1.250,5`` with grouping dots.

    A single separator is always the decimal one (``1.250`` is 1.25): scores have no thousands.
    Raises :class:`~campus.errors.Invalid` for anything else.
    """
    typed = tidy(text).replace("\u2212", "-")
    if _PLAIN.fullmatch(typed):
        return Decimal(typed.replace(",", "."))
    grouped = _GROUPED.fullmatch(typed)
    if grouped is not None:
        group = grouped["group"]
        return Decimal(typed.replace(group, "").replace(",", "."))
    raise Invalid(N_("“%(text)s” is not a number. Write it for example as 7,25."), code="not_a_number", text=text)


def format_dong(amount: int) -> str:
    """``1.250.000 đ``: an amount of money, with a no-break space before the sign."""
    return format_decimal(amount, 0, grouped=True) + "\u00a0đ"


def parse_dong(text: str) -> int:
    """The amount in ``1.250.000 đ``, ``1,250,000`` or ``1250000``; đồng have no fractions, so every dot groups.

    Raises :class:`~campus.errors.Invalid` for anything else.
    """
    typed = _MONEY_SIGN.sub("", tidy(text))
    if _WHOLE.fullmatch(typed):
        return int(re.sub("[., ]", "", typed))
    raise Invalid(
        N_("“%(text)s” is not an amount of money. Write it for example as 1.250.000 đ."),
        code="not_an_amount",
        text=text,
    )
