"""What an invigilator carries into a room: the list on the door and to be signed, and the slips with access codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from campus.i18n import N_
from campus.printing import Print, qr_code, typeset
from campus.vietnamese import format_date
from exam_engine.prints.letterhead import TEMPLATES, Letterhead, words

_LIST_WORDS = {
    "title": N_("LIST OF CANDIDATES IN THE ROOM"),
    "subject": N_("Subject:"),
    "room": N_("Exam room:"),
    "when": N_("Time of the exam:"),
    "order": N_("Seq."),
    "number": N_("Candidate number"),
    "name": N_("Full name"),
    "born": N_("Date of birth"),
    "class_name": N_("Class"),
    "seat": N_("Seat"),
    "form": N_("Form code"),
    "signature": N_("Signature"),
    "note": N_("Note"),
    "count": N_("This list has %(count)s candidates."),
    "present": N_("Present:"),
    "absent": N_("Absent:"),
    "invigilator": N_("Invigilator %(number)s"),
    "sign": N_("(signature and full name)"),
    "page": N_("Page %(page)s/%(pages)s"),
}
_SLIP_WORDS = {
    "title": N_("ACCESS CODE"),
    "number": N_("Candidate number"),
    "room": N_("Room"),
    "seat": N_("Seat"),
    "code": N_("Access code"),
    "how": N_("Open the address (or scan the code), type your candidate number and access code."),
    "keep": N_("Keep this slip to yourself."),
}


@dataclass(frozen=True)
class DoorRow:
    """One candidate of a room. ``form``: the form code, "" where it is drawn at the start."""

    number: str
    full_name: str
    birth_date: date | None = None
    class_name: str = ""
    seat: str = ""
    form: str = ""
    note: str = ""


@dataclass(frozen=True)
class DoorList:
    """The candidates of one room in one sitting, in the order they are to be printed."""

    letterhead: Letterhead
    room: str
    when: str
    rows: tuple[DoorRow, ...]


@dataclass(frozen=True)
class AccessSlip:
    """One candidate's slip. ``code`` is printed in groups of four. ``address``: where to type it, also as QR code."""

    number: str
    full_name: str
    code: str
    address: str
    class_name: str = ""
    room: str = ""
    seat: str = ""


def print_door_lists(lists: Sequence[DoorList], *, locale: str = "vi") -> Print:
    """The lists of several rooms in one PDF, each beginning on its own page 1."""
    data = {
        "lists": [
            {
                **door.letterhead.to_data(),
                "room": door.room,
                "time": door.when,
                "rows": [
                    {**asdict(row), "birth_date": format_date(row.birth_date) if row.birth_date else ""}
                    for row in door.rows
                ],
            }
            for door in lists
        ],
        "words": words(_LIST_WORDS, locale),
        "lang": locale,
    }
    return Print(typeset(TEMPLATES / "door_list.typ", data))


def print_access_slips(letterhead: Letterhead, slips: Sequence[AccessSlip], *, locale: str = "vi") -> Print:
    """Slips to cut out, ten a page, in the order given."""
    addresses = list(dict.fromkeys(slip.address for slip in slips))
    files = {f"qr/{place}.svg": qr_code(address) for place, address in enumerate(addresses)}
    data = {
        **letterhead.to_data(),
        "slips": [
            {
                **asdict(slip),
                "code": " ".join(slip.code[at : at + 4] for at in range(0, len(slip.code), 4)),
                "qr": f"qr/{addresses.index(slip.address)}.svg",
            }
            for slip in slips
        ],
        "words": words(_SLIP_WORDS, locale),
        "lang": locale,
    }
    return Print(typeset(TEMPLATES / "access_slips.typ", data, files))
