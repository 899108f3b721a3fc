"""Puts everything together: drafts with content, key, solution and problems."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from item_bank.importing import markup
from item_bank.importing.blocks import Block, Image, Line, Paragraph, Table, Unsupported
from item_bank.importing.drafts import Draft, ImportProblem, Passage, Picture, Reading
from item_bank.importing.recognising import key_section, marks, problems
from item_bank.importing.recognising.answers import Value
from item_bank.importing.recognising.comparing import fingerprint, same_options
from item_bank.importing.recognising.keys import Decided, decide
from item_bank.importing.recognising.options import Option, Piece, Row
from item_bank.importing.recognising.sections import Outline, Shared, outline
from item_bank.importing.recognising.understanding import Understood, understand

_REFERS_TO_LETTERS = re.compile(r"\b(?:cả\s+)?[A-D](?:\s*(?:,|và|and|or|hoặc)\s*[A-D])+\b")
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
    _report(drafts, questions, decided)
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


def source(pieces: Sequence[Piece]) -> str:
    """Rows and tables as source; rows after a soft break stay in their paragraph."""
    content: list[Block] = []
    for piece in pieces:
        if isinstance(piece, Table):
            content.append(piece)
        elif content and not piece.opens and isinstance(content[-1], Paragraph):
            last = content[-1]
            content[-1] = Paragraph(last.line + Line("\n", (last.line.formats or piece.line.formats)[-1:]) + piece.line,
                                    last.alignment) if last.line.formats else Paragraph(piece.line, piece.alignment)  # fmt: skip
        else:
            content.append(Paragraph(piece.line.strip(), piece.alignment))
    return markup.blocks(content)


def option_source(option: Option) -> str:
    """An option's content without the formats that mark a key."""
    return source([p if isinstance(p, Table) else Row(marks.unmarked(p.line), p.opens) for p in option.rows])


def _report(drafts: Sequence[Draft], questions: Sequence[Understood], decided: Sequence[Decided]) -> None:
    """Adds each draft's problems."""
    known: dict[str, Draft] = {}
    previous: Draft | None = None
    groups: dict[int, int] = {}
    for draft, question, key in zip(drafts, questions, decided, strict=True):
        group = question.question.group
        if _skips(draft, previous, restarts=group not in groups, word=question.question.word,
                  last_word=questions[draft.seq - 2].question.word if previous else ""):  # fmt: skip
            _add(draft, "numbering_gap")
        groups[group] = draft.number
        previous = draft
        _report_options(draft, question)
        value = key.value.text if key.value is not None else ""
        for code in key.codes:
            _add(draft, code, **({"key": value} if code in ("key_too_long", "bad_short_key") else {}))
        print_of = fingerprint(draft)
        if print_of in known:
            other = known[print_of]
            _add(draft, "duplicate_item", other=problems.question_name(other.number, other.part), of=other.number)
        else:
            known[print_of] = draft
        _report_atoms(draft, question)


def _skips(draft: Draft, previous: Draft | None, restarts: bool, word: str, last_word: str) -> bool:
    """Whether the number does not follow: a new part or another kind of label may start again."""
    if previous is None or draft.number == previous.number + 1:
        return False
    if restarts or word != last_word:
        return not (draft.number == 1 or draft.number <= previous.number)
    return True


def _add(draft: Draft, code: str, **facts: object) -> None:
    draft.problems.append(problems.problem(code, draft.seq, draft.number, draft.part, **facts))


def _report_options(draft: Draft, question: Understood) -> None:
    if question.kind not in ("single_choice", "true_false_group"):
        return
    count = len(question.options)
    if count != 4:
        is_choice = question.kind == "single_choice"
        _add(draft, "bad_option_count" if is_choice else "bad_statement_count", count=count)
    contents = [option_source(option) for option in question.options]
    empty = [place for place, text in enumerate(contents) if not text and not _has_atoms(question.options[place])]
    if empty:
        _add(draft, "empty_option", option=question.options[empty[0]].letter)
    letters = Counter(option.letter for option in question.options)
    if letters and max(letters.values()) > 1 or same_options(contents):
        _add(draft, "duplicate_option")


def _has_atoms(option: Option) -> bool:
    return any(isinstance(piece, Table) or piece.line.atoms for piece in option.rows)


def _report_atoms(draft: Draft, question: Understood) -> None:
    """One problem for all equations that could not be read, one for all charts and drawings."""
    atoms = [
        atom
        for pieces in [question.stem, *(option.rows for option in question.options), question.solution]
        for line in _lines(pieces)
        for atom in line.atoms.values()
    ]
    if any((isinstance(a, Image) and a.is_formula) or (isinstance(a, Unsupported) and a.what == "formula") for a in atoms):
        _add(draft, "unreadable_formula")
    if any(isinstance(atom, Unsupported) and atom.what != "formula" for atom in atoms):
        _add(draft, "unsupported_object")


def _lines(pieces: Iterable[Piece]) -> list[Line]:
    found: list[Line] = []
    for piece in pieces:
        if isinstance(piece, Table):
            found += [line for row in piece.rows for cell in row for line in cell.lines()]
        else:
            found.append(piece.line)
    return found


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
