"""The stages of the control room tick themselves, and the next thing to do is always one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exam_engine.stages import ExamFacts, SittingFacts, Stage, current, share_done, steps

READY = SittingFacts(1, "scheduled", candidates=30, seated=30)
DONE = SittingFacts(1, "closed", 30, 30, released=True)


@pytest.mark.parametrize(
    ("facts", "stage"),
    [
        (ExamFacts(), Stage.SPECIFICATION),
        (ExamFacts(specified=True, short=2), Stage.SPECIFICATION),
        (ExamFacts(specified=True), Stage.FORMS),
        (ExamFacts(True, forms=4), Stage.CANDIDATES),
        (ExamFacts(True, 0, 4, (SittingFacts(1, "scheduled"),)), Stage.CANDIDATES),
        (ExamFacts(True, 0, 4, (replace(READY, seated=29),)), Stage.ROOMS),
        (ExamFacts(True, 0, 4, (READY,)), Stage.OPEN),
        (ExamFacts(True, 0, 4, (replace(READY, state="open"),)), Stage.START),
        (ExamFacts(True, 0, 4, (replace(READY, state="started"),)), Stage.CLOSE),
        (ExamFacts(True, 0, 4, (replace(READY, state="closed", unmarked=1),)), Stage.REVIEW),
        (ExamFacts(True, 0, 4, (replace(READY, state="closed"),)), Stage.RELEASE),
    ],
)
def test_the_next_thing_to_do(facts, stage):
    step = current(facts)
    assert step is not None and step.stage is stage


def test_a_finished_exam_has_nothing_left_to_do():
    facts = ExamFacts(True, 0, 4, (DONE,))
    assert current(facts) is None
    assert share_done(facts) == 1
    assert {step.state for step in steps(facts)} == {"done"}


def test_a_second_sitting_is_waited_for_by_name():
    facts = ExamFacts(True, 0, 4, (DONE, replace(READY, sitting_id=2)))
    step = current(facts)
    assert step is not None and (step.stage, step.sitting_id) == (Stage.OPEN, 2)


def test_a_short_bank_is_a_problem_until_forms_exist():
    assert steps(ExamFacts(True, 3))[0].state == "problem"
    assert steps(ExamFacts(True, 3, forms=4))[0].state == "done"


def test_only_one_stage_is_current():
    for facts in (ExamFacts(), ExamFacts(True, 3), ExamFacts(True, 0, 4, (READY,))):
        assert sum(step.state in ("current", "problem") for step in steps(facts)) == 1
