"""Telling whether two items ask the same: exactly, or nearly.

The *fingerprint* is equal for items that read the same, whatever their spacing, accents' spelling, case and
order of options. The *sketch* (MinHash over runs of three words; Broder 1997) lets one item be compared with a
whole bank in one numpy expression: the share of equal places estimates the share of common word runs
(standard error 0.03 at 0.9).
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from campus import richtext
from campus.vietnamese import spelling_key
from item_bank.wordings import asked, sources

PLACES = 128
LIKENESS = 0.8
"""From here on two items are told to be alike. Items of one template with other numbers stay below it."""
_RUN = 3
# Shorter texts share runs by chance, for example "(11) ____" of cloze passages.
_FEWEST_RUNS = 6
_FORMULA = re.compile(r"\$[^$]*\$")
_TOKENS = re.compile(r"\\[a-zA-Z]+|[^\W_]+|[-+=<>^*/]")
_PRIME = (1 << 61) - 1
_rng = np.random.Generator(np.random.PCG64(20181226))
_FACTORS = _rng.integers(1, 1 << 31, size=PLACES, dtype=np.uint64)
_OFFSETS = _rng.integers(0, 1 << 61, size=PLACES, dtype=np.uint64)


def fingerprint(content: Mapping[str, Any], passage: str = "") -> str:
    """64 hex digits, equal for contents that ask the same about the same ``passage``."""
    stem, *parts = [_essence(source) for _, source in sources(content, None)] or [""]
    told = "\n".join([_essence(passage), stem, *sorted(parts)])
    return hashlib.sha256(told.encode()).hexdigest()


def _essence(source: str) -> str:
    text = _FORMULA.sub(lambda formula: re.sub(r"\s+", "", formula[0]), richtext.plain(source))
    return "".join(spelling_key(text).split()) + "".join(richtext.pictures(source))


def sketch(content: Mapping[str, Any]) -> bytes | None:
    """The item's sketch, or None when it says too little to be compared."""
    tokens = _TOKENS.findall(spelling_key(asked(content)))
    runs = {" ".join(tokens[start : start + _RUN]) for start in range(len(tokens) - _RUN + 1)}
    if len(runs) < _FEWEST_RUNS:
        return None
    hashes = np.fromiter((zlib.crc32(run.encode()) for run in runs), np.uint64, len(runs))
    mixed = (hashes[:, None] * _FACTORS + _OFFSETS) % np.uint64(_PRIME)
    told: bytes = (mixed.min(axis=0) & np.uint64(0xFFFFFFFF)).astype("<u4").tobytes()
    return told


def likeness(one: bytes, others: Sequence[bytes]) -> NDArray[np.float64]:
    """How alike ``one`` is to each of ``others``, from 0 to 1: shape (len(others),)."""
    table = np.frombuffer(b"".join(others), dtype="<u4").reshape(len(others), PLACES)
    alike: NDArray[np.float64] = (table == np.frombuffer(one, dtype="<u4")).mean(axis=1)
    return alike
