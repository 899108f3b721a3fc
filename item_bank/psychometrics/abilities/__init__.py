"""Scores of persons: estimates of ability, their precision, and the scales they are reported on.

`estimating` chooses among the methods; `posterior` integrates over a grid; `maximising` climbs, with the exact sums of
`person_sums`, or reads `tabulating` where a weighted total says all; `sum_scoring` makes tables for the back of a
paper test; `plausible`, `precision` and `scales` use the results. Item parameters are taken as known.
"""
