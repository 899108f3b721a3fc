"""A drawing board for the demo's pictures: axes, curves, arrows and labels as PNG bytes.

Everything is drawn three times too large and reduced, because Pillow's lines are not smooth.
Only Pillow's built-in font is used, so a picture has the same bytes on every machine with the
same Pillow; the font has no Vietnamese letters, so labels are symbols and digits.
"""

from __future__ import annotations

import hashlib
import html
import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

SCALE = 3
INK = (33, 37, 41)
BLUE = (24, 100, 171)
RED = (201, 42, 42)
GREY = (134, 142, 150)
PALE = (208, 228, 245)
WHITE = (255, 255, 255)
Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Picture:
    """A finished PNG and the size at which it is shown, in CSS pixels."""

    png: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, in hexadecimal: the picture's name in rich text."""
        return hashlib.sha256(self.png).hexdigest()

    def tag(self, alt: str) -> str:
        """The image element for rich text source."""
        alt = html.escape(alt, quote=False).replace('"', "&quot;")
        return f'<img src="blob:{self.digest}" alt="{alt}" width="{self.width}" height="{self.height}">'


class Canvas:
    """A white sheet with a coordinate window; x grows to the right, y upwards."""

    def __init__(
        self, window: tuple[float, float, float, float], width: int = 360, height: int = 270, margin: int = 16
    ) -> None:
        self.left, self.right, self.bottom, self.top = window
        self.width, self.height, self.margin = width, height, margin
        self.image = Image.new("RGB", (width * SCALE, height * SCALE), WHITE)
        self.pen = ImageDraw.Draw(self.image)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The enlarged pixel of a point of the window."""
        inner_width, inner_height = self.width - 2 * self.margin, self.height - 2 * self.margin
        across = (x - self.left) / (self.right - self.left) * inner_width + self.margin
        down = (self.top - y) / (self.top - self.bottom) * inner_height + self.margin
        return across * SCALE, down * SCALE

    def line(self, points: Sequence[tuple[float, float]], colour: Colour = INK, width: float = 1.6) -> None:
        """A polyline through points of the window."""
        self.pen.line([self.at(*p) for p in points], fill=colour, width=round(width * SCALE), joint="curve")

    def dashes(self, start: tuple[float, float], end: tuple[float, float], colour: Colour = GREY) -> None:
        """A dashed straight line."""
        (x0, y0), (x1, y1) = self.at(*start), self.at(*end)
        length = math.hypot(x1 - x0, y1 - y0)
        pieces = max(1, round(length / (8 * SCALE)))
        for piece in range(pieces):
            a, b = piece / pieces, (piece + 0.55) / pieces
            begin = (x0 + (x1 - x0) * a, y0 + (y1 - y0) * a)
            finish = (x0 + (x1 - x0) * b, y0 + (y1 - y0) * b)
            self.pen.line([begin, finish], fill=colour, width=round(1.2 * SCALE))

    def arrow(
        self, start: tuple[float, float], end: tuple[float, float], colour: Colour = INK, width: float = 1.6
    ) -> None:
        """A straight line with a filled head at its end."""
        (x0, y0), (x1, y1) = self.at(*start), self.at(*end)
        turn, size = math.atan2(y1 - y0, x1 - x0), 8 * SCALE
        neck = (x1 - size * 0.7 * math.cos(turn), y1 - size * 0.7 * math.sin(turn))
        self.pen.line([(x0, y0), neck], fill=colour, width=round(width * SCALE))
        wings = [(x1 - size * math.cos(turn + side), y1 - size * math.sin(turn + side)) for side in (0.36, -0.36)]
        self.pen.polygon([(x1, y1), *wings], fill=colour)

    def dot(self, x: float, y: float, colour: Colour = INK, radius: float = 3) -> None:
        """A filled point."""
        px, py = self.at(x, y)
        r = radius * SCALE
        self.pen.ellipse([px - r, py - r, px + r, py + r], fill=colour)

    def ring(self, x: float, y: float, radius: float, colour: Colour = INK, width: float = 1.6) -> None:
        """A circle whose radius is in pixels of the shown picture."""
        px, py = self.at(x, y)
        r = radius * SCALE
        self.pen.ellipse([px - r, py - r, px + r, py + r], outline=colour, width=round(width * SCALE))

    def box(
        self,
        low: tuple[float, float],
        high: tuple[float, float],
        fill: Colour | None = None,
        width: float = 1.4,
    ) -> None:
        """A rectangle between two corners of the window."""
        (x0, y0), (x1, y1) = self.at(*low), self.at(*high)
        corners = [min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)]
        self.pen.rectangle(corners, fill=fill, outline=INK, width=round(width * SCALE))

    def area(self, points: Sequence[tuple[float, float]], fill: Colour = PALE) -> None:
        """A filled polygon."""
        self.pen.polygon([self.at(*p) for p in points], fill=fill)

    def label(
        self,
        x: float,
        y: float,
        text: str,
        anchor: str = "mm",
        shift: tuple[float, float] = (0, 0),
        size: int = 13,
    ) -> None:
        """A short label; `shift` moves it by pixels of the shown picture, right and down."""
        px, py = self.at(x, y)
        place = (px + shift[0] * SCALE, py + shift[1] * SCALE)
        self.pen.text(place, text, font=ImageFont.load_default(size * SCALE), fill=INK, anchor=anchor)

    def axes(self, horizontal: str = "x", vertical: str = "y", origin: str = "O") -> None:
        """Two arrows through the origin with their names."""
        self.arrow((self.left, 0), (self.right, 0), width=1.3)
        self.arrow((0, self.bottom), (0, self.top), width=1.3)
        self.label(self.right, 0, horizontal, "rt", (0, 6))
        self.label(0, self.top, vertical, "lt", (8, 0))
        if origin:
            self.label(0, 0, origin, "rt", (-5, 4))

    def curve(
        self, f: Callable[[float], float], low: float, high: float, colour: Colour = BLUE, width: float = 2.2
    ) -> None:
        """The graph of a function, cut where it leaves the window."""
        piece: list[tuple[float, float]] = []
        for step in range(481):
            x = low + (high - low) * step / 480
            y = f(x)
            if self.bottom <= y <= self.top:
                piece.append((x, y))
                continue
            if len(piece) > 1:
                self.line(piece, colour, width)
            piece = []
        if len(piece) > 1:
            self.line(piece, colour, width)

    def finish(self) -> Picture:
        """The picture at its shown size, doubled for sharp screens."""
        shown = self.image.resize((self.width * 2, self.height * 2), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        shown.quantize(64).save(out, "PNG", optimize=True)
        return Picture(out.getvalue(), self.width, self.height)
