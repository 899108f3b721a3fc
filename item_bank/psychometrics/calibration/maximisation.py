"""The M-step: Newton's method on the expected log likelihood of all items of a cluster at once.

Knows a design (points with one or two dimensions) and expected counts, not where they come from: testlet models
bring points of ability and specific dimension. Steps are halved item by item until nothing gets worse.
"""

from __future__ import annotations

import numpy as np

from item_bank.psychometrics.arrays import Booleans, Floats
from item_bank.psychometrics.calibration.clusters import Cluster
from item_bank.psychometrics.calibration.kernel import Curvature
from item_bank.psychometrics.calibration.penalties import penalty
from item_bank.psychometrics.calibration.priors import Priors

NEWTON_STEPS = 20
HALVINGS = 12
ENOUGH = 1e-9  # a step shorter than this changes no digit anybody reads
LONGEST_STEP = 2.0
SLACK = 1e-12


def maximise(
    cluster: Cluster, coordinates: Floats, counts: Floats, design: Floats, priors: Priors, steps: int = NEWTON_STEPS
) -> Floats:
    """(J, P) coordinates that maximise the expected log likelihood plus log prior, from `coordinates` on.

    counts : (J, m, Q) expected answers of each item in each category at each design point
    design : (Q, D) the points: abilities in logits, and with D = 2 the specific dimension in standard deviations
    steps : the most Newton steps. Coordinates that are not free stay as they are; none passes its bound.
    """
    lowest, highest = cluster.bounds
    state = objective(cluster, coordinates, counts, design, priors)
    for _ in range(steps):
        move = newton_step(cluster, state, coordinates)
        inside = np.clip(coordinates + np.clip(move, -LONGEST_STEP, LONGEST_STEP), lowest, highest)
        move = np.where(cluster.free, inside - coordinates, 0.0)
        if not np.abs(move).max(initial=0.0) > ENOUGH:
            break
        coordinates, state = _search(cluster, coordinates, move, state, counts, design, priors)
    return coordinates


def objective(cluster: Cluster, coordinates: Floats, counts: Floats, design: Floats, priors: Priors) -> Curvature:
    """Expected log likelihood plus log prior of each item of the cluster, with derivatives by its coordinates."""
    fitted = cluster.kernel.curvature(coordinates, design, counts)
    return fitted + penalty(cluster, coordinates, priors) if priors else fitted


def newton_step(cluster: Cluster, state: Curvature, coordinates: Floats) -> Floats:
    """(J, P) the Newton step, 0 for coordinates that are not free or pushed against their bound."""
    lowest, highest = cluster.bounds
    blocked = ((coordinates <= lowest) & (state.gradient < 0)) | ((coordinates >= highest) & (state.gradient > 0))
    free: Booleans = np.asarray(cluster.free & ~(blocked & ~cluster.shared))
    gradient = np.where(free, state.gradient, 0.0)
    bend = np.where(free[:, :, None] & free[:, None, :], -state.hessian, 0.0)
    if not (cluster.shared & free.any(axis=0)).any():
        alone = np.linalg.solve(_positive(bend, free), gradient[:, :, None])
        return np.asarray(alone[:, :, 0], dtype=float)
    return _joint_step(cluster, bend, gradient, np.asarray(free))


def _joint_step(cluster: Cluster, bend: Floats, gradient: Floats, free: Booleans) -> Floats:
    """The step when items have coordinates in common: own ones are eliminated item by item (Schur complement)."""
    own, common = np.flatnonzero(~cluster.shared), np.flatnonzero(cluster.shared)
    inner = _positive(bend[:, own[:, None], own], free[:, own])
    cross = bend[:, own[:, None], common]
    solved = np.linalg.solve(inner, np.concatenate([cross, gradient[:, own, None]], axis=2))
    through, alone = solved[:, :, :-1], solved[:, :, -1]
    turned = cross.transpose(0, 2, 1)
    outer = (bend[:, common[:, None], common] - turned @ through).sum(axis=0)
    pull = (gradient[:, common] - np.einsum("jsp,jp->js", turned, alone)).sum(axis=0)
    shared_step = np.linalg.solve(_positive(outer[None], np.any(free[:, common], axis=0)[None])[0], pull)
    whole = np.zeros_like(gradient)
    whole[:, common] = shared_step
    whole[:, own] = alone - through @ shared_step
    return whole


def _positive(bend: Floats, free: Booleans) -> Floats:
    """The matrices (J, P, P) made positive definite: ones for what is not free, curvature where there is none."""
    place = np.arange(bend.shape[1])
    whole = bend.copy()
    whole[:, place, place] += np.where(free, 1e-10, 1.0)
    try:
        np.linalg.cholesky(whole)
    except np.linalg.LinAlgError:
        # Priors on slopes and asymptotes make saddles: keep the directions, turn the curvature the right way.
        values, vectors = np.linalg.eigh(whole)
        floor = 1e-3 * np.maximum(np.abs(values).max(axis=1, keepdims=True), 1e-6)
        turned: Floats = (vectors * np.maximum(np.abs(values), floor)[:, None, :]) @ vectors.transpose(0, 2, 1)
        bad = values.min(axis=1) <= 0
        whole = np.where(bad[:, None, None], turned, whole)
    return whole


def _search(
    cluster: Cluster,
    coordinates: Floats,
    move: Floats,
    state: Curvature,
    counts: Floats,
    design: Floats,
    priors: Priors,
) -> tuple[Floats, Curvature]:
    """The place after the step, halved until no item (no cluster with common coordinates) is worse off."""
    scale = np.ones((len(coordinates), 1))
    for _ in range(HALVINGS):
        there = coordinates + scale * move
        reached = objective(cluster, there, counts, design, priors)
        worse = _is_worse(cluster, state.value, reached.value)
        if not worse.any():
            return there, reached
        scale[worse] *= 0.5
    scale[worse] = 0.0
    there = coordinates + scale * move
    return there, objective(cluster, there, counts, design, priors)


def _is_worse(cluster: Cluster, before: Floats, after: Floats) -> Booleans:
    if cluster.shared.any():
        before, after = before.sum(keepdims=True), after.sum(keepdims=True)
    # Not `after < before`: nan, where intercepts cross, is worse too.
    worse = ~(after >= before - SLACK * np.abs(before))
    return np.broadcast_to(worse, (len(cluster.columns),)).copy()
