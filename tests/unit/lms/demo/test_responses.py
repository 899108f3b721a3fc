"""The simulator: legal answers, plausible scores, the same for the same seed."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from item_bank import item_types
from lms.demo import bank, responses

FORMS = {
    "toan": {"single_choice": (12, 0.25), "true_false_group": (4, 1.0), "short_answer": (6, 0.5)},
    "vat_li": {"single_choice": (18, 0.25), "true_false_group": (4, 1.0), "short_answer": (6, 0.25)},
    "lich_su": {"single_choice": (24, 0.25), "true_false_group": (4, 1.0)},
}
STAIRCASE = (0, 0.1, 0.25, 0.5, 1)


def form(subject, rng):
    """A THPT form with 40, 30 and 30 percent of the levels, and the points of its items."""
    items, points = [], []
    for kind, (count, worth) in FORMS[subject].items():
        wanted = {"know": round(count * 0.4), "understand": round(count * 0.3)}
        wanted["apply"] = count - sum(wanted.values())
        for level, number in wanted.items():
            pool = [i for i in bank.items(subject) if (i.kind, i.level) == (kind, level)]
            items += [pool[place] for place in rng.permutation(len(pool))[:number]]
        points += [worth] * count
    return items, np.array(points)


def share(item, value):
    """The share of an item's points that a value earns under the national rule."""
    if item.kind == "single_choice":
        return float(value == item.key["option"])
    if item.kind == "short_answer":
        return float(value == item.key["values"][0])
    right = sum(a == b for a, b in zip(value or [], item.key["truths"], strict=False))
    return STAIRCASE[right]


@pytest.mark.parametrize("subject", FORMS)
def test_finished_exam_looks_real(subject):
    means, spreads, reliabilities = [], [], []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        items, points = form(subject, rng)
        given = responses.simulate(items, responses.abilities(300, rng), rng)
        marks = np.array([[share(i, v) for i, v in zip(items, row, strict=True)] for row in given]) * points
        total, k = marks.sum(axis=1), len(items)
        means.append(total.mean())
        spreads.append(total.std())
        reliabilities.append(k / (k - 1) * (1 - marks.var(axis=0, ddof=1).sum() / total.var(ddof=1)))
    assert 5.4 <= np.mean(means) <= 6.6
    assert 1.2 <= np.mean(spreads) <= 1.9
    assert min(reliabilities) > 0.68
    assert np.mean(reliabilities) > 0.7


def test_every_answer_is_one_a_candidate_could_give():
    rng = np.random.default_rng(3)
    for subject in bank.SUBJECTS:
        items = bank.items(subject)
        for row in responses.simulate(items, responses.abilities(12, rng), rng):
            for item, value in zip(items, row, strict=True):
                kind = item_types.of(item.kind)
                arrangement = kind.arrange(item.content, np.random.default_rng(1), False)
                presented = kind.present(item.content, arrangement, lambda source: source)
                if item.kind == "single_choice":
                    assert value in (None, "A", "B", "C", "D")
                else:
                    assert kind.parse(presented, value) == value


def test_abler_pupils_answer_better_and_weaker_ones_leave_more_out():
    rng = np.random.default_rng(8)
    items = bank.items("toan")
    strong, weak = (responses.simulate(items, [theta] * 20, rng) for theta in (2.0, -2.0))

    def right(rows):
        return sum(share(i, v) for row in rows for i, v in zip(items, row, strict=True) if i.kind != "essay")

    def blank(rows):
        return sum(value is None for row in rows for value in row)

    assert right(strong) > 1.6 * right(weak)
    assert blank(weak) > 2 * blank(strong)


def test_one_distractor_attracts_more_than_the_others():
    rng = np.random.default_rng(5)
    items = [i for i in bank.items("lich_su") if i.kind == "single_choice"][:40]
    rows = responses.simulate(items, [-1.0] * 200, rng)
    first, last = 0, 0
    for place, item in enumerate(items):
        wrong = Counter(row[place] for row in rows if row[place] not in (None, item.key["option"]))
        ranked = [wrong[letter] for letter in "ABCD" if letter != item.key["option"]]
        first, last = first + max(ranked), last + min(ranked)
    assert first > 2 * last


def test_same_seed_gives_the_same_answers():
    items = bank.items("vat_li")
    once, again = (
        responses.simulate(items, responses.abilities(5, rng), rng)
        for rng in (np.random.default_rng(11), np.random.default_rng(11))
    )
    assert once == again


@pytest.mark.parametrize("right", ["0", "2,5", "-19", "1620", "0,33", "-0,5", "9999"])
def test_slips_fit_the_sheet_and_are_wrong(right):
    for slip in responses.slips(right):
        assert len(slip) <= 4
        assert float(slip.replace(",", ".")) != float(right.replace(",", "."))
