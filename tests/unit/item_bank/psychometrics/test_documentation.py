"""The page that shows the whole chain does what it says."""

import doctest
from pathlib import Path

PAGE = Path(__file__).resolve().parents[4] / "docs" / "psychometrics.md"


def test_the_page_prints_what_it_says():
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8", verbose=False)
    assert tried > 40
    assert failed == 0
