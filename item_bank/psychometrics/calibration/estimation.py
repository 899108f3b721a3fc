"""Marginal maximum likelihood by the EM algorithm, accelerated.

Source: Bock & Aitkin (1981), Psychometrika 46, 443-459; several groups: Bock & Zimowski (1997) in van der Linden &
Hambleton, Handbook of Modern Item Response Theory, ch. 25.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from item_bank.psychometrics.arrays import Floats
from item_bank.psychometrics.calibration.acceleration import Anderson
from item_bank.psychometrics.calibration.conversion import start_coordinates
from item_bank.psychometrics.calibration.expectation import Expectation, expect, made_exact
from item_bank.psychometrics.calibration.maximisation import maximise
from item_bank.psychometrics.calibration.penalties import penalty
from item_bank.psychometrics.calibration.populations import HIGHEST_VARIANCE, LOWEST_VARIANCE
from item_bank.psychometrics.calibration.setting import Setting
from item_bank.psychometrics.likelihood import IMPOSSIBLE

Progress = Callable[[int, float, float], object]
SLACK = 1e-7  # share of the log likelihood by which rounding may lower it


@dataclass(frozen=True, eq=False)
class State:
    """Values of everything that is estimated: (J, P) coordinates of each cluster, (G,) means and variances."""

    coordinates: tuple[Floats, ...]
    mean: Floats
    variance: Floats

    def packed(self) -> Floats:
        """All values in one vector, variances in logs."""
        return np.concatenate([*(part.ravel() for part in self.coordinates), self.mean, np.log(self.variance)])

    def unpacked(self, vector: Floats) -> State:
        """A state of the same shape from such a vector."""
        parts, start = [], 0
        for part in self.coordinates:
            parts.append(vector[start : start + part.size].reshape(part.shape))
            start += part.size
        mean, log_variance = np.split(vector[start:], 2)
        return State(
            tuple(parts), mean, np.clip(np.exp(np.clip(log_variance, -50, 50)), LOWEST_VARIANCE, HIGHEST_VARIANCE)
        )


@dataclass(frozen=True, eq=False)
class Estimate:
    """Where the iterations ended, and the E-step there."""

    state: State
    expectation: Expectation
    log_prior: float
    converged: bool
    iterations: int

    @property
    def value(self) -> float:
        """What is maximised: the log likelihood plus the log priors."""
        return self.expectation.log_likelihood + self.log_prior


def start(setting: Setting) -> State:
    """Coordinates that give every category the share it was seen with; standard populations."""
    coordinates = []
    for cluster in setting.clusters:
        tallies = np.take_along_axis(setting.tallies[cluster.columns], cluster.score.astype(int), axis=1) + 0.5
        coordinates.append(start_coordinates(cluster, tallies / tallies.sum(axis=1, keepdims=True)))
    groups = len(setting.answers)
    return State(tuple(coordinates), np.zeros(groups), np.ones(groups))


def log_table(setting: Setting, state: State) -> Floats:
    """(cells, q) log probability of every category of every item at every node; 0 for items left out."""
    table = setting.held.copy()
    for cluster, values in zip(setting.clusters, state.coordinates, strict=True):
        table[cluster.cells] = np.maximum(cluster.kernel.log_probability(values, setting.design), IMPOSSIBLE)
    return table


def expectation_at(setting: Setting, state: State) -> Expectation:
    """The E-step."""
    return expect(setting.answers, *_tables(setting, state))


def _tables(setting: Setting, state: State) -> tuple[Floats, Floats]:
    """Log probabilities (cells, q) and log population shares (G, q)."""
    return log_table(setting, state), setting.populations.log_weights(state.mean, state.variance)


def log_prior_at(setting: Setting, state: State) -> float:
    """The sum of all log priors."""
    if not setting.priors:
        return 0.0
    parts = zip(setting.clusters, state.coordinates, strict=True)
    return float(sum(penalty(cluster, values, setting.priors).value.sum() for cluster, values in parts))


def maximised(setting: Setting, state: State, expectation: Expectation) -> State:
    """The M-step."""
    coordinates = [
        maximise(cluster, values, expectation.counts[cluster.cells], setting.design, setting.priors)
        for cluster, values in zip(setting.clusters, state.coordinates, strict=True)
    ]
    mean, variance = setting.populations.maximise(expectation.population, state.mean, state.variance)
    return State(tuple(coordinates), mean, variance)


def estimate(setting: Setting, state: State, tol: float, max_iter: int, progress: Progress | None) -> Estimate:
    """Iterates until an EM step moves no coordinate by more than `tol`.

    A step of the acceleration that lowers the objective is taken back: the next one is the plain EM step.
    """
    mixing, fallback, leapt = Anderson(), state, False
    reached = _looked_at(setting, state)
    for iteration in range(1, max_iter + 1):
        here = reached if iteration == 1 else _looked_at(setting, state)
        if leapt and not here.value >= reached.value - SLACK * abs(reached.value):
            state, leapt = fallback, False
            mixing.forget()
            continue
        image = maximised(setting, state, here.expectation)
        point, there = state.packed(), image.packed()
        change = float(np.abs(there - point).max(initial=0.0))
        reached, fallback = replace(here, converged=change < tol), image
        if progress is not None:
            progress(iteration, here.expectation.log_likelihood, change)
        if reached.converged:
            break
        state = _within(setting, image.unpacked(mixing.propose(point, there)))
        leapt = bool(np.any(state.packed() != there))
    exact = made_exact(reached.expectation, setting.answers, *_tables(setting, reached.state))
    return replace(reached, expectation=exact, iterations=iteration)


def _looked_at(setting: Setting, state: State) -> Estimate:
    """The E-step at a state."""
    return Estimate(state, expectation_at(setting, state), log_prior_at(setting, state), False, 0)


def _within(setting: Setting, state: State) -> State:
    """The state with every free coordinate inside its bounds."""
    return State(_clipped(setting, state.coordinates), state.mean, state.variance)


def _clipped(setting: Setting, coordinates: Sequence[Floats]) -> tuple[Floats, ...]:
    return tuple(
        np.where(cluster.free, np.clip(values, *cluster.bounds), values)
        for cluster, values in zip(setting.clusters, coordinates, strict=True)
    )
