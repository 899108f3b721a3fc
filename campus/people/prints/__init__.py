"""Cards a homeroom teacher prints and hands out: how a pupil and a parent start their account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from campus.i18n import N_, translate
from campus.printing import Print, qr_code, typeset
from campus.vietnamese import format_date

_TEMPLATE = Path(__file__).with_name("activation_slips.typ")
_WORDS = {
    "title": N_("ACCOUNT ACTIVATION"),
    "pupil": N_("For the pupil"),
    "parent": N_("For a parent or guardian"),
    "staff": N_("For a member of staff"),
    "class_name": N_("Class"),
    "username": N_("User name"),
    "code": N_("Activation code"),
    "how": N_("Open the address (or scan the code), type the activation code and choose your own password."),
    "until": N_("Valid until %(day)s, once only."),
    "keep": N_("Keep this slip to yourself."),
}


@dataclass(frozen=True)
class ActivationSlip:
    """One card. ``address`` is where the code is typed; ``link`` (else the address) is what the QR code opens."""

    holder: Literal["pupil", "parent", "staff"]
    full_name: str
    class_name: str
    code: str
    address: str
    username: str = ""
    link: str = ""
    valid_until: date | None = None


def print_activation_slips(school: str, slips: Sequence[ActivationSlip], *, locale: str = "vi") -> Print:
    """Cards to cut out, ten a page, in the order given: pupil and parent side by side when they follow each other."""
    links = list(dict.fromkeys(slip.link or slip.address for slip in slips))
    places = {link: f"qr/{place}.svg" for place, link in enumerate(links)}
    words = {name: translate(msgid, locale) for name, msgid in _WORDS.items()}
    data = {
        "school": school,
        "slips": [
            {
                **asdict(slip),
                "code": " ".join(slip.code[at : at + 4] for at in range(0, len(slip.code), 4)),
                "valid_until": format_date(slip.valid_until) if slip.valid_until else "",
                "qr": places[slip.link or slip.address],
            }
            for slip in slips
        ],
        "words": words,
        "lang": locale,
    }
    return Print(typeset(_TEMPLATE, data, {path: qr_code(link) for link, path in places.items()}))
