"""Puts everything together: drafts with content, key, solution and problems."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from item_bank.importing import markup
from item_bank.importing.blocks import Block
from item_bank.importing.drafts import Draft, ImportProblem, Passage, Picture, Reading
from item_bank.importing.recognising import key_section, marks, problems
from item_bank.importing.recognising.answers import Value
from item_bank.importing.recognising.checking import report
from item_bank.importing.recognising.keys import Decided, decide
from item_bank.importing.recognising.sections import Outline, Shared, outline
from item_bank.importing.recognising.sourcing import option_source, source
from item_bank.importing.recognising.understanding import Understood, understand

_REFERS_TO_LETTERS = re.compile(r"(?:(?i:cả)\s+)?[A-D](?:\s*(?:,|và|and|or|hoặc)\s*[A-D])+\b")
_LAST_PLACE = re.compile(
    r"(?:tất\s+cả|cả\s+(?:ba|bốn|hai|[34]))\b.*\b(?:trên|đúng|sai)|không\s+(?:có\s+)?(?:đáp\s+án|phương\s+án)\s+nào"
    r"|(?:all|none)\s+of\s+the\s+above",
    re.IGNORECASE,
)


def recognise(blocks: Sequence[Block], pictures: Sequence[Picture], left_out: Sequence[str]) -> Reading:
    """Drafts, passages and problems of a paper.

    pictures : those the blocks show; left_out : text that stood outside the running text (boxes, hidden text)
    """
    cut = outline(blocks)
    questions = [understand(question) for question in cut.questions]
    section = key_section.read(cut.key_units, cut.code)
    listed, orphans = _listed(questions, section)
    _expect_short_answers(questions, listed)
    homeless = _add_solutions(questions, section)
    decided = _decided(questions, listed)
    drafts = [
        _draft(index + 1, question, key, blocks)
        for index, (question, key) in enumerate(zip(questions, decided, strict=True))
    ]
    report(drafts, questions, decided)
    found = [problem for draft in drafts for problem in draft.problems] + orphans
    passages = _passages(cut, drafts)
    unread = _texts(blocks, [*cut.unread, *section.unread, *homeless]) + list(left_out)
    found += problems.unread(unread) if drafts else [problems.no_questions()]
    return Reading(drafts, passages, found, list(pictures), _counts(drafts, passages, found, pictures))


def _listed(
    questions: Sequence[Understood], section: key_section.KeySection
) -> tuple[list[list[Value]], list[ImportProblem]]:
    """What the key section says of each question, and a problem for each key without a question."""
    kinds = {"letter": "single_choice", "truths": "true_false_group", "text": "short_answer"}
    entries = section.entries

    def fits(entry: int, question: int) -> bool:
        kind = questions[question].kind
        return kind == kinds[entries[entry].value.kind] or (kind == "essay" and entries[entry].value.kind == "text")

    found = key_section.matched(
        [(entry.number, entry.part) for entry in entries], [q.question for q in questions], fits
    )
    listed: list[list[Value]] = [[] for _ in questions]
    orphans = []
    for entry, index in zip(entries, found, strict=True):
        if index is None:
            orphans.append(problems.problem("orphan_key", None, entry.number, entry.part))
        else:
            listed[index].append(entry.value)
    return listed, orphans


def _expect_short_answers(questions: Sequence[Understood], listed: Sequence[Sequence[Value]]) -> None:
    """A question without options whose key is a number is a short answer, whatever its part did not say."""
    for question, values in zip(questions, listed, strict=True):
        numbers = [value for value in values if value.kind == "text"]
        if question.kind == "essay" and question.question.kind is None and numbers:
            question.kind = "short_answer"


def _add_solutions(questions: Sequence[Understood], section: key_section.KeySection) -> list[int]:
    """Gives each solution of the end to its question; the blocks of those that have none."""
    solutions = section.solutions
    found = key_section.matched(
        [(solution.number, solution.part) for solution in solutions],
        [q.question for q in questions],
        lambda _solution, _question: True,
    )
    homeless: list[int] = []
    for solution, index in zip(solutions, found, strict=True):
        if index is None:
            homeless += solution.blocks if solution.pieces else []
            continue
        questions[index].solution += solution.pieces
        questions[index].question.blocks += [
            block for block in solution.blocks if block not in questions[index].question.blocks
        ]
    return homeless


def _decided(questions: Sequence[Understood], listed: Sequence[Sequence[Value]]) -> list[Decided]:
    choices = [question.marks for question in questions if question.kind == "single_choice"]
    order = marks.dominant(choices)
    everyone = [question.marks for question in questions if question.options]
    group_marks = frozenset(name for name in marks.STRONG if any(each.by(name) for each in everyone))
    groups = [question for question in questions if question.kind == "true_false_group"]
    if len(groups) == 1 and "underline" in groups[0].marks.everywhere:
        group_marks |= {"underline"}
    return [decide(q, values, order, group_marks) for q, values in zip(questions, listed, strict=True)]


def _draft(seq: int, question: Understood, decided: Decided, blocks: Sequence[Block]) -> Draft:
    asked = question.question
    is_high = question.tags.level == "apply_high"
    return Draft(
        seq=seq,
        number=asked.number,
        part=asked.part,
        kind=question.kind,
        content=_content(question),
        key=_key(question, decided),
        solution=source(question.solution) or None,
        level="apply" if is_high else question.tags.level,
        legacy_level="apply_high" if is_high else None,
        outcome_text=question.tags.outcome,
        passage=None if asked.passage is None else f"P{asked.passage + 1}",
        source_blocks=[markup.block(blocks[index]) for index in sorted(asked.blocks)],
    )


def _content(question: Understood) -> dict[str, object]:
    stem = source(question.stem)
    if question.kind == "single_choice":
        options = [
            {"id": chr(ord("A") + place), "content": text, "fixed": bool(_LAST_PLACE.search(markup.plain(text)))}
            for place, text in enumerate(map(option_source, question.options))
        ]
        names_letters = any(_REFERS_TO_LETTERS.fullmatch(_bare(str(option["content"]))) for option in options)
        return {"stem": stem, "options": options, "shuffle": not names_letters}
    if question.kind == "true_false_group":
        statements = [
            {"id": chr(ord("a") + place), "content": option_source(option)}
            for place, option in enumerate(question.options)
        ]
        return {"stem": stem, "statements": statements, "shuffle": True}
    if question.kind == "short_answer":
        return {"stem": stem, "format": "thpt", "decimals": None}
    return {"stem": stem, "max_words": None}


def _bare(text: str) -> str:
    return re.sub(r"\s*(?:đều\s+)?(?:đúng|sai)?\s*\.?\s*$", "", markup.plain(text))


def _key(question: Understood, decided: Decided) -> dict[str, object] | None:
    value = decided.value
    if question.kind == "essay":
        return {"rubric": []}
    if value is None:
        return None
    if value.kind == "letter":
        return {"option": value.letter}
    return {"truths": list(value.truths)} if value.kind == "truths" else {"values": [value.text]}


def _passages(cut: Outline, drafts: Sequence[Draft]) -> list[Passage]:
    found = []
    for index, shared in enumerate(cut.passages):
        name = f"P{index + 1}"
        seqs = [draft.seq for draft in drafts if draft.passage == name]
        found.append(_passage(name, shared, seqs))
    return found


def _passage(name: str, shared: Shared, seqs: list[int]) -> Passage:
    content = source(shared.body)
    named = shared.named
    return Passage(
        name, "text" if content else "instruction", shared.part, markup.inline(marks.unmarked(shared.intro).strip()),
        content, named.first, named.last, seqs,
    )  # fmt: skip


def _texts(blocks: Sequence[Block], indexes: Iterable[int]) -> list[str]:
    texts = [markup.plain(markup.block(blocks[index])) for index in dict.fromkeys(indexes)]
    return [text for text in texts if re.search(r"\w", text)]


def _counts(
    drafts: Sequence[Draft], passages: Sequence[Passage], found: Sequence[ImportProblem], pictures: Sequence[Picture]
) -> dict[str, object]:
    return {
        "items": len(drafts),
        "by_kind": dict(Counter(draft.kind for draft in drafts)),
        "with_key": sum(1 for draft in drafts if draft.key is not None and draft.kind != "essay"),
        "with_problems": sum(1 for draft in drafts if draft.problems),
        "passages": len(passages),
        "pictures": len(pictures),
        "problems": sum(1 for problem in found if problem.severity != "info"),
    }
