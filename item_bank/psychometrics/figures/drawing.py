"""Drawings of the plots with matplotlib, each on axes that the caller brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from item_bank.psychometrics.differential.curves import DifCurves
from item_bank.psychometrics.figures.plots import CharacteristicCurves, FitResiduals, OptionCurves, WrightMap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ABILITY = "ability (logits)"
ACCENT, QUIET = "#0b6e6e", "#8a8f98"


def draw_category_curves(curves: CharacteristicCurves, item: int, axes: Axes) -> None:
    """The probability of every category of one item (column `item`) over ability."""
    categories = np.flatnonzero(curves.probability[item].max(axis=0) > 0)
    shown = categories[1:] if len(categories) == 2 else categories
    for category in shown:
        axes.plot(curves.theta, curves.probability[item, :, category], label=str(category))
    axes.set(xlabel=ABILITY, ylabel="probability", ylim=(0, 1))
    if len(shown) > 1:
        axes.legend(title="score")


def draw_information(curves: CharacteristicCurves, axes: Axes) -> None:
    """Information of the test, and on a second axis the standard error it leaves."""
    axes.plot(curves.theta, curves.test_information, color=ACCENT)
    axes.set(xlabel=ABILITY, ylabel="information", ylim=(0, None))
    error = axes.twinx()
    error.plot(curves.theta, curves.standard_error, color=QUIET, linestyle="--")
    error.set(ylabel="standard error (logits)", ylim=(0, None))


def draw_wright_map(plot: WrightMap, axes: Axes) -> None:
    """Persons as bars to the left, items as marks with their column to the right, on one upright scale."""
    height = np.diff(plot.edges)
    axes.barh(plot.edges[:-1], -plot.persons, height=height, align="edge", color=QUIET)
    reach = float(plot.persons.max(initial=1))
    # Neighbours would cover one another: marks within a bin stand side by side.
    place = np.clip(np.searchsorted(plot.edges, plot.location, "right") - 1, 0, len(height) - 1)
    nth = np.arange(len(place)) - np.searchsorted(place, place)
    for item, location, column in zip(plot.item, plot.location, nth, strict=True):
        axes.text(reach * (0.05 + 0.09 * column), location, str(item), color=ACCENT, va="center", fontsize="small")
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set(xlabel="persons | items", ylabel=ABILITY, xlim=(-1.05 * reach, 1.05 * reach))


def draw_option_curves(plot: OptionCurves, key: int, axes: Axes) -> None:
    """How often each option is chosen as ability rises; the key stands out."""
    for option, share in zip(plot.options, plot.share, strict=True):
        style = {"color": ACCENT, "linewidth": 2.5} if option == key else {"linestyle": "--"}
        axes.plot(plot.ability, share, marker="o", label=str(option), **style)
    axes.set(xlabel="ability of the group", ylabel="share", ylim=(0, 1))
    axes.legend(title="option")


def draw_fit_residuals(plot: FitResiduals, item: int, axes: Axes) -> None:
    """Observed means of one item with two standard errors, and the expected curve."""
    residual = plot.residual[item]
    apart = plot.observed[item] - plot.expected[item]
    error = np.abs(np.divide(apart, residual, out=np.zeros_like(apart), where=np.nan_to_num(residual) != 0))
    axes.plot(plot.ability, plot.expected[item], color=QUIET)
    axes.errorbar(plot.ability, plot.observed[item], yerr=2 * error, fmt="o", color=ACCENT, capsize=3)
    axes.set(xlabel="ability of the group (logits)", ylabel="mean score")


def draw_dif_curves(plot: DifCurves, item: int, axes: Axes) -> None:
    """Mean scores of both groups on one item by matching score, with the fitted curves; dots grow with persons."""
    most = max(1, int(plot.persons[:, :, item].max(initial=1)))
    for group, (name, colour) in enumerate((("reference", QUIET), ("focal", ACCENT))):
        persons = plot.persons[group, :, item]
        axes.scatter(plot.levels, plot.observed[group, :, item], s=4 + 60 * persons / most, color=colour, alpha=0.6)
        axes.plot(plot.levels, plot.fitted[group, :, item], color=colour, label=name)
    axes.set(xlabel="matching score", ylabel="mean score")
    axes.legend()
