"""Conditional calibration of Rasch and partial-credit items, with abilities, fit and Andersen's test."""
