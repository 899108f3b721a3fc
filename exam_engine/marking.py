"""What an answer sheet is worth under the keys of the day. Pure: keys, decisions and answers in, points out.

A wrong key corrected, a second key accepted or an item cancelled is a *decision*; scoring again with it reads the
same journal, so nothing is ever overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from item_bank import item_types
from item_bank.item_types import Arrangement, Outcome

from exam_engine import scoring_rules
from exam_engine.scoring_rules import Cancellation, ScoredItem, Scoring

CORRECT, ACCEPT, CANCEL = "correct", "accept", "cancel"
ACTIONS = (CORRECT, ACCEPT, CANCEL)


@dataclass(frozen=True)
class Keyed:
    """An item version with every key that counts; ``cancelled`` gives its points to everyone."""

    kind: str
    content: Mapping[str, Any]
    keys: tuple[Mapping[str, Any], ...]
    cancelled: bool = False

    def outcome(self, arrangement: Arrangement, value: Any) -> Outcome:
        """The best outcome of an answer under any key that counts."""
        score = item_types.of(self.kind).score
        outcomes = [score(self.content, key, arrangement, value) for key in self.keys]
        return max(outcomes, key=lambda outcome: outcome.correct)


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
    """Everything that turns answers of one exam into points: rule, forms and keyed items."""

    rule: str
    forms: Mapping[int, Sequence[Place]]
    items: Mapping[int, Keyed]
    cancellation: Cancellation = Cancellation.FULL
    section_titles: Mapping[str, str] = field(default_factory=dict)

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
                keys = (decision.key,) if decision.action == CORRECT else (*item.keys, decision.key)
                items[decision.version_id] = replace(item, keys=keys, cancelled=False)
        return replace(self, items=items)

    def mark(
        self, form_id: int, answers: Mapping[int, Any], marks: Mapping[int, Decimal]
    ) -> tuple[Scoring, dict[int, Outcome]]:
        """The score of a sheet and each position's outcome. ``marks`` are the markers' points for essays."""
        outcomes = {
            place.position: self.items[place.version_id].outcome(place.arrangement, answers.get(place.position))
            for place in self.forms[form_id]
        }
        scored = [
            ScoredItem(
                position=place.position,
                kind=self.items[place.version_id].kind,
                section=place.section,
                points=place.points,
                outcome=outcomes[place.position],
                mark=marks.get(place.position),
                cancelled=self.items[place.version_id].cancelled,
            )
            for place in self.forms[form_id]
        ]
        return scoring_rules.of(self.rule).score(scored, self.cancellation), outcomes
