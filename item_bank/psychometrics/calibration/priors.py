"""Prior densities of item parameters, with the derivatives that a Newton step needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, expit, log_expit

from item_bank.psychometrics.arrays import Floats

Terms = tuple[Floats, Floats, Floats]


@dataclass(frozen=True, slots=True)
class Normal:
    """A normal prior; for an asymptote it is the logit of the asymptote that is normal.

    mean, sd : of the parameter (or logit). Raises ValueError unless sd > 0.
    """

    mean: float
    sd: float

    def __post_init__(self) -> None:
        """Checks the standard deviation."""
        if not (np.isfinite(self.mean) and 0 < self.sd < np.inf):
            raise ValueError(f"a normal prior needs a finite mean and sd > 0, not {self.mean} and {self.sd}")

    def terms(self, value: Floats) -> Terms:
        """Log density with its first and second derivative, each shaped as value."""
        apart = (value - self.mean) / self.sd
        log_density = -0.5 * apart**2 - np.log(self.sd) - 0.5 * np.log(2 * np.pi)
        return log_density, -apart / self.sd, np.full_like(value, -1 / self.sd**2)


@dataclass(frozen=True, slots=True)
class LogNormal:
    """A log-normal prior for slopes, which keeps them above 0.

    mean, sd : of the logarithm. Raises ValueError unless sd > 0.
    """

    mean: float
    sd: float

    def __post_init__(self) -> None:
        """Checks the standard deviation."""
        if not (np.isfinite(self.mean) and 0 < self.sd < np.inf):
            raise ValueError(f"a log-normal prior needs a finite mean and sd > 0, not {self.mean} and {self.sd}")

    def terms(self, value: Floats) -> Terms:
        """Log density with its first and second derivative, each shaped as value; -inf at and below 0."""
        inside = value > 0
        positive = np.where(inside, value, 1.0)
        logs = np.log(positive)
        apart = (logs - self.mean) / self.sd**2
        log_density = -logs - 0.5 * apart * (logs - self.mean) - np.log(self.sd) - 0.5 * np.log(2 * np.pi)
        first = -(1 + apart) / positive
        second = (1 + apart - 1 / self.sd**2) / positive**2
        return np.where(inside, log_density, -np.inf), first, second


@dataclass(frozen=True, slots=True)
class Beta:
    """A beta prior for asymptotes, on the probability scale.

    alpha, beta : the two shapes; the mode is (alpha - 1) / (alpha + beta - 2). Raises ValueError unless both > 0.
    """

    alpha: float
    beta: float

    def __post_init__(self) -> None:
        """Checks the shapes."""
        if not (0 < self.alpha < np.inf and 0 < self.beta < np.inf):
            raise ValueError(f"a beta prior needs two shapes above 0, not {self.alpha} and {self.beta}")

    def terms(self, value: Floats) -> Terms:
        """Log density at expit(value) with its derivatives by value, the logit; each shaped as value.

        No Jacobian: the mode is that of the density of the asymptote itself.
        """
        first_shape, second_shape = self.alpha - 1, self.beta - 1
        share = expit(value)
        log_density = first_shape * log_expit(value) + second_shape * log_expit(-value) - betaln(self.alpha, self.beta)
        first = first_shape - (first_shape + second_shape) * share
        return log_density, first, -(first_shape + second_shape) * share * (1 - share)


@dataclass(frozen=True, slots=True)
class Priors:
    """Priors by kind of parameter, for all items that have it free; None: no prior.

    slope : of a (of the category slopes, for NRM), Normal or LogNormal
    intercept : of the intercepts d = -a b (cumulative for partial credit), Normal
    difficulty : of b, thresholds or steps, Normal; not together with intercept, and not for NRM
    lower, upper : of c and d; Beta on the probability, or Normal on the logit

    Raises ValueError for priors of both intercept and difficulty, and for densities that do not fit the kind.
    """

    slope: Normal | LogNormal | None = None
    intercept: Normal | None = None
    difficulty: Normal | None = None
    lower: Normal | Beta | None = None
    upper: Normal | Beta | None = None

    def __post_init__(self) -> None:
        """Checks that each density suits its parameter."""
        if self.intercept is not None and self.difficulty is not None:
            raise ValueError("a prior for intercept or for difficulty, not for both")
        allowed = {
            "slope": (Normal, LogNormal),
            "intercept": (Normal,),
            "difficulty": (Normal,),
            "lower": (Normal, Beta),
            "upper": (Normal, Beta),
        }
        for kind, densities in allowed.items():
            prior = getattr(self, kind)
            if prior is not None and not isinstance(prior, densities):
                names = " or ".join(density.__name__ for density in densities)
                raise ValueError(f"the prior of {kind} must be {names}, not {type(prior).__name__}")

    def __bool__(self) -> bool:
        """Whether any kind has a prior."""
        return any((self.slope, self.intercept, self.difficulty, self.lower, self.upper))
