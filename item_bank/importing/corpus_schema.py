"""Our drafts in the JSON of the Word corpus, and the command that prints it.

The one mapping table between our names and the corpus'; nothing else speaks its language.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from item_bank import importing
from item_bank.importing import markup
from item_bank.importing.drafts import Draft, ImportProblem, Passage, Reading

TYPES = {"single_choice": "mcq", "true_false_group": "tf4", "short_answer": "short", "essay": "essay"}
_FORMATS_BY_SUFFIX = {".docx": "docx", ".docm": "docx"}


def read_items(path: str | Path, format: str | None = None) -> dict[str, Any]:
    """What is understood of a question file, in the corpus' schema; raises Invalid for a file that can't be read."""
    path = Path(path)
    chosen = format or _FORMATS_BY_SUFFIX.get(path.suffix.lower(), "docx")
    with path.open("rb") as stream:
        reading = importing.read(stream, chosen)
    return {"file": path.name, **as_corpus(reading)}


def as_corpus(reading: Reading) -> dict[str, Any]:
    """A reading in the corpus' schema. What was merely not taken over is no problem there."""
    kinds = {passage.id: passage.kind for passage in reading.passages}
    return {
        "items": [_item(draft, kinds) for draft in reading.drafts],
        "passages": [_passage(passage) for passage in reading.passages],
        "problems": [_problem(problem) for problem in reading.problems if problem.severity != "info"],
        "counts": reading.counts,
    }


def _item(draft: Draft, passage_kinds: Mapping[str, str]) -> dict[str, Any]:
    response_type = TYPES[draft.kind]
    is_child = draft.passage is not None and passage_kinds[draft.passage] == "text"
    parts = draft.content.get("options") or draft.content.get("statements") or []
    sources = [draft.content["stem"], *(part["content"] for part in parts)]
    return {
        "seq": draft.seq,
        "number": draft.number,
        "part": draft.part,
        "type": "cluster_child" if is_child else response_type,
        "response_type": response_type,
        "stem_text": _text(draft.content["stem"]),
        "options": [_text(part["content"]) for part in parts],
        "key": _key(draft),
        "level": draft.legacy_level or draft.level,
        "yccd": draft.outcome_text,
        "images": len(markup.pictures_in(sources)),
        "passage": draft.passage,
        "solution_text": _text(draft.solution or ""),
    }


def _key(draft: Draft) -> Any:
    if draft.key is None or draft.kind == "essay":
        return None
    if draft.kind == "single_choice":
        return draft.key["option"]
    if draft.kind == "true_false_group":
        return ["T" if truth else "F" for truth in draft.key["truths"]]
    return draft.key["values"][0]


def _passage(passage: Passage) -> dict[str, Any]:
    return {
        "id": passage.id,
        "kind": passage.kind,
        "part": passage.part,
        "intro": _text(passage.intro),
        "text": _text(passage.content),
        "from": passage.first,
        "to": passage.last,
        "items": passage.seqs,
        "images": len(markup.pictures_in([passage.content])),
    }


def _problem(problem: ImportProblem) -> dict[str, Any]:
    return {
        "seq": problem.seq,
        "number": problem.number,
        "part": problem.part,
        "code": problem.code,
        **dict(problem.facts),
    }


def _text(source: str) -> str:
    return markup.plain(source, dollar="\\$")
