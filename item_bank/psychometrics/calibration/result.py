"""What a calibration gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from item_bank.psychometrics.arrays import Floats
from item_bank.psychometrics.findings import Finding
from item_bank.psychometrics.items import ItemParameters


@dataclass(frozen=True, eq=False)
class StandardErrors:
    """Standard errors shaped like the parameters; nan for what was not estimated.

    method : how they were computed
    a : (k,) of slopes; b : (k,) or (k, m - 1) of difficulties, thresholds or steps
    c, d : (k,) of the asymptotes, as probabilities; logit_c, logit_d : (k,) of their logits
    intercepts : (k, m - 1) of the intercepts of the slope/intercept form, see `ItemParameters.intercepts`
    category_slopes, category_intercepts : (k, m) of NRM items
    testlet_slope : (k,) of the slopes on the testlets' own dimensions
    location : (k,) of the locations of RSM items, whose common steps are in `intercepts`
    latent_mean, latent_variance : (G,)
    covariance : (p, p) of a, b, c and d (NRM: category slopes and intercepts) in the order of `free_parameters`,
        0 with what is known: what `link`, `link_by_bootstrap`, `lord` and `raju` take; None where errors were
        computed by item
    coordinate_covariance : (p, p) of the coordinates that were estimated (slopes, intercepts, logits), cluster by
        cluster, item by item, then means and variances; None likewise
    """

    method: str
    a: Floats
    b: Floats
    c: Floats
    d: Floats
    logit_c: Floats
    logit_d: Floats
    intercepts: Floats
    category_slopes: Floats
    category_intercepts: Floats
    testlet_slope: Floats
    location: Floats
    latent_mean: Floats
    latent_variance: Floats
    coordinate_covariance: Floats | None
    covariance: Floats | None = None


@dataclass(frozen=True, eq=False)
class Calibration:
    """Calibrated items, the populations they were calibrated with, and how well it went.

    items : ItemParameters of all k items, fixed ones as given
    standard_errors : StandardErrors, or None if they were not asked for
    log_likelihood : marginal log likelihood, without log priors; log_prior : the sum of log priors
    n_parameters : estimated parameters, populations included; n_persons : persons with answers
    aic, bic : -2 log L + 2 p and -2 log L + p log n
    converged : whether the last step was shorter than the tolerance; iterations : E-steps
    latent_mean, latent_variance : (G,) of each group, in the order of `groups`
    groups : the groups' labels, () if there were none
    warnings : what hindered the estimation, by item, person and category
    """

    items: ItemParameters
    standard_errors: StandardErrors | None
    log_likelihood: float
    log_prior: float
    n_parameters: int
    n_persons: int
    aic: float
    bic: float
    converged: bool
    iterations: int
    latent_mean: Floats
    latent_variance: Floats
    groups: tuple[object, ...]
    warnings: tuple[Finding, ...]

    def __getattr__(self, name: str) -> NoReturn:
        """Tells who passes a calibration where its items are wanted; reached for unknown names only."""
        raise AttributeError(f"a Calibration has no {name!r}: pass its items, `calibration.items`")
