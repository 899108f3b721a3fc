"""Linking: bringing two calibrations onto one ability scale through items that both forms share."""

from __future__ import annotations

from item_bank.psychometrics.linking.drift import AnchorDrift, anchor_drift
from item_bank.psychometrics.linking.estimating import link, link_by_bootstrap, link_by_jackknife
from item_bank.psychometrics.linking.parameters import FreeParameters, diagonal_covariance, free_parameters
from item_bank.psychometrics.linking.results import Linking
from item_bank.psychometrics.linking.score_equating import (
    mixed_population,
    observed_score_equating,
    true_score_equating,
)

__all__ = [
    "AnchorDrift",
    "FreeParameters",
    "Linking",
    "anchor_drift",
    "diagonal_covariance",
    "free_parameters",
    "link",
    "link_by_bootstrap",
    "link_by_jackknife",
    "mixed_population",
    "observed_score_equating",
    "true_score_equating",
]
