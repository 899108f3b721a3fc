"""Every family of psychometric reference values is there, and a test reads it: none can go missing unseen."""

import pytest

FAMILIES = """
    bifactor cat_grm cat_sim3pl cat_tcals ctt_lsat7 ctt_sat12 dich_lsat6 dich_lsat7 dich_lsat7_mcar20 dif_sim
    dif_verbal equating_neat equating_random_groups linking_2pl linking_3pl mst multigroup_fipc personfit_2pl
    personfit_3pl poly_science poly_sim_grm rt_lognormal security threepl_sat12 threepl_sim5k40
""".split()
ELSEWHERE = {"ata"}  # assembly of forms: tested with the exam engine


@pytest.mark.parametrize("family", FAMILIES)
def test_the_family_is_there(reference, family):
    assert (reference / "psychometrics" / f"{family}.json").is_file()


def test_no_family_is_forgotten(reference):
    stored = {path.stem for path in (reference / "psychometrics").glob("*.json")}
    assert stored - ELSEWHERE == set(FAMILIES)
