"""The head every exam document shares, and the fixed words of a template in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from campus.i18n import translate

TEMPLATES = Path(__file__).parent


@dataclass(frozen=True)
class Letterhead:
    """Who holds which exam. Empty lines are left out of the print.

    ``authority``: ``SỞ GIÁO DỤC VÀ ĐÀO TẠO …``; ``exam``: ``KIỂM TRA CUỐI HỌC KÌ I``; ``when``: ``NĂM HỌC 2026 – 2027``
    or the day and time of the sitting.
    """

    school: str
    exam: str
    subject: str = ""
    authority: str = ""
    when: str = ""

    def to_data(self) -> dict[str, Any]:
        """As a template reads it."""
        return asdict(self)


def words(labels: Mapping[str, str], locale: str) -> dict[str, str]:
    """The fixed words of a template, by the name it uses, in ``locale``."""
    return {name: translate(msgid, locale) for name, msgid in labels.items()}
