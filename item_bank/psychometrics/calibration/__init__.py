"""Calibration: item parameters and populations from responses, by marginal maximum likelihood."""
