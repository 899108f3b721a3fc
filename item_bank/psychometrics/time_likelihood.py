"""The marginal likelihood of log times: a factor model whose loadings are all equal.

Speed is integrated out in closed form. Fisher scoring on the logs of the variances lives here; what is fitted, and
what it means, in `response_time`.

Source: Joreskog (1969), Psychometrika 34, 183-202, for the model of van der Linden (2006).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from item_bank.psychometrics.arrays import Booleans, Floats

SMALLEST_SHARE = 1e-6  # of the variance of log times: a variance of speed below it counts as none
LONGEST_STEP = 2.0  # of a log variance
PERSONS_AT_ONCE = 4_000  # few enough for the cache


@dataclass(frozen=True, eq=False)
class TimePoint:
    """The likelihood at one set of log variances: its value, score and information, and the best beta there."""

    log_likelihood: float
    score: Floats
    information: Floats
    beta: Floats
    beta_information: Floats


class TimeLikelihood:
    """The marginal likelihood of log times as a function of (log residual variances, log variance of speed).

    Sums over persons are products with the table of times or with that of who was given what; no other table of
    that size is made. Times are kept as distances from their item's mean, so that sums of squares lose no digits.
    """

    def __init__(self, table: Floats, given: Booleans) -> None:
        """table : (n, k) log times; given : (n, k) where there is one."""
        self.persons = len(table)
        self.count = given.sum(axis=0).astype(float)
        self.centre = np.sum(table, axis=0, where=given) / self.count
        self.times = np.where(given, table - self.centre, 0.0)
        self.given = None if given.all() else given.astype(float)
        self.squares = np.einsum("ij,ij->j", self.times, self.times)
        variances = self.squares / self.count
        person = self.times.sum(axis=1) / np.maximum(self.of_persons(np.ones(len(self.count))), 1.0)
        # The variance of persons' means is the speed's, the rest is the items'.
        speed = float(np.clip(np.var(person), 0.05 * variances.mean(), 0.5 * variances.mean()))
        self.start = np.log(np.append(np.maximum(variances - speed, 0.3 * variances), speed))
        # The variance of speed is kept above 0, for its log must exist.
        self.floor = float(np.log(SMALLEST_SHARE * variances.mean()))

    def of_persons(self, values: Floats) -> Floats:
        """(n,) sum of the items' values over the items that each person was given."""
        return np.full(self.persons, values.sum()) if self.given is None else self.given @ values

    def of_items(self, values: Floats) -> Floats:
        """(k,) sum of the persons' values over the persons who were given each item."""
        return np.full(len(self.count), values.sum()) if self.given is None else values @ self.given

    def of_two_items(self, values: Floats) -> Floats:
        """(k, k) sum of the persons' values over the persons who were given both items."""
        size = len(self.count)
        if self.given is None:
            return np.full((size, size), values.sum())
        total = np.zeros((size, size))
        for start in range(0, self.persons, PERSONS_AT_ONCE):
            some = self.given[start : start + PERSONS_AT_ONCE]
            total += some.T @ (some * values[start : start + PERSONS_AT_ONCE, None])
        return total

    def step(self, logs: Floats, here: TimePoint) -> Floats:
        """(k + 1,) Fisher scoring step; the variance of speed stays where it is if it would fall below its floor."""
        free = np.ones(len(logs), dtype=bool)
        free[-1] = logs[-1] > self.floor or here.score[-1] > 0
        step = np.zeros(len(logs))
        step[free] = np.linalg.solve(here.information[np.ix_(free, free)], here.score[free])
        return np.clip(step, -LONGEST_STEP, LONGEST_STEP)

    def at(self, logs: Floats) -> TimePoint:
        """Value, score and expected information."""
        d, speed = np.exp(-logs[:-1]), float(np.exp(logs[-1]))
        total = self.of_persons(d)  # precision that a person's own times give
        v = 1 / (1 / speed + total)  # posterior variance of speed
        weighted = self.times @ d
        beta, beta_information = self._beta(d, v, weighted)
        pull = weighted - self.of_persons(d * beta)
        slower = v * pull  # posterior mean of -tau
        sums = self.times.sum(axis=0)
        squares = self.squares - 2 * beta * sums + self.count * beta**2
        # Sigma^-1 r = d (r - slower) by Sherman-Morrison; here its sum of squares by item, without the d^2.
        crossed = slower @ self.times - beta * self.of_items(slower)
        solved = squares - 2 * crossed + self.of_items(slower**2)
        log_determinant = self.count @ logs[:-1] + np.sum(np.log1p(speed * total))
        value = -0.5 * (self.count.sum() * np.log(2 * np.pi) + log_determinant + squares @ d - slower @ pull)
        weight = v / speed  # 1' Sigma^-1 e_j = d_j v / speed
        score = np.empty(len(logs))
        score[:-1] = 0.5 * (d * solved - self.count + d * self.of_items(v))
        score[-1] = 0.5 * speed * (np.sum((pull * weight) ** 2) - weight @ total)
        information = self._information(d, speed, v, total)
        return TimePoint(float(value), score, information, beta + self.centre, beta_information)

    def _beta(self, d: Floats, v: Floats, weighted: Floats) -> tuple[Floats, Floats]:
        """Generalised least squares for beta, from the items' means, and its information."""
        information = np.diag(self.count * d) - np.outer(d, d) * self.of_two_items(v)
        right = d * (self.times.sum(axis=0) - self.of_items(v * weighted))
        return np.linalg.solve(information, right), information

    def _information(self, d: Floats, speed: float, v: Floats, total: Floats) -> Floats:
        """(k + 1, k + 1) expected information of the log variances: tr(Sigma^-1 dSigma Sigma^-1 dSigma) / 2."""
        size = len(d)
        inner = np.outer(d, d) * self.of_two_items(v**2)
        np.fill_diagonal(inner, self.count - 2 * d * self.of_items(v) + d**2 * self.of_items(v**2))
        information = np.empty((size + 1, size + 1))
        information[:-1, :-1] = inner
        information[:-1, -1] = information[-1, :-1] = d * self.of_items(v**2) / speed
        information[-1, -1] = np.sum((v * total) ** 2)
        return 0.5 * information
