"""Pre-knowledge: is a person abler, or faster, on items believed to be compromised than on the others?

The set of compromised items must be known beforehand; choosing it by the same data makes the p-values worthless.
A large value says that the two parts of the test differ for this person, not why: evidence, never a verdict.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Booleans, Floats, ratio
from item_bank.psychometrics.integrity.agreement import ability_within, optional_times
from item_bank.psychometrics.integrity.evidence import Evidence, upper_normal
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.matrix import MISSING, ResponseMatrix
from item_bank.psychometrics.models import TINY, CategoryCurves, category_curves, information_of
from item_bank.psychometrics.response_time import TimeParameters, speeds
from item_bank.psychometrics.significance import chi_square_tail


@dataclass(frozen=True, eq=False)
class Preknowledge:
    """How n persons did on the compromised items against the others. All tests are one-sided: better or faster.

    theta, theta_compromised, theta_secure : (n,) maximum likelihood abilities within [-4, 4]; the difference of
        the last two is the effect, in logits. nan for a person who was given no item of that part
    likelihood_ratio, score, wald : signed statistics on the scores, standard normal if nothing differs
    speed_difference : (n,) speed on the compromised items less speed on the others, log seconds; None without times
    time_likelihood_ratio : signed statistic on the times (which is also the Wald statistic); None without times
    joint : scores and times together, only what points to better and faster counts; None without times

    nan, value and p, for a person who was given items of only one part.
    """

    theta: Floats
    theta_compromised: Floats
    theta_secure: Floats
    likelihood_ratio: Evidence
    score: Evidence
    wald: Evidence
    speed_difference: Floats | None
    time_likelihood_ratio: Evidence | None
    joint: Evidence | None


def preknowledge(
    responses: ResponseMatrix | ArrayLike,
    items: ItemParameters,
    compromised: ArrayLike,
    *,
    log_times: ArrayLike | None = None,
    times: TimeParameters | None = None,
) -> Preknowledge:
    """Tests every person for better or faster work on the compromised items.

    responses : (n, k) scores; nan = not administered
    compromised : columns of the compromised items, or a (k,) mask; at least one, and not all
    log_times, times : (n, k) log seconds and the items' time parameters, for the statistics with times

    Evidence for people to weigh, not a verdict. Raises ValueError for input that disagrees.
    Source: signed likelihood ratio and score: Sinharay (2017), Journal of Educational and Behavioral Statistics 42,
    46-68; Wald: Sinharay & Jensen (2019), Psychometrika 84, 484-510; times: Sinharay (2020), Applied Psychological
    Measurement 44, 376-392; joint: Sinharay & Johnson (2020), British Journal of Mathematical and Statistical
    Psychology 73, 397-419.
    """
    matrix = ResponseMatrix.of(responses)
    is_out = _mask(compromised, len(items))
    parts = _Parts(matrix, items, is_out)
    ratio_statistic, score_statistic, wald_statistic = parts.statistics()
    timed = optional_times(matrix.shape, log_times, times)
    if timed is None:
        difference = time_ratio = joint = None
    else:
        difference, time_value = _speed_difference(*timed, is_out)
        time_ratio = upper_normal(time_value)
        joint = _joint(ratio_statistic, time_value)
    return Preknowledge(
        theta=parts.theta,
        theta_compromised=parts.theta_out,
        theta_secure=parts.theta_in,
        likelihood_ratio=upper_normal(ratio_statistic),
        score=upper_normal(score_statistic),
        wald=upper_normal(wald_statistic),
        speed_difference=difference,
        time_likelihood_ratio=time_ratio,
        joint=joint,
    )


class _Parts:
    """Abilities on all items, on the compromised ones and on the secure ones, and what the tests need of them."""

    def __init__(self, matrix: ResponseMatrix, items: ItemParameters, is_out: Booleans) -> None:
        self.is_out = is_out
        self.scores = np.nan_to_num(matrix.to_array(), nan=MISSING).astype(np.int64)
        self.given = self.scores != MISSING
        self.theta = _where_answered(ability_within(matrix, items), self.given)
        self.theta_out = self._part(matrix, items, is_out)
        self.theta_in = self._part(matrix, items, ~is_out)
        self.items = items

    def _part(self, matrix: ResponseMatrix, items: ItemParameters, columns: Booleans) -> Floats:
        return _where_answered(ability_within(matrix.columns(columns), items.take(columns)), self.given[:, columns])

    def statistics(self) -> tuple[Floats, Floats, Floats]:
        """(n,) signed likelihood ratio, score and Wald statistics; nan where a part was not given."""
        difference = self.theta_out - self.theta_in
        direction = np.sign(difference)
        common = category_curves(self.items, np.nan_to_num(self.theta))
        gain = self._log_likelihood_at_own() - self._log_likelihood(common)
        likelihood_ratio = direction * np.sqrt(np.maximum(2 * gain, 0.0))
        chosen = self._chosen(common.first) / np.maximum(self._chosen(common.probability), TINY)
        slope = np.where(self.given, chosen, 0.0)
        info = np.where(self.given, information_of(common), 0.0)
        slopes = [slope[:, part].sum(axis=1) for part in (self.is_out, ~self.is_out)]
        infos = [info[:, part].sum(axis=1) for part in (self.is_out, ~self.is_out)]
        squared = sum(ratio(one**2, amount) for one, amount in zip(slopes, infos, strict=True))
        spread = np.sqrt(ratio(1.0, infos[0]) + ratio(1.0, infos[1]))
        return likelihood_ratio, direction * np.sqrt(squared), ratio(difference, spread)

    def _log_likelihood_at_own(self) -> Floats:
        """(n,) log likelihood with each part at its own ability."""
        own = category_curves(self.items, np.nan_to_num(self.theta_in))
        out = category_curves(self.items.take(self.is_out), np.nan_to_num(self.theta_out))
        own.probability[:, self.is_out, : out.probability.shape[2]] = out.probability
        return self._log_likelihood(own)

    def _log_likelihood(self, curves: CategoryCurves) -> Floats:
        logs = np.log(np.maximum(self._chosen(curves.probability), TINY))
        summed: Floats = np.sum(logs, axis=1, where=self.given)
        return summed

    def _chosen(self, values: Floats) -> Floats:
        """(n, k) the value of the category that was scored."""
        place = np.maximum(self.scores, 0)[:, :, None]
        return np.take_along_axis(values, place, axis=2)[:, :, 0]


def _where_answered(theta: Floats, given: Booleans) -> Floats:
    return np.where(given.any(axis=1), theta, np.nan)


def _speed_difference(table: Floats, times: TimeParameters, is_out: Booleans) -> tuple[Floats, Floats]:
    """(n,) difference of speeds, and the signed likelihood ratio; for known alpha it is the Wald statistic."""
    out = speeds(table[:, is_out], times.take(is_out))
    secure = speeds(table[:, ~is_out], times.take(~is_out))
    difference = out.tau_ml - secure.tau_ml
    return difference, difference / np.sqrt(out.se_ml**2 + secure.se_ml**2)


def _joint(on_scores: Floats, on_times: Floats) -> Evidence:
    """Sum of squares of what is above 0; its law is a mixture of chi-squares with 0, 1 and 2 degrees."""
    value = np.maximum(on_scores, 0.0) ** 2 + np.maximum(on_times, 0.0) ** 2
    p = 0.5 * chi_square_tail(value, 1) + 0.25 * chi_square_tail(value, 2)
    return Evidence(value, np.where(value == 0, 1.0, p))


def _mask(compromised: ArrayLike, count: int) -> Booleans:
    """(k,) which items are compromised, or ValueError."""
    listed = np.asarray(compromised)
    if listed.ndim != 1 or (listed.dtype == bool and len(listed) != count):
        raise ValueError(f"compromised must be column numbers or a ({count},) mask, not {listed.shape}")
    if listed.dtype != bool:
        if np.any((listed < 0) | (listed >= count) | (listed != np.floor(listed))):
            raise ValueError(f"compromised must be column numbers from 0 to {count - 1}")
        listed = listed.astype(np.int64)
    mask = np.zeros(count, dtype=bool)
    mask[listed] = True
    if not mask.any() or mask.all():
        raise ValueError(f"{int(mask.sum())} of {count} items are compromised: both parts need an item")
    return mask
