"""Log-linear presmoothing: score distributions whose first moments are the sample's and whose rest is smooth.

log p(score) is a polynomial; maximum likelihood then keeps as many moments of the sample as the polynomial has
powers. For pairs of scores there are powers of both, and products. Newton's method on orthogonal polynomials: the
raw powers of a score of 40 span twenty digits.

Source: Holland & Thayer (2000), Journal of Educational and Behavioral Statistics 25, 133-183.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logsumexp, xlogy

from item_bank.psychometrics.arrays import Booleans, Floats, ratio
from item_bank.psychometrics.equating.distributions import JointDistribution, ScoreDistribution

TOLERANCE = 1e-10
MAX_ITERATIONS = 200
MAX_HALVINGS = 30

Scores = TypeVar("Scores", ScoreDistribution, JointDistribution)


@dataclass(frozen=True, eq=False)
class Smoothed(Generic[Scores]):
    """A log-linear fit.

    distribution : the smoothed counts, with as many persons as the sample
    powers : the moments kept: (i,) for the mean of score ** i, or (i, j) for that of test ** i * anchor ** j
    log_likelihood : multinomial, sum of counts * log p, without the constant that all models share
    g2, chi2 : likelihood-ratio and Pearson statistics against the sample's own shares; df : their degrees of freedom
    aic, bic : -2 log_likelihood + parameters * 2 or log n; smaller is better
    residuals : Freeman-Tukey residual of each cell, about standard normal when the model is right
    converged, iterations : whether and after how many steps the moments agreed
    """

    distribution: Scores
    powers: tuple[tuple[int, ...], ...]
    log_likelihood: float
    g2: float
    chi2: float
    df: int
    aic: float
    bic: float
    residuals: Floats
    converged: bool
    iterations: int


def presmoothed(sample: ScoreDistribution, degree: int) -> Smoothed[ScoreDistribution]:
    """The smooth distribution that keeps the first `degree` moments of a sample.

    Raises ValueError when degree is not 1 or more and below the number of scores that somebody got.
    """
    _check_degree(degree, sample.counts, "degree")
    powers = tuple((power,) for power in range(1, degree + 1))
    design = _polynomials(sample.scale, degree)
    possible = np.ones(sample.counts.shape, dtype=bool)
    return _fit(sample, powers, design, possible)


def presmoothed_jointly(
    sample: JointDistribution,
    degree: int,
    anchor_degree: int,
    products: Sequence[tuple[int, int]] = ((1, 1),),
    *,
    possible: ArrayLike | None = None,
) -> Smoothed[JointDistribution]:
    """The smooth distribution of pairs that keeps moments of the test, of the anchor, and of products.

    degree, anchor_degree : moments kept of either score; products : pairs (i, j) of powers whose mean products are
        kept, (1, 1) being the covariance
    possible : (s, v) mask of pairs that can occur (see `possible_pairs` for internal anchors); all if left out
    Raises ValueError for degrees out of range, and, naming the cell, for persons where nobody can be.
    """
    _check_degree(degree, sample.counts.sum(axis=1), "degree")
    _check_degree(anchor_degree, sample.counts.sum(axis=0), "anchor_degree")
    mask = np.ones(sample.counts.shape, dtype=bool) if possible is None else np.asarray(possible, dtype=bool)
    if mask.shape != sample.counts.shape:
        raise ValueError(f"possible must be {sample.counts.shape}, not {mask.shape}")
    if np.any(sample.counts[~mask] > 0):
        place = np.argwhere((sample.counts > 0) & ~mask)[0]
        raise ValueError(f"counts[{place[0]}, {place[1]}] is above 0 where `possible` says nobody can be")
    for pair in products:
        if len(pair) != 2 or not (1 <= pair[0] < len(sample.scale) and 1 <= pair[1] < len(sample.anchor)):
            raise ValueError(f"products must be pairs of powers from 1 below the numbers of scores, not {pair}")
    powers = (
        *((power, 0) for power in range(1, degree + 1)),
        *((0, power) for power in range(1, anchor_degree + 1)),
        *((int(i), int(j)) for i, j in products),
    )
    design = _product_polynomials(sample.scale, sample.anchor, powers)
    return _fit(sample, powers, design, mask)


def possible_pairs(scale: ArrayLike, anchor: ArrayLike) -> Booleans:
    """(s, v) which pairs of test and internal anchor scores can occur: the anchor's points are in the test's.

    scale : (s,) test scores from 0 to full marks; anchor : (v,) anchor scores likewise
    """
    rest = np.asarray(scale, dtype=float)[:, None] - np.asarray(anchor, dtype=float)[None, :]
    most = np.max(np.asarray(scale, dtype=float)) - np.max(np.asarray(anchor, dtype=float))
    found: Booleans = (rest >= -1e-9) & (rest <= most + 1e-9)
    return found


def best_presmoothing(
    sample: ScoreDistribution, degrees: Iterable[int] = range(1, 9), criterion: str = "aic"
) -> Smoothed[ScoreDistribution]:
    """The smoothing with the smallest "aic" or "bic" among some degrees; degrees that the sample cannot bear left out.

    Raises ValueError for another criterion, or when no degree is left.
    Source: Moses & Holland (2009), Journal of Educational Measurement 46, 159-176.
    """
    if criterion not in ("aic", "bic"):
        raise ValueError(f"the criterion is aic or bic, not {criterion!r}")
    fits = [presmoothed(sample, degree) for degree in degrees if 1 <= degree < np.count_nonzero(sample.counts)]
    if not fits:
        raise ValueError("no degree is below the number of scores that somebody got")
    return min(fits, key=lambda fit: float(getattr(fit, criterion)))


def _check_degree(degree: int, counts: Floats, name: str) -> None:
    support = int(np.count_nonzero(counts))
    if not 1 <= degree < support:
        raise ValueError(f"{name} must be 1 or more and below the {support} scores that somebody got, not {degree}")


def _polynomials(scale: Floats, degree: int) -> Floats:
    """(s, degree) columns that span the powers 1 to degree without the constant, orthogonal and of one length."""
    centred = np.linspace(-1.0, 1.0, len(scale))
    factor = np.linalg.qr(np.polynomial.legendre.legvander(centred, degree)).Q
    return np.asarray(factor[:, 1:] * np.sqrt(len(scale)))


def _product_polynomials(scale: Floats, anchor: Floats, powers: Sequence[tuple[int, int]]) -> Floats:
    """(s * v, t) columns that span the powers without the constant, orthogonal and of one length.

    Centring either score changes the span when a product (i, j) stands without the lower ones it then brings in
    (1, j), so the powers are those of the raw scores, only scaled to 1 at most.
    """
    test = (scale / np.abs(scale).max())[:, None]
    other = (anchor / np.abs(anchor).max())[None, :]
    raw = np.stack([(test**i * other**j).ravel() for i, j in powers], axis=1)
    factor = np.linalg.qr(np.column_stack([np.ones(len(raw)), raw])).Q
    return np.asarray(factor[:, 1:] * np.sqrt(len(raw)))


def _fit(sample: Scores, powers: tuple[tuple[int, ...], ...], design: Floats, possible: Booleans) -> Smoothed[Scores]:
    observed = sample.counts[possible]
    design = design[possible.ravel()]
    shares, converged, iterations = _maximised(design, observed)
    fitted = np.zeros(sample.counts.shape)
    fitted[possible] = sample.n * shares
    residuals = np.zeros(sample.counts.shape)
    residuals[possible] = np.sqrt(observed) + np.sqrt(observed + 1) - np.sqrt(4 * fitted[possible] + 1)
    log_likelihood = float(np.sum(xlogy(observed, shares)))
    best = float(np.sum(xlogy(observed, observed / sample.n)))
    count = design.shape[1]
    return Smoothed(
        distribution=replace(sample, counts=fitted),
        powers=powers,
        log_likelihood=log_likelihood,
        g2=2 * (best - log_likelihood),
        chi2=float(np.nansum(ratio((observed - fitted[possible]) ** 2, fitted[possible]))),
        df=len(observed) - 1 - count,
        aic=-2 * log_likelihood + 2 * count,
        bic=-2 * log_likelihood + float(np.log(sample.n)) * count,
        residuals=residuals,
        converged=converged,
        iterations=iterations,
    )


def _maximised(design: Floats, observed: Floats) -> tuple[Floats, bool, int]:
    """(cells,) shares that maximise the multinomial likelihood, whether the moments agree, and the steps taken."""
    share = observed / observed.sum()
    target = share @ design
    # A start near the sample: weighted least squares on the logs (Holland & Thayer 2000, appendix).
    lifted = 0.8 * share + 0.2 / len(share)
    centred = design - lifted @ design
    weighted = centred * lifted[:, None]
    logs = np.log(lifted) - lifted @ np.log(lifted)
    coefficients = np.linalg.lstsq(weighted.T @ centred, weighted.T @ logs, rcond=None)[0]
    likelihood, fitted = _likelihood(design, coefficients, target)
    for iteration in range(1, MAX_ITERATIONS + 1):
        moments = fitted @ design
        gap = target - moments
        if np.abs(gap).max() < TOLERANCE:
            return fitted, True, iteration - 1
        centred = design - moments
        step = np.linalg.lstsq((centred * fitted[:, None]).T @ centred, gap, rcond=None)[0]
        for _ in range(MAX_HALVINGS):
            tried = _likelihood(design, coefficients + step, target)
            if tried[0] >= likelihood - 1e-14 * abs(likelihood):
                break
            step = step / 2
        coefficients = coefficients + step
        likelihood, fitted = tried
    return fitted, False, MAX_ITERATIONS


def _likelihood(design: Floats, coefficients: Floats, target: Floats) -> tuple[float, Floats]:
    """The log likelihood of one person, and the shares, at these coefficients."""
    logits = design @ coefficients
    constant = logsumexp(logits)
    return float(target @ coefficients - constant), np.exp(logits - constant)
