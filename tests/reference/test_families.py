"""Every family of psychometric reference values is there, and a test reads it: none can go missing unseen."""

import re
from pathlib import Path

import pytest

FAMILIES = """
    bifactor cat_grm cat_sim3pl cat_tcals ctt_lsat7 ctt_sat12 dich_lsat6 dich_lsat7 dich_lsat7_mcar20 dif_sim
    dif_verbal equating_neat equating_random_groups linking_2pl linking_3pl mst multigroup_fipc personfit_2pl
    personfit_3pl poly_science poly_sim_grm rt_lognormal security threepl_sat12 threepl_sim5k40
""".split()
SOURCES = [path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py") if path != Path(__file__)]
ELSEWHERE = {"ata"}  # assembly of forms: tested with the exam engine


@pytest.mark.parametrize("family", FAMILIES)
def test_the_family_is_there_and_a_test_reads_it(reference, family):
    assert (reference / "psychometrics" / f"{family}.json").is_file()
    assert any(names(source, family) for source in SOURCES), f"no reference test reads {family}.json"


def names(source, family):
    """Whether a test spells the family out, or its beginning before a field and the rest as a word of its own."""
    beginning, _, rest = family.partition("_")
    spelled = re.search(rf"\b{family}\b", source)
    return bool(spelled or (f"{beginning}_{{" in source and rest and re.search(rf"\b{rest}\b", source)))


def test_no_family_is_forgotten(reference):
    stored = {path.stem for path in (reference / "psychometrics").glob("*.json")}
    assert stored - ELSEWHERE == set(FAMILIES)
