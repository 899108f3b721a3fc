"""The list of item types: the one place that knows them all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from campus.errors import FieldError, Invalid
from campus.i18n import N_, Message
from item_bank.item_types.base import Arrangement, Content, ItemType, Key, Outcome
from item_bank.item_types.essay import Essay
from item_bank.item_types.short_answer import ShortAnswer
from item_bank.item_types.single_choice import SingleChoice
from item_bank.item_types.true_false_group import TrueFalseGroup

_TYPES: dict[str, ItemType] = {
    item_type.kind: item_type for item_type in (SingleChoice(), TrueFalseGroup(), ShortAnswer(), Essay())
}

KINDS: tuple[str, ...] = tuple(_TYPES)


def of(kind: str) -> ItemType:
    """The item type of this kind; raises Invalid for a kind we don't have."""
    try:
        return _TYPES[kind]
    except KeyError:
        raise Invalid(errors=[FieldError("kind", Message(N_("Unknown question type %(kind)s."), kind=kind))]) from None


def best_outcome(kind: str, content: Content, keys: Sequence[Key], arrangement: Arrangement, value: Any) -> Outcome:
    """The outcome under the best of several keys: how a second key accepted after the exam counts."""
    outcomes = [of(kind).score(content, key, arrangement, value) for key in keys]
    return max(outcomes, key=lambda outcome: outcome.correct)
