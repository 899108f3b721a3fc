"""Fit: whether items, tests, pairs of items and persons behave as a calibrated model says.

`item_statistics` judges items, `model_statistics` whole tests, `dependence` pairs of items, `person_statistics` and
`nonparametric` persons. Item parameters are taken as given; a `Design` says which of them were free.
"""
