"""What an exam needs on paper: the forms, their keys, door lists and access-code slips, each as one PDF.

Plain data in, a PDF out: services build these dataclasses, nothing here knows a table. Typesetting blocks its
thread, so it belongs in a job (or off the event loop).
"""

from exam_engine.prints.keys import KeyRow, KeySection, PrintedKeys, print_keys
from exam_engine.prints.letterhead import Letterhead
from exam_engine.prints.papers import PrintedForm, PrintedItem, PrintedPassage, PrintedSection, print_forms
from exam_engine.prints.rooms import AccessSlip, DoorList, DoorRow, print_access_slips, print_door_lists

__all__ = [
    "AccessSlip",
    "DoorList",
    "DoorRow",
    "KeyRow",
    "KeySection",
    "Letterhead",
    "PrintedForm",
    "PrintedItem",
    "PrintedKeys",
    "PrintedPassage",
    "PrintedSection",
    "print_access_slips",
    "print_door_lists",
    "print_forms",
    "print_keys",
]
