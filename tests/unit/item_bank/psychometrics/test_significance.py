"""Tails and corrections against scipy's own, and where they are nan."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from item_bank import psychometrics as irt
from item_bank.psychometrics.significance import chi_square_tail, two_sided

NAN = float("nan")
P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=20).map(np.array)


def test_chi_square_tail_is_scipys():
    statistic, df = np.array([0.0, 3.84, 50.0, 1e4]), np.array([[1.0], [7.0], [600.0]])
    np.testing.assert_allclose(chi_square_tail(statistic, df), stats.chi2.sf(statistic, df), rtol=1e-12)


@pytest.mark.parametrize(("statistic", "df"), [(NAN, 1), (2.0, 0), (2.0, -3), (2.0, NAN)])
def test_no_statistic_or_no_freedom_has_no_p(statistic, df):
    assert np.isnan(chi_square_tail(statistic, df))


def test_two_sided_tail_keeps_its_accuracy_far_out():
    z = np.array([0.0, -1.96, 1.96, 30.0, NAN])
    np.testing.assert_allclose(two_sided(z), 2 * stats.norm.sf(np.abs(z)), rtol=1e-12)


@given(P_VALUES)
def test_corrections_raise_p_in_order_of_their_severity(p):
    raised = [p, irt.false_discovery(p), irt.holm(p), irt.bonferroni(p, len(p))]
    for lower, higher in pairwise(raised):
        assert np.all(lower <= higher + 1e-12)
    assert np.all(raised[-1] <= 1)


@given(P_VALUES)
def test_a_missing_p_changes_no_other(p):
    for corrected in (irt.false_discovery, irt.holm):
        np.testing.assert_array_equal(corrected(np.append(p, NAN)), np.append(corrected(p), NAN))


def test_holm_steps_down_from_bonferroni():
    np.testing.assert_allclose(irt.holm([0.01, 0.04, 0.03]), [0.03, 0.06, 0.06])
