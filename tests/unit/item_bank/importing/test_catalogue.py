"""Every sentence an importer can say exists in Vietnamese."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from campus.i18n import translate

SOURCE = Path(__file__).parents[4] / "item_bank" / "importing"
SENTENCES = sorted(
    {match for file in SOURCE.rglob("*.py") for match in re.findall(r'N_\(\s*"([^"]+)"', file.read_text("utf-8"))}
)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_it_is_translated_with_the_same_facts(sentence: str) -> None:
    vietnamese = translate(sentence, "vi")
    assert vietnamese != sentence
    assert sorted(re.findall(r"%\(\w+\)s", vietnamese)) == sorted(re.findall(r"%\(\w+\)s", sentence))
