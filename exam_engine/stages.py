"""How far an exam has come: the stages of the control room, which tick themselves. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class SittingFacts:
    """What one sitting tells. ``seated``: candidates with a room; ``unscored``, ``unmarked``: papers that wait."""

    sitting_id: int
    state: str
    candidates: int = 0
    seated: int = 0
    unscored: int = 0
    unmarked: int = 0
    released: bool = False


@dataclass(frozen=True, slots=True)
class ExamFacts:
    """What an exam tells. ``short``: how many questions the bank lacks (0 when nobody has counted)."""

    specified: bool = False
    short: int = 0
    forms: int = 0
    sittings: tuple[SittingFacts, ...] = ()


class Stage(StrEnum):
    """The stages, from left to right."""

    SPECIFICATION = "specification"
    FORMS = "forms"
    CANDIDATES = "candidates"
    ROOMS = "rooms"
    OPEN = "open"
    START = "start"
    CLOSE = "close"
    REVIEW = "review"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Step:
    """A stage and how it stands: done, current, ahead or problem. ``sitting_id``: the sitting that it waits for."""

    stage: Stage
    state: str
    sitting_id: int | None = None


_OPENED, _STARTED = ("open", "started", "closed"), ("started", "closed")
# Whether a sitting has passed a stage. A stage is done when every sitting has passed it.
_PASSED: dict[Stage, Callable[[SittingFacts], bool]] = {
    Stage.CANDIDATES: lambda s: s.candidates > 0,
    Stage.ROOMS: lambda s: 0 < s.candidates == s.seated,
    Stage.OPEN: lambda s: s.state in _OPENED,
    Stage.START: lambda s: s.state in _STARTED,
    Stage.CLOSE: lambda s: s.state == "closed",
    Stage.REVIEW: lambda s: s.state == "closed" and not s.unscored and not s.unmarked,
    Stage.RELEASE: lambda s: s.released,
}


def steps(facts: ExamFacts) -> tuple[Step, ...]:
    """All stages in order; the first that is not done is current (or a problem, when the bank falls short)."""
    found: list[Step] = []
    current_seen = False
    for stage in Stage:
        done, sitting_id = _standing(stage, facts)
        state = "done" if done else "ahead" if current_seen else "current"
        if not done:
            current_seen = True
        if stage is Stage.SPECIFICATION and facts.short and not facts.forms:
            state, current_seen = "problem", True
        found.append(Step(stage, state, sitting_id))
    return tuple(found)


def current(facts: ExamFacts) -> Step | None:
    """What is to be done next; None when all is done."""
    return next((step for step in steps(facts) if step.state in ("current", "problem")), None)


def share_done(facts: ExamFacts) -> float:
    """How much of the way lies behind, from 0 to 1."""
    done = sum(step.state == "done" for step in steps(facts))
    return done / len(Stage)


def _standing(stage: Stage, facts: ExamFacts) -> tuple[bool, int | None]:
    """Whether the stage is done, else the first sitting it waits for."""
    if stage is Stage.SPECIFICATION:
        return facts.forms > 0 or (facts.specified and not facts.short), None
    if stage is Stage.FORMS:
        return facts.forms > 0, None
    waiting = [sitting.sitting_id for sitting in facts.sittings if not _PASSED[stage](sitting)]
    return bool(facts.sittings) and not waiting, waiting[0] if waiting else None
