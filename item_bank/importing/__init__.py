"""Question files into drafts of items: pure, stream in, dataclasses out.

:func:`read` is the one entry; each format is a function in a registry. Nothing here knows a table, a request or a
clock, and nothing of a file is dropped in silence: what belongs to no question is reported too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

from campus.errors import Invalid
from campus.i18n import N_
from item_bank.importing import docx, package
from item_bank.importing.drafts import Draft, ImportProblem, Passage, Picture, Reading
from item_bank.importing.recognising import recognise

__all__ = ["FORMATS", "Draft", "ImportProblem", "Passage", "Picture", "Reading", "read"]


def _read_docx(stream: IO[bytes]) -> Reading:
    document = docx.document(package.opened(stream))
    return recognise(document.blocks, document.gallery.pictures, document.left_out)


FORMATS: dict[str, Callable[[IO[bytes]], Reading]] = {"docx": _read_docx}


def read(stream: IO[bytes], format: str = "docx") -> Reading:
    """All that is understood of a question file; raises Invalid for an unknown format or a file that is none."""
    reader = FORMATS.get(format)
    if reader is None:
        raise Invalid(N_("The format %(format)s cannot be imported."), code="unknown_format", format=format)
    return reader(stream)
