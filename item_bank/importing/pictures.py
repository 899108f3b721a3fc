"""Pictures of a file: typed by their own bytes, measured, kept once by digest.

Metafiles (WMF, EMF), the usual previews of old equations, are kept as they are: no browser shows them, but nothing is
lost. Nothing is re-encoded here; that is for whoever stores them.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import warnings

from PIL import Image as Raster

from item_bank.importing.blocks import Atom, Image, Unsupported
from item_bank.importing.drafts import Picture

EMU_PER_PIXEL = 9525
_WIDEST = 4_000
_MOST_PIXELS = 60_000_000
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\xd7\xcd\xc6\x9a", "image/wmf"),
    (b"\x01\x00\x09\x00", "image/wmf"),
    (b"\x02\x00\x09\x00", "image/wmf"),
)
_PIXELS_PER_UNIT = {"pt": 96 / 72, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "px": 1.0, "": 1.0, "pc": 16.0}


class Gallery:
    """The pictures seen so far in one file."""

    def __init__(self) -> None:
        self._pictures: dict[str, Picture] = {}

    @property
    def pictures(self) -> list[Picture]:
        """Each picture once, in order of first appearance."""
        return list(self._pictures.values())

    def add(self, data: bytes | None, width: int = 0, height: int = 0, alt: str = "", is_formula: bool = False) -> Atom:
        """An atom for the picture; Unsupported when there are no bytes or they are no picture."""
        kind = media_type(data or b"")
        if data is None or kind is None:
            return Unsupported("picture")
        digest = hashlib.sha256(data).hexdigest()
        known = self._pictures.get(digest)
        if known is None:
            size = _own_size(data, kind)
            if size is None:
                return Unsupported("picture")
            known = Picture(digest, data, kind, *(size if size != (0, 0) else (width, height)))
            self._pictures[digest] = known
        return Image(digest, width or known.width, height or known.height, alt, is_formula)


def media_type(data: bytes) -> str | None:
    """The type that the first bytes tell; None for what is no picture we know."""
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[:4] == b"\x01\x00\x00\x00" and data[40:44] == b" EMF":
        return "image/emf"
    return None


def pixels_of_emu(text: str | None) -> int:
    """CSS pixels of a length in English Metric Units; 0 when it is none."""
    return min(_WIDEST, round(int(text) / EMU_PER_PIXEL)) if text and text.isdigit() else 0


def pixels_of_style(style: str, name: str) -> int:
    """CSS pixels of ``width`` or ``height`` in a VML style; 0 when it is absent."""
    match = re.search(rf"(?:^|;)\s*{name}\s*:\s*([\d.]+)\s*([a-z]*)", style)
    if match is None or match[2] not in _PIXELS_PER_UNIT:
        return 0
    try:
        return min(_WIDEST, round(float(match[1]) * _PIXELS_PER_UNIT[match[2]]))
    except ValueError:
        return 0


def _own_size(data: bytes, kind: str) -> tuple[int, int] | None:
    """Width and height from the picture's header, (0, 0) when it has none; None when it can't be a picture."""
    if kind == "image/wmf":
        return _size_of_metafile(data)
    if kind == "image/emf":
        return (0, 0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of what we refuse just below
            with Raster.open(io.BytesIO(data)) as raster:
                width, height = raster.size
    except (OSError, ValueError, SyntaxError, Raster.DecompressionBombError):
        return None
    return (width, height) if 0 < width * height <= _MOST_PIXELS else None


def _size_of_metafile(data: bytes) -> tuple[int, int]:
    """Size of a placeable Windows metafile in CSS pixels; (0, 0) for one without a placeable header."""
    if not data.startswith(b"\xd7\xcd\xc6\x9a") or len(data) < 22:
        return (0, 0)
    left, top, right, bottom, per_inch = struct.unpack("<hhhhH", data[6:16])
    scale = 96 / (per_inch or 1440)
    return min(_WIDEST, round(abs(right - left) * scale)), min(_WIDEST, round(abs(bottom - top) * scale))
