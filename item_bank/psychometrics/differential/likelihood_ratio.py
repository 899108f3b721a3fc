"""Likelihood-ratio tests: does the model fit better when an item has parameters of its own in each group?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Booleans, Floats
from item_bank.psychometrics.calibration.priors import Priors
from item_bank.psychometrics.calibration.setting import tally
from item_bank.psychometrics.differential.comparison import Comparison
from item_bank.psychometrics.differential.curves_apart import LARGE, MODERATE, curve_differences
from item_bank.psychometrics.differential.freed import FreedFit, TwoGroups, fit_freed, varies_within
from item_bank.psychometrics.differential.results import ItemTests, magnitudes
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.items import Model
from item_bank.psychometrics.quadrature import Quadrature, rectangular
from item_bank.psychometrics.significance import chi_square_tail

TOLERANCE = 1e-4  # of a coordinate: log likelihoods then agree to about 1e-4
STEPS = 500


@dataclass(frozen=True, eq=False, kw_only=True)
class LikelihoodRatio(ItemTests):
    """Likelihood-ratio tests of k items; `statistic` is a chi-square.

    `effect` : expected score of the focal minus the reference group at equal ability, averaged over the focal
        group, as a share of the highest score; below 0 where the item favours the reference group
    unsigned_effect : (k,) the same of absolute differences
    focal_mean, focal_variance : abilities of the focal group where the reference group has 0 and 1, in the fit in
        which all anchor items are common
    """

    unsigned_effect: Floats
    focal_mean: float
    focal_variance: float


def irt_likelihood_ratio(
    comparison: Comparison,
    anchor: ArrayLike | None = None,
    *,
    model: Model | str | Sequence[Model | str] = Model.TWO_PL,
    items: ArrayLike | None = None,
    priors: Priors | None = None,
    quadrature: Quadrature | None = None,
    tol: float = TOLERANCE,
    max_iter: int = STEPS,
) -> LikelihoodRatio:
    """Likelihood-ratio tests of all items, each against the fit in which all anchor items are common to the groups.

    anchor : indices or mask of the items common to both groups; all if left out. The mean and variance of the focal
        group are estimated. An item outside the anchor is free throughout and its test is the loss when it is bound
    model : one `Model` for all items, or one per item; priors, quadrature, tol, max_iter : as for `calibrate`
    items : indices or mask of the items to test; all if left out

    Missing answers are no obstacle, as long as anchor items join the groups. An item that one group scored without
    any difference is not tested. Classes by the effect, B from 0.05, C from 0.10, if significant. Raises ValueError
    as `calibrate` does. Source: Thissen, Steinberg & Wainer (1993), in Holland & Wainer, Differential Item
    Functioning, 67-113.
    """
    count = comparison.responses.shape[1]
    varies = varies_within(comparison.responses, comparison.is_focal)
    testable = varies.all(axis=0)
    common = comparison.chosen(anchor)
    wanted = comparison.chosen(items) & testable
    groups = TwoGroups(
        comparison.responses,
        comparison.is_focal,
        _models(model, count),
        priors or Priors(),
        quadrature or rectangular(),
        tol,
        max_iter,
    )
    # An item on which one group scored all the same would bind the groups' scales by a curve that has no end.
    base = fit_freed(groups, np.flatnonzero(~common | (~testable & _given(comparison).all(axis=0))))
    figures, findings = _each(groups, base, common, wanted)
    statistic, df, signed, unsigned, direction = figures
    p = chi_square_tail(statistic, df)
    return LikelihoodRatio(
        statistic=statistic,
        df=df,
        p=p,
        effect=signed,
        magnitude=magnitudes(signed, p, MODERATE, LARGE),
        direction=direction,
        findings=(*_untested(varies, comparison), *_weaknesses(base), *findings),
        unsigned_effect=unsigned,
        focal_mean=float(base.estimate.state.mean[1]),
        focal_variance=float(base.estimate.state.variance[1]),
    )


def _each(groups: TwoGroups, base: FreedFit, common: Booleans, wanted: Booleans) -> tuple[Floats, list[Finding]]:
    """(5, k) statistic, df, signed and unsigned effect, and direction of the wanted items; nan for the others."""
    figures, findings = np.full((5, len(common)), np.nan), []
    for item in np.flatnonzero(wanted):
        other = fit_freed(groups, np.setxor1d(base.freed, [item]), base)
        bound, free = (base, other) if common[item] else (other, base)
        df = free.setting.n_parameters - bound.setting.n_parameters
        if df < 1:  # groups that reach so few of an item's categories have no more parameters apart than together
            findings.append(Finding(Caution.EMPTY_CATEGORY, int(item)))
            continue
        gain = max(2 * (free.objective - bound.objective), 0.0)
        apart = curve_differences(*free.items([int(item)]), free.focal_population)
        figures[:, item] = gain, df, apart.signed[0], apart.unsigned[0], apart.direction[0]
        if not other.estimate.converged:
            findings.append(Finding(Caution.NOT_CONVERGED, int(item)))
    return figures, findings


def _models(model: Model | str | Sequence[Model | str], count: int) -> tuple[Model, ...]:
    names = [model] * count if isinstance(model, str) else list(model)
    if len(names) != count:
        raise ValueError(f"{len(names)} models for {count} items")
    return tuple(Model(name) for name in names)


def _untested(varies: Booleans, comparison: Comparison) -> list[Finding]:
    """A finding for each item that does not vary in both groups."""
    given = _given(comparison)
    whole = np.sum(tally(comparison.responses) > 0, axis=1) > 1
    found = []
    for item in np.flatnonzero(~varies.all(axis=0)):
        if not given[:, item].all():
            caution = Caution.ONE_GROUP_ONLY if given[:, item].any() else Caution.ITEM_NOT_GIVEN
        else:
            caution = Caution.SEPARATED if whole[item] else Caution.CONSTANT_ITEM
        found.append(Finding(caution, int(item)))
    return found


def _given(comparison: Comparison) -> Booleans:
    """(2, k) whether anyone of each group was given the item."""
    members = (~comparison.is_focal, comparison.is_focal)
    return np.stack([comparison.responses.rows(rows).administered > 0 for rows in members])


def _weaknesses(base: FreedFit) -> list[Finding]:
    """What makes all tests doubtful: groups without a common item, a fit that did not end."""
    found = [finding for finding in base.setting.findings if finding.caution is Caution.DISCONNECTED]
    return found if base.estimate.converged else [*found, Finding(Caution.NOT_CONVERGED)]
