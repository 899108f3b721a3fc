"""Acceleration of a fixed-point iteration from the last few steps.

Anderson mixing: among the combinations of the last points, the next one starts where their residuals cancel best.
Source: Anderson (1965), Journal of the ACM 12, 547-560; Henderson & Varadhan (2019), Journal of Computational and
Graphical Statistics 28, 834-846, for EM. The caller guards the likelihood and calls `forget` when it fell.
"""

from __future__ import annotations

import numpy as np

from item_bank.psychometrics.arrays import Floats

MEMORY = 8
FAINTEST = 1e-7  # share of the largest singular value below which a direction is noise


class Anderson:
    """Proposes where to go on after a point and its image; remembers a few of both."""

    def __init__(self, memory: int = MEMORY) -> None:
        """memory : how many earlier points to combine."""
        self.memory = memory
        self._points: list[Floats] = []
        self._images: list[Floats] = []

    def propose(self, point: Floats, image: Floats) -> Floats:
        """(p,) the next point, from a point and where the iteration maps it, (p,) both."""
        self._points = [*self._points, point][-self.memory - 1 :]
        self._images = [*self._images, image][-self.memory - 1 :]
        if len(self._points) < 2:
            return image
        points, images = np.diff(self._points, axis=0), np.diff(self._images, axis=0)
        mixture, *_ = np.linalg.lstsq((images - points).T, image - point, rcond=FAINTEST)
        return np.asarray(image - mixture @ images, dtype=float)

    def forget(self) -> None:
        """Starts anew: after a step that made things worse the past misleads."""
        self._points, self._images = [], []
