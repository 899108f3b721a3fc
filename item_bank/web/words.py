"""The names of kinds, levels and states, in the reader's language, and choices for forms."""

from __future__ import annotations

from campus.i18n import N_, current_locale, gettext
from campus.orm import public
from campus.subjects import SUBJECTS, subject_name
from item_bank.models import Topic

KINDS = {
    "single_choice": N_("Single choice"),
    "true_false_group": N_("True/false statements"),
    "short_answer": N_("Short answer"),
    "essay": N_("Essay"),
}
KIND_ICONS = {
    "single_choice": "list-check",
    "true_false_group": "checklist",
    "short_answer": "forms",
    "essay": "writing",
}
LEVELS = {"know": N_("Know"), "understand": N_("Understand"), "apply": N_("Apply")}
STATES = {
    "draft": N_("Draft"),
    "in_review": N_("In review"),
    "approved": N_("Approved"),
    "retired": N_("Retired"),
}
FORMATS = {
    "thpt": N_("National answer sheet: at most 4 characters, digits, minus and comma"),
    "number": N_("A number of any length"),
    "text": N_("Words"),
}
FIELDS = {
    "stem": N_("Question text"),
    "options": N_("Option %(letter)s"),
    "statements": N_("Statement %(letter)s"),
    "key": N_("Key"),
    "solution": N_("Solution"),
    "level": N_("Level"),
    "outcome_text": N_("Learning outcome"),
}
STEPS = {
    "submit": N_("sent it for review"),
    "withdraw": N_("took it back from review"),
    "return": N_("returned it to its author"),
    "approve": N_("approved it"),
    "retire": N_("retired it"),
    "comment": N_("commented"),
}


def choices(words: dict[str, str]) -> list[tuple[str, str]]:
    """A table of names as choices of a select."""
    return [(value, gettext(name)) for value, name in words.items()]


def topic_choices(topics: list[Topic]) -> list[tuple[str, str]]:
    """Topics as choices of a select, with their codes."""
    return [(public(topic.id), f"{topic.code}. {topic.name}") for topic in topics]


def subject_choices() -> list[tuple[str, str]]:
    """All school subjects as choices of a select."""
    return [(code, subject_name(code, current_locale())) for code in SUBJECTS]


def field_name(path: str) -> str:
    """The name of a wording's field, such as "Option B" for ``options.1.content``."""
    first, *rest = path.split(".")
    if rest and rest[0].isdigit():
        letters = "ABCDEFGH" if first == "options" else "abcdefgh"
        return gettext(FIELDS.get(first, path), letter=letters[int(rest[0])])
    return gettext(FIELDS.get(first, path))
