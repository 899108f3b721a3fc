"""What the figures of a sitting say, in sentences a teacher reads: marked for the catalogues, filled in by the page."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from math import inf
from typing import Any

from campus.i18n import N_, Message
from campus.vietnamese import format_decimal

REMARKS = {
    "check_key": N_("Option %(option)s draws the stronger pupils: check the key."),
    "unused_option": N_("Nobody chose option %(option)s: it does not distract anyone."),
    "negative": N_("Stronger pupils do worse here than weaker ones: check the wording and the key."),
    "weak": N_("Tells strong and weak pupils apart poorly."),
    "very_hard": N_("Very hard: fewer than one in five got it right."),
    "very_easy": N_("Very easy: almost everybody got it right."),
    "left_out": N_("At least a quarter left it unanswered."),
    "cancelled": N_("Cancelled: everybody gets the points."),
}
URGENT = ("check_key", "negative")


def remark(found: Mapping[str, str]) -> Message:
    """One remark as a sentence."""
    facts = {name: value for name, value in found.items() if name != "code"}
    return Message(REMARKS[found["code"]], **facts)


def is_urgent(found: Mapping[str, str]) -> bool:
    """Whether a remark may mean that the scores are wrong."""
    return found["code"] in URGENT


RELIABILITY = (
    (0.9, N_("very high: good enough for decisions about single pupils")),
    (0.8, N_("good: enough to tell pupils apart in a class test")),
    (0.7, N_("fair: usable in class, together with other marks")),
    (-inf, N_("low: do not decide anything by this test alone")),
)


def sentence(result: Mapping[str, Any]) -> Message:
    """The picture of the distribution in one sentence."""
    share = format_decimal(100 * Decimal(result["half_or_more"]) / result["papers"], 0)
    half = format_decimal(Decimal(result["maximum"]) / 2)
    facts = {"mean": format_decimal(result["mean"], 2), "share": share, "half": half}
    alpha = result.get("alpha")
    if alpha is None:
        return Message(N_("Mean %(mean)s; %(share)s %% reach %(half)s or more."), **facts)
    level = _level(alpha)
    return Message(
        N_("Mean %(mean)s; %(share)s %% reach %(half)s or more; reliability α = %(alpha)s – %(level)s."),
        **facts,
        alpha=format_decimal(alpha, 2),
        level=Message(level),
    )


def reliability(result: Mapping[str, Any]) -> Message | None:
    """What chance does to a score, in one sentence; None where it could not be computed."""
    alpha, sem = result.get("alpha"), result.get("sem")
    if alpha is None or sem is None:
        return None
    return Message(
        N_("Reliability α = %(alpha)s, %(level)s. By chance alone a score may be off by about %(sem)s points."),
        alpha=format_decimal(alpha, 2),
        level=Message(_level(alpha)),
        sem=format_decimal(sem, 2),
    )


def _level(alpha: float) -> str:
    return next(words for least, words in RELIABILITY if alpha >= least)
