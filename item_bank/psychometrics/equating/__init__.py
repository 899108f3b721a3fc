"""Equating by observed scores: what a score on one form is worth on another form of the same test."""
