"""Answers of two groups of which some items are harder for one, for the tests of differing items."""

import numpy as np
from scipy.special import expit

from item_bank import psychometrics as irt

NAN = float("nan")
SUM_METHODS = ["mantel-haenszel", "logistic", "standardisation", "breslow-day", "sibtest"]
METHODS = [*SUM_METHODS, "irt-lr"]


def simulated(persons=800, items=10, shifts=None, gap=0.3, seed=1, points=0):
    """Scores of a reference and a focal group, of which items `shifts` are harder for the latter; some in points."""
    rng = np.random.default_rng(seed)
    theta = rng.standard_normal(persons)
    is_focal = np.arange(persons) % 2 == 1
    theta[is_focal] -= gap
    slopes, places = np.exp(0.2 * rng.standard_normal(items)), np.linspace(-1.2, 1.2, items)
    moved = np.zeros(items)
    for item, shift in (shifts or {}).items():
        moved[item] = shift
    place = places + np.outer(is_focal, moved)
    scores = (rng.random((persons, items)) < expit(slopes * (theta[:, None] - place))).astype(float)
    for item in range(points):
        steps = np.array([-0.8, 0.1, 0.9])
        draws = rng.random((persons, 1))
        scores[:, item] = np.sum(draws < expit(theta[:, None] - steps - np.outer(is_focal, [moved[item]] * 3)), axis=1)
    return scores, np.where(is_focal, "focal", "reference")


def dif(data, method="mantel-haenszel", **options):
    scores, group = data
    options.setdefault("focal", "focal")
    if method == "irt-lr":
        highest = np.nan_to_num(
            np.asarray(scores, dtype=float) if not isinstance(scores, irt.ResponseMatrix) else scores.to_array()
        ).max(axis=0)
        options.setdefault("quadrature", irt.rectangular(31))
        options.setdefault("model", ["GRM" if top > 1 else "2PL" for top in highest])
    return irt.dif(scores, group, method, **options)


def same(one, other, **tolerance):
    tolerance = tolerance or {"rtol": 1e-7, "atol": 1e-9}
    for field in ("statistic", "df", "p", "effect"):
        np.testing.assert_allclose(getattr(one, field), getattr(other, field), err_msg=field, **tolerance)
