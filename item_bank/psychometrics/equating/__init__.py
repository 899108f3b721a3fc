"""Equating by observed scores: what a score on one form is worth on another form of the same test."""

from __future__ import annotations

from item_bank.psychometrics.equating.designs import equate, equate_single_group, equate_with_anchor
from item_bank.psychometrics.equating.distributions import JointDistribution, ScoreDistribution
from item_bank.psychometrics.equating.presmoothing import (
    Smoothed,
    best_presmoothing,
    possible_pairs,
    presmoothed,
    presmoothed_jointly,
)
from item_bank.psychometrics.equating.tables import EquatingTable, bootstrap_errors

__all__ = [
    "EquatingTable",
    "JointDistribution",
    "ScoreDistribution",
    "Smoothed",
    "best_presmoothing",
    "bootstrap_errors",
    "equate",
    "equate_single_group",
    "equate_with_anchor",
    "possible_pairs",
    "presmoothed",
    "presmoothed_jointly",
]
