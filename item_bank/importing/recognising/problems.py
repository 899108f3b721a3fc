"""What can be wrong with an imported question, in words for the teacher."""

from __future__ import annotations

from collections.abc import Sequence

from campus.i18n import N_, Message
from item_bank.importing.drafts import ImportProblem, Severity

_TEXTS: dict[str, tuple[str, Severity, str]] = {
    "missing_key": (N_("%(question)s: no key was found."), "error", "key"),
    "multiple_keys": (N_("%(question)s: more than one option is marked as the key."), "error", "key"),
    "key_conflict": (N_("%(question)s: the mark in the text and the answer table disagree."), "error", "key"),
    "key_too_long": (
        N_("%(question)s: the key %(key)s has more than 4 characters, too long for the answer sheet."), "error", "key",
    ),
    "bad_short_key": (N_("%(question)s: the key “%(key)s” is not a number."), "error", "key"),
    "bad_option_count": (N_("%(question)s: %(count)s options instead of 4."), "warning", "options"),
    "bad_statement_count": (N_("%(question)s: %(count)s statements instead of 4."), "error", "options"),
    "empty_option": (N_("%(question)s: option %(option)s is empty."), "error", "options"),
    "duplicate_option": (N_("%(question)s: two options have the same letter or content."), "error", "options"),
    "duplicate_item": (N_("%(question)s repeats %(other)s."), "warning", "question"),
    "numbering_gap": (N_("%(question)s: the number does not follow the one before."), "warning", "number"),
    "orphan_key": (N_("The answer table names %(question)s, which is not in the paper."), "warning", "key_table"),
    "unreadable_formula": (
        N_("%(question)s: an equation object could not be read; its picture was kept. Please type it again."),
        "warning", "question",
    ),
    "unsupported_object": (
        N_("%(question)s: a chart or drawing could not be taken over. Please add it as a picture."),
        "warning", "question",
    ),
}  # fmt: skip
_TWO_SENTENCES = {"bad_statement_count": "bad_option_count"}


def question_name(number: int | None, part: str | None) -> Message:
    """ "Question 7" or "Question 7 (part II)"."""
    if part is None:
        return Message(N_("Question %(number)s"), number=number)
    return Message(N_("Question %(number)s (part %(part)s)"), number=number, part=part)


def problem(code: str, seq: int | None, number: int, part: str | None, **facts: object) -> ImportProblem:
    """A problem of one question, its sentence chosen by the code."""
    msgid, severity, where = _TEXTS[code]
    message = Message(msgid, question=question_name(number, part), **facts)
    plain = tuple((name, fact) for name, fact in facts.items() if isinstance(fact, (int, str)))
    return ImportProblem(seq, number, part, where, _TWO_SENTENCES.get(code, code), message, severity, plain)


def no_questions() -> ImportProblem:
    """The file was read but has nothing that looks like a question."""
    message = Message(N_("No question was found. Questions must start with a label such as “Câu 1.”."))
    return ImportProblem(None, None, None, "file", "no_questions", message, "error")


def unread(texts: Sequence[str]) -> list[ImportProblem]:
    """For text that belongs to no question: said, so that nothing is dropped in silence."""
    return [
        ImportProblem(
            None, None, None, "file", "unread_text",
            Message(N_("Not taken over: “%(text)s”"), text=text if len(text) <= 160 else text[:157] + "…"), "info",
        )
        for text in texts
    ]  # fmt: skip
