"""Invented names: shares, odd cases, determinism."""

from __future__ import annotations

import unicodedata
from collections import Counter

import numpy as np

from lms.demo import names


def test_class_list_has_the_cases_that_trip_systems_up():
    people = names.class_names(42, np.random.default_rng(1))
    texts = [person.text for person in people]
    assert len(people) == 42
    assert texts.count("Nguyễn Thị Lan") == 3
    assert {"Trần Thị Hoà", "Trần Thị Hòa"} <= set(texts)
    assert any(text != unicodedata.normalize("NFC", text) for text in texts)
    assert any(len(text.split()) >= 5 for text in texts)
    assert any((text, person.is_female) in names.UNCOMMON for text, person in zip(texts, people, strict=True))
    doubled = {text for text, count in Counter(texts).items() if count > 1}
    assert doubled == {"Nguyễn Thị Lan"}


def test_a_tiny_class_is_as_long_as_asked():
    for count in range(12):
        assert len(names.class_names(count, np.random.default_rng(2))) == count


def test_family_names_have_their_real_shares():
    rng = np.random.default_rng(4)
    families = Counter(names.draw(rng).text.split()[0] for _ in range(4000))
    assert 0.33 < families["Nguyễn"] / 4000 < 0.43
    assert 0.08 < families["Trần"] / 4000 < 0.14
    assert families["Nguyễn"] > families["Trần"] > families["Phạm"]


def test_names_differ_and_are_composed_letters():
    people = names.names(3000, np.random.default_rng(5))
    assert len({person.text for person in people}) == len(people) == 3000
    assert all(unicodedata.is_normalized("NFC", person.text) for person in people)
    assert 0.4 < sum(person.is_female for person in people) / 3000 < 0.6


def test_same_seed_gives_the_same_names():
    once, again = (names.class_names(30, np.random.default_rng(9)) for _ in range(2))
    assert once == again
