"""What an answer sheet is worth under the keys of the day. Pure: keys, decisions and answers in, points out.

A wrong key corrected, a second key accepted or an item cancelled is a *decision*; scoring again with it reads the
same journal, so nothing is ever overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import product
from typing import Any

from exam_engine import scoring_rules
from exam_engine.scoring_rules import Cancellation, ScoredItem, Scoring
from item_bank import item_types
from item_bank.item_types import Arrangement, Outcome

CORRECT, ACCEPT, CANCEL = "correct", "accept", "cancel"
ACTIONS = (CORRECT, ACCEPT, CANCEL)
ESSAY, GROUP = "essay", "true_false_group"
MOST_OPEN = 8
"""Statements of a group that a decision may leave open; a group has no more."""


def readings(kind: str, key: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """The complete keys that a decided key stands for.

    In a true/false group ``null`` leaves a statement open: true and false both count, no answer does not. So item
    types only ever see complete keys. Every other key stands for itself.
    """
    truths = key.get("truths") if kind == GROUP else None
    if not isinstance(truths, list) or not 0 < truths.count(None) <= MOST_OPEN:
        return (key,)
    choices = [(True, False) if truth is None else (truth,) for truth in truths]
    return tuple({"truths": list(chosen)} for chosen in product(*choices))


@dataclass(frozen=True)
class Keyed:
    """An item version with every key that counts; ``cancelled`` gives its points to everyone."""

    kind: str
    content: Mapping[str, Any]
    keys: tuple[Mapping[str, Any], ...]
    cancelled: bool = False

    def outcome(self, arrangement: Arrangement, value: Any) -> Outcome:
        """The best outcome of an answer under any key that counts."""
        if len(self.keys) == 1:
            return item_types.of(self.kind).score(self.content, self.keys[0], arrangement, value)
        return item_types.best_outcome(self.kind, self.content, self.keys, arrangement, value)

    def right_options(self) -> frozenset[str]:
        """The options of a single choice that count as right."""
        return frozenset(str(key["option"]) for key in self.keys if key.get("option") is not None)

    def right_truths(self) -> list[frozenset[bool]]:
        """For each statement of a group what counts as right; both where it was left open."""
        columns = zip(*(key.get("truths", ()) for key in self.keys), strict=False)
        return [frozenset(column) for column in columns]

    def right_values(self) -> list[str]:
        """The short answers that count as right, each once."""
        return list(dict.fromkeys(str(value) for key in self.keys for value in key.get("values", ())))


@dataclass(frozen=True)
class Place:
    """One position of a form."""

    position: int
    section: str
    version_id: int
    arrangement: Arrangement
    points: Decimal


@dataclass(frozen=True)
class Decision:
    """What a person decided about an item version: ``action`` is correct, accept or cancel."""

    version_id: int
    action: str
    key: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class MarkingGuide:
    """Everything that turns answers of one exam into points: rule, forms and keyed items.

    ``decided`` names the last decision it knows (0: none), so that a result can be recognised as out of date.
    """

    rule: str
    forms: Mapping[int, Sequence[Place]]
    items: Mapping[int, Keyed]
    cancellation: Cancellation = Cancellation.FULL
    section_titles: Mapping[str, str] = field(default_factory=dict)
    exam_id: int = 0
    decided: int = 0
    _known: dict[tuple[Any, ...], ScoredItem] = field(default_factory=dict, compare=False, repr=False)

    def decide(self, decisions: Sequence[Decision]) -> MarkingGuide:
        """The guide after these decisions, in their order; the last correction wins, acceptances add up."""
        items = dict(self.items)
        for decision in decisions:
            item = items.get(decision.version_id)
            if item is None:
                continue
            if decision.action == CANCEL:
                items[decision.version_id] = replace(item, cancelled=True)
            elif decision.key is not None:
                fresh = readings(item.kind, decision.key)
                keys = fresh if decision.action == CORRECT else (*item.keys, *fresh)
                items[decision.version_id] = replace(item, keys=keys, cancelled=False)
        return replace(self, items=items, _known={})

    def mark(
        self, form_id: int, answers: Mapping[int, Any], marks: Mapping[int, Decimal]
    ) -> tuple[Scoring, dict[int, Outcome]]:
        """The score of a sheet and each position's outcome. ``marks`` are the markers' points for essays.

        An essay that was left blank is worth nothing and waits for nobody.
        """
        scored = [
            self._scored(form_id, place, answers.get(place.position), marks.get(place.position))
            for place in self.forms[form_id]
        ]
        outcomes = {item.position: item.outcome for item in scored}
        return scoring_rules.of(self.rule).score(scored, self.cancellation), outcomes

    def _scored(self, form_id: int, place: Place, value: Any, mark: Decimal | None) -> ScoredItem:
        """One position with its outcome; the same answer at the same place is looked at once (half of the time)."""
        item = self.items[place.version_id]
        essay = item.kind == ESSAY
        known_as = (form_id, place.position, tuple(value) if isinstance(value, list) else value)
        if not essay and (known := self._known.get(known_as)) is not None:
            return known
        outcome = item.outcome(place.arrangement, value)
        if mark is None and essay and not outcome.answered:
            mark = Decimal()
        scored = ScoredItem(place.position, item.kind, place.section, place.points, outcome, mark, item.cancelled)
        if not essay:
            self._known[known_as] = scored
        return scored
