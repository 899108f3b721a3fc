"""One common factor behind items: loadings by least squares, for the omega coefficients."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

from item_bank.psychometrics.arrays import Floats

HIGHEST = np.sqrt(0.995)  # no item may consist of the factor alone
TOLERANCE = 1e-12


def one_factor_loadings(correlations: Floats) -> Floats:
    """(k,) loadings that leave the least squares of residual correlations off the diagonal; their sum is >= 0.

    correlations : (k, k) without nan, k >= 3: two items leave their loadings open
    Raises ValueError otherwise. Source: Harman & Jones (1966), Psychometrika 31, 351-368 (minres).
    """
    if correlations.ndim != 2 or len(correlations) < 3 or np.isnan(correlations).any():
        raise ValueError("a factor needs the correlations of at least three items, all known")
    outside = correlations - np.diag(np.diag(correlations))

    def misfit(loadings: Floats) -> tuple[float, Floats]:
        residual = outside - np.outer(loadings, loadings)
        np.fill_diagonal(residual, 0.0)
        return 0.5 * float(np.sum(residual**2)), -2 * residual @ loadings

    values, vectors = np.linalg.eigh(correlations)
    start = np.clip(vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.1)), -HIGHEST, HIGHEST)
    found = minimize(
        misfit,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(-HIGHEST, HIGHEST)] * len(start),
        options={"ftol": TOLERANCE, "gtol": 1e-9, "maxiter": 1000},
    )
    loadings = np.asarray(found.x, dtype=float)
    return -loadings if loadings.sum() < 0 else loadings
