"""The demo bank as a whole: shapes, counts, balance, language, determinism."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections import Counter, defaultdict

import pytest
from latex2mathml.converter import convert
from PIL import Image

from campus import richtext
from campus.subjects import SUBJECTS as ALL_SUBJECTS
from campus.vietnamese import search_key
from item_bank import item_types
from lms.demo import bank
from lms.demo.bank.shapes import FORMULA

ALL = [(subject, item) for subject in bank.SUBJECTS for item in bank.items(subject)]
LEVELS = ("know", "understand", "apply")
AT_LEAST = {
    "toan": {"single_choice": 80, "true_false_group": 30, "short_answer": 40, "essay": 1},
    "vat_li": {"single_choice": 70, "true_false_group": 20, "short_answer": 30, "essay": 1},
    "lich_su": {"single_choice": 80, "true_false_group": 20, "essay": 2},
}
# In each topic and level; a THPT form of twelve to twenty-four choices never comes near.
CELL = {
    "toan": {"single_choice": 5, "true_false_group": 2, "short_answer": 2},
    "vat_li": {"single_choice": 6, "true_false_group": 1, "short_answer": 2},
    "lich_su": {"single_choice": 5, "true_false_group": 1},
}


def sources(item):
    """Every rich text of an item with a name for messages."""
    yield "stem", item.content["stem"]
    yield "solution", item.solution
    for part in (*item.content.get("options", ()), *item.content.get("statements", ())):
        yield part["id"], part["content"]
    for part in item.key.get("rubric", ()):
        yield part["id"], part["criterion"]


def name_of(pair) -> str:
    subject, item = pair
    return f"{subject}-{item.topic_code}-{item.kind}-{item.level}"


@pytest.mark.parametrize("pair", ALL, ids=name_of)
def test_item_is_valid_and_its_sources_are_clean(pair):
    _, item = pair
    assert item_types.of(item.kind).validate(item.content, item.key) == []
    for name, source in sources(item):
        assert richtext.clean(source) == source, name
        assert richtext.problems(source) == [], name
        assert "$" not in source, name
        outside = FORMULA.sub("", source)
        assert "\\" not in outside, f"{name}: a formula is not closed"


def test_every_formula_becomes_mathml_without_a_backslash():
    for _, item in ALL:
        for name, source in sources(item):
            for found in FORMULA.finditer(source):
                latex = richtext.html.unescape(found.group(1)) if hasattr(richtext, "html") else found.group(1)
                assert "\\" not in convert(latex), (name, latex)


def test_subjects_are_known_and_have_enough_items_of_each_kind():
    assert set(bank.SUBJECTS) <= set(ALL_SUBJECTS)
    for subject, wanted in AT_LEAST.items():
        counts = Counter(item.kind for item in bank.items(subject))
        assert all(counts[kind] >= least for kind, least in wanted.items()), (subject, counts)
    assert len(ALL) >= 330


def test_every_cell_of_the_matrix_has_a_margin():
    for subject, wanted in CELL.items():
        cells = Counter((i.topic_code, i.kind, i.level) for i in bank.items(subject))
        for topic in bank.topics(subject):
            for kind, least in wanted.items():
                for level in LEVELS:
                    assert cells[topic.code, kind, level] >= least, (topic.code, kind, level)


def test_items_lie_in_topics_whose_outcomes_cover_every_level():
    for subject in bank.SUBJECTS:
        topics = {topic.code: topic for topic in bank.topics(subject)}
        assert 3 <= len(topics) <= 6
        codes = [code for topic in topics.values() for code, _, _ in topic.outcomes]
        assert len(codes) == len(set(codes))
        for item in bank.items(subject):
            assert topics[item.topic_code].outcome_code(item.level) in codes


def test_older_fourth_level_is_kept_on_some_applied_items():
    marked = [item for _, item in ALL if item.legacy_level]
    assert len(marked) >= 15
    assert {(item.level, item.legacy_level) for item in marked} == {("apply", "apply_high")}


@pytest.mark.parametrize("subject", bank.SUBJECTS)
def test_no_letter_is_favoured_by_the_keys(subject):
    letters = Counter(i.key["option"] for i in bank.items(subject) if i.kind == "single_choice")
    assert set(letters) == set("ABCD")
    assert max(letters.values()) - min(letters.values()) <= 1


def test_options_differ_and_the_right_one_does_not_stand_out_by_length():
    longest = total = 0
    for _, item in ALL:
        if item.kind != "single_choice":
            continue
        texts = {o["id"]: search_key(richtext.plain(o["content"])) for o in item.content["options"]}
        raw = {richtext.plain(o["content"]) for o in item.content["options"]}
        assert len(raw) == 4, raw
        sizes = {letter: len(text) for letter, text in texts.items()}
        right = sizes.pop(item.key["option"])
        assert right <= 2.2 * max(sizes.values()), texts
        total += 1
        longest += right > max(sizes.values())
    # A pupil who always takes the longest option must not pass with it.
    assert longest / total < 0.45


def test_groups_have_four_statements_of_both_kinds_and_no_place_gives_them_away():
    places = defaultdict(list)
    for _, item in ALL:
        if item.kind != "true_false_group":
            continue
        truths = item.key["truths"]
        assert len(truths) == len(item.content["statements"]) == 4
        assert 1 <= sum(truths) <= 3
        for place, truth in enumerate(truths):
            places[place].append(truth)
    everything = [truth for truths in places.values() for truth in truths]
    assert 0.4 < sum(everything) / len(everything) < 0.7


def test_short_answers_fit_the_four_boxes():
    pattern = re.compile(r"-?\d+(,\d+)?")
    for _, item in ALL:
        if item.kind == "short_answer":
            (value,) = item.key["values"]
            assert item.content["format"] == "thpt"
            assert len(value) <= 4, value
            assert pattern.fullmatch(value), value
            if "làm tròn" in item.content["stem"]:
                assert item.content["decimals"] == len(value.partition(",")[2])


def test_no_two_stems_are_alike():
    # Pictures and tables belong to the stem: a drawing's digest tells two graphs apart.
    seen = Counter(search_key(richtext.plain(item.content["stem"])) + "".join(item.pictures) for _, item in ALL)
    assert [stem for stem, count in seen.items() if count > 1] == []


def test_every_item_has_a_short_solution():
    for _, item in ALL:
        assert item.solution.startswith("<p>")
        assert 10 <= len(richtext.plain(item.solution)) <= 600, item.solution


def test_pictures_are_real_described_and_the_only_ones_referred_to():
    digests = set()
    for _, item in ALL:
        assert set(richtext.pictures(item.content["stem"])) == set(item.pictures)
        for digest, png in item.pictures.items():
            digests.add(digest)
            assert f'src="blob:{digest}"' in item.content["stem"]
            assert re.search(r'alt="[^"]{20,}"', item.content["stem"])
            with Image.open(io.BytesIO(png)) as image:
                assert image.format == "PNG"
                assert image.width >= 400
            assert len(png) < 40_000
    assert len(digests) >= 20


def test_bank_is_the_same_in_another_process():
    program = (
        "import hashlib; from lms.demo import bank; "
        "print(hashlib.sha256(repr([bank.items(s) for s in bank.SUBJECTS]).encode()).hexdigest())"
    )
    prints = {
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()
        for _ in range(2)
    }
    assert len(prints) == 1


def test_a_template_is_not_used_more_than_a_handful_of_times():
    used = Counter(
        (item.topic_code, item.kind, item.recipe.name) for _, item in ALL if item.recipe and item.recipe.parameters
    )
    assert max(used.values()) <= 5
