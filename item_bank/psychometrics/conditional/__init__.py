"""Conditional calibration of Rasch and partial-credit items, with abilities, fit and Andersen's test."""

from item_bank.psychometrics.conditional.calibrating import ConditionalCalibration, calibrate_conditionally
from item_bank.psychometrics.conditional.residuals import (
    AndersenTest,
    ConditionalFit,
    ScoreTable,
    andersen_test,
    conditional_fit,
    score_table,
)

__all__ = [
    "AndersenTest",
    "ConditionalCalibration",
    "ConditionalFit",
    "ScoreTable",
    "andersen_test",
    "calibrate_conditionally",
    "conditional_fit",
    "score_table",
]
