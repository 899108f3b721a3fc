"""Response times: how fast items and persons are, and whose times do not fit the model.

The lognormal model of van der Linden: log T = beta - tau + e. A time says nothing about why; a person who is "too
fast here" may have known the item, guessed, or read quickly. People judge.

Source: van der Linden (2006), Journal of Educational and Behavioral Statistics 31, 181-204.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from item_bank.psychometrics.arrays import Booleans, Floats, Integers, ratio
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.significance import chi_square_tail
from item_bank.psychometrics.tables import numbers_of
from item_bank.psychometrics.time_likelihood import PERSONS_AT_ONCE, TimeLikelihood

HALVINGS = 30


@dataclass(frozen=True, eq=False)
class TimeParameters:
    """What is known about the times of k items.

    alpha : (k,) time discrimination in 1/log second, above 0: 1 / alpha is the standard deviation of log times
    beta : (k,) time intensity in log seconds: the mean log time of a person of speed 0
    variance : variance of speed tau among persons, at least 0; their mean speed is 0
    Raises ValueError, naming the item's column, for values out of range.
    """

    alpha: Floats
    beta: Floats
    variance: float

    def __post_init__(self) -> None:
        """Makes the arrays its own and read-only, and checks them."""
        alpha, beta = (np.atleast_1d(np.array(part, dtype=float)) for part in (self.alpha, self.beta))
        if alpha.ndim != 1 or alpha.shape != beta.shape:
            raise ValueError(f"alpha and beta must both be (k,), not {alpha.shape} and {beta.shape}")
        wrong = (alpha <= 0) | np.isinf(alpha) | np.isinf(beta) | (np.isnan(alpha) != np.isnan(beta))
        if wrong.any():
            raise ValueError(f"item {int(np.argmax(wrong))}: alpha must be above 0 and finite, beta finite")
        if not self.variance >= 0:
            raise ValueError(f"the variance of speed must be at least 0, not {self.variance}")
        alpha.flags.writeable = beta.flags.writeable = False
        object.__setattr__(self, "alpha", alpha)
        object.__setattr__(self, "beta", beta)

    def take(self, columns: ArrayLike) -> TimeParameters:
        """The items at these columns (indices or a mask), in that order."""
        chosen = np.arange(len(self.alpha))[np.asarray(columns)]
        return TimeParameters(self.alpha[chosen], self.beta[chosen], self.variance)


@dataclass(frozen=True, eq=False)
class Speeds:
    """The speed of n persons, and how well their times fit.

    tau : (n,) posterior mean of speed in log seconds; 0 for a person without times
    se : (n,) posterior standard deviation
    tau_ml : (n,) maximum likelihood; nan for a person without times
    se_ml : (n,) its standard error; nan likewise
    misfit : (n,) l_t, the sum of squared standardised residuals at tau_ml; nan likewise
    degrees : (n,) number of times - 1, the degrees of freedom of l_t
    p : (n,) probability of an l_t at least as large if the model holds; nan below two times
    residuals : (n, k) standardised residuals at tau_ml; below 0 = faster than the person's own speed; nan where
        there is no time
    """

    tau: Floats
    se: Floats
    tau_ml: Floats
    se_ml: Floats
    misfit: Floats
    degrees: Integers
    p: Floats
    residuals: Floats


@dataclass(frozen=True, eq=False)
class ResponseTimes:
    """The lognormal model fitted to the times of n persons on k items.

    parameters : alpha, beta (nan for an item without times) and the variance of speed
    se_alpha, se_beta : (k,) standard errors from the expected information; se_variance : likewise
    speeds : the persons' speeds and their fit
    log_likelihood : marginal log likelihood of the log times
    n_parameters : number of free parameters
    converged, iterations : how the scoring ended
    findings : items and persons without times, a variance at its bound
    """

    parameters: TimeParameters
    se_alpha: Floats
    se_beta: Floats
    se_variance: float
    speeds: Speeds
    log_likelihood: float
    n_parameters: int
    converged: bool
    iterations: int
    findings: tuple[Finding, ...]


def log_times_of(seconds: ArrayLike) -> Floats:
    """(n, k) natural logs of times in seconds; nan = no time.

    Raises ValueError, naming row and item, for a time that is 0, negative or infinite.
    """
    times = times_table(seconds, "times")
    refuse_cells(times, (times <= 0) | np.isinf(times), "is no time in seconds above 0")
    return np.log(times)


def response_times(log_times: ArrayLike, *, tol: float = 1e-8, max_iter: int = 200) -> ResponseTimes:
    """Fits the lognormal response time model by marginal maximum likelihood.

    log T_ij = beta_j - tau_i + e_ij with e_ij ~ N(0, 1 / alpha_j^2) and tau_i ~ N(0, variance): a factor model
    whose loadings are all equal, so the likelihood is exact (no quadrature). Fisher scoring on logs of the
    variances, beta by generalised least squares in every step; the information is block diagonal.

    log_times : (n, k) natural logs of seconds; nan = no time (missing by design is left out of the likelihood)
    tol : converged when no log variance moves more than this
    Raises ValueError, naming row and item, for an infinite log time (a time of 0), for an item whose times are
    all the same (or are only one), and when there are fewer than two items with times.
    Source: van der Linden (2006), Journal of Educational and Behavioral Statistics 31, 181-204, eq. 3-5; the
    likelihood and its expected information as in Joreskog (1969), Psychometrika 34, 183-202.
    """
    table = _checked(log_times)
    given = ~np.isnan(table)
    timed: Booleans = np.any(given, axis=0)
    state = _fit(TimeLikelihood(table[:, timed], given[:, timed]), tol, max_iter)
    alpha, beta, se_alpha, se_beta = (
        _spread(part, timed) for part in (state.alpha, state.beta, state.se_alpha, state.se_beta)
    )
    parameters = TimeParameters(alpha, beta, state.variance)
    return ResponseTimes(
        parameters=parameters,
        se_alpha=se_alpha,
        se_beta=se_beta,
        se_variance=state.se_variance,
        speeds=speeds(table, parameters),
        log_likelihood=state.log_likelihood,
        n_parameters=2 * int(timed.sum()) + 1,
        converged=state.converged,
        iterations=state.iterations,
        findings=_findings(given, state),
    )


def speeds(log_times: ArrayLike, parameters: TimeParameters) -> Speeds:
    """Estimates the speed of every person from known item parameters, and the fit of their times.

    log_times : (n, k) natural logs of seconds; nan = no time. Times on items whose parameters are nan are left out
    Raises ValueError when the numbers of items disagree, and for an infinite log time, naming row and item.
    Source: van der Linden (2006), eq. 8-9; l_t: Marianti, Fox, Avetisyan, Veldkamp & Tijmstra (2014), Journal of
    Educational and Behavioral Statistics 39, 426-451, and Sinharay (2018), Journal of Educational Measurement 55,
    457-476.
    """
    table = times_table(log_times, "log times")
    refuse_cells(table, np.isinf(table), "is no log time (a time of 0?)")
    if table.shape[1] != len(parameters.alpha):
        raise ValueError(f"times on {table.shape[1]} items, parameters of {len(parameters.alpha)}")
    parts = [
        _speeds(table[start : start + PERSONS_AT_ONCE], parameters) for start in range(0, len(table), PERSONS_AT_ONCE)
    ]
    return Speeds(**{name: np.concatenate([part[name] for part in parts]) for name in parts[0]})


def _speeds(table: Floats, parameters: TimeParameters) -> dict[str, NDArray[Any]]:
    """The fields of `Speeds` for a block of persons."""
    given = ~np.isnan(table) & ~np.isnan(parameters.alpha)
    weight = np.where(given, parameters.alpha**2, 0.0)
    precision = weight.sum(axis=1)
    pull = np.sum(weight * np.where(given, parameters.beta - table, 0.0), axis=1)
    tau_ml = ratio(pull, precision)
    residuals = np.where(given, (table - parameters.beta + tau_ml[:, None]) * parameters.alpha, np.nan)
    degrees = np.maximum(given.sum(axis=1) - 1, 0)
    misfit = np.where(precision > 0, np.nansum(residuals**2, axis=1), np.nan)
    shrunken = parameters.variance / (1 + parameters.variance * precision)
    return {
        "tau": shrunken * pull,
        "se": np.sqrt(shrunken),
        "tau_ml": tau_ml,
        "se_ml": np.sqrt(ratio(1.0, precision)),
        "misfit": misfit,
        "degrees": degrees,
        "p": chi_square_tail(misfit, degrees),
        "residuals": residuals,
    }


@dataclass(frozen=True, eq=False)
class _State:
    """A fit of the items that have times."""

    alpha: Floats
    beta: Floats
    variance: float
    se_alpha: Floats
    se_beta: Floats
    se_variance: float
    log_likelihood: float
    at_bound: bool
    converged: bool
    iterations: int


def _fit(likelihood: TimeLikelihood, tol: float, max_iter: int) -> _State:
    """Fisher scoring from moment estimates, with halved steps where the likelihood would fall."""
    logs = likelihood.start
    current = likelihood.at(logs)
    converged, iteration = False, 0
    while not converged and iteration < max_iter:
        iteration += 1
        step = likelihood.step(logs, current)
        for _ in range(HALVINGS):
            moved = np.append(logs[:-1] + step[:-1], max(logs[-1] + step[-1], likelihood.floor))
            proposed = likelihood.at(moved)
            if proposed.log_likelihood >= current.log_likelihood - 1e-9 * abs(current.log_likelihood):
                break
            step /= 2
        converged = bool(np.abs(moved - logs).max() < tol)
        logs, current = moved, proposed
    covariance = np.linalg.inv(current.information)
    se_logs = np.sqrt(np.diag(covariance))
    alpha = np.exp(-logs[:-1] / 2)
    variance = float(np.exp(logs[-1]))
    return _State(
        alpha=alpha,
        beta=current.beta,
        variance=variance,
        se_alpha=alpha * se_logs[:-1] / 2,
        se_beta=np.sqrt(np.diag(np.linalg.inv(current.beta_information))),
        se_variance=variance * float(se_logs[-1]),
        log_likelihood=current.log_likelihood,
        at_bound=bool(logs[-1] <= likelihood.floor),
        converged=converged,
        iterations=iteration,
    )


def _checked(log_times: ArrayLike) -> Floats:
    """The table, or ValueError for what cannot be fitted."""
    table = times_table(log_times, "log times")
    refuse_cells(table, np.isinf(table), "is no log time (a time of 0?)")
    given = ~np.isnan(table)
    timed = np.flatnonzero(np.any(given, axis=0))
    if len(timed) < 2:
        raise ValueError(f"{len(timed)} item(s) with times: speed and items cannot be told apart")
    lowest = np.where(given, table, np.inf).min(axis=0)
    highest = np.where(given, table, -np.inf).max(axis=0)
    constant = timed[lowest[timed] == highest[timed]]
    if len(constant):
        row = int(np.argmax(given[:, constant[0]]))
        raise ValueError(f"row {row}, item {int(constant[0])}: all times on the item are the same; no spread to fit")
    return table


def times_table(values: ArrayLike, what: str) -> Floats:
    """The values as (n, k) floats, or ValueError that says what they should be."""
    table: Floats = numbers_of(values, what).astype(float, copy=False)
    if table.ndim != 2 or 0 in table.shape:
        raise ValueError(f"{what} must be (n, k) with persons and items, not {table.shape}")
    return table


def refuse_cells(table: Floats, wrong: Booleans, sentence: str) -> None:
    """Raises ValueError, naming row and item, for the first wrong cell."""
    if wrong.any():
        row, column = (int(place) for place in np.argwhere(wrong)[0])
        raise ValueError(f"row {row}, item {column}: {table[row, column]} {sentence}")


def _spread(values: Floats, timed: Booleans) -> Floats:
    whole = np.full(len(timed), np.nan)
    whole[timed] = values
    return whole


def _findings(given: Booleans, state: _State) -> tuple[Finding, ...]:
    """What the figures are silent about."""
    found = [Finding(Caution.ITEM_NOT_GIVEN, item=int(column)) for column in np.flatnonzero(~given.any(axis=0))]
    found += [Finding(Caution.PERSON_WITHOUT_ANSWERS, person=int(row)) for row in np.flatnonzero(~given.any(axis=1))]
    if not state.converged:
        found.append(Finding(Caution.NOT_CONVERGED))
    if state.at_bound:
        found.append(Finding(Caution.AT_BOUND))
    return tuple(found)
