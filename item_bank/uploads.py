"""Files of questions on their way into a bank: received, read, mended, accepted.

The file is kept by digest and read by the worker. What was understood waits as drafts beside their source
until a person accepts them; a draft becomes an item once, however often it is accepted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campus import audit, files
from campus.errors import Conflict, Invalid, NotFound
from campus.i18n import N_, Message
from campus.jobs import enqueue
from campus.people.access import Actor
from item_bank import authoring, banks, importing, reviewing, wordings
from item_bank.models import Bank, ImportBatch, ImportedDraft
from item_bank.wordings import Wording

READ_IMPORT = "item_bank.read_import"
"""The job that reads a received file."""

_MEDIA_TYPE = "application/octet-stream"
STANDINGS = GOOD, DOUBTFUL, BROKEN, ACCEPTED, SKIPPED = "good", "doubtful", "broken", "accepted", "skipped"


@dataclass
class Accepted:
    """What became of the drafts that were to be accepted."""

    items: dict[int, int] = field(default_factory=dict)
    """The item of each accepted draft by its seq, also of those accepted before."""
    refused: dict[int, list[Message]] = field(default_factory=dict)
    """Why drafts could not be accepted, by seq."""


def receive(
    session: Session, actor: Actor, bank: Bank, data: bytes, name: str, file_format: str, now: datetime
) -> ImportBatch:
    """Keeps a file and lets the worker read it, for writers of the bank. Raises Invalid for an unknown format.

    An empty or damaged file is received too: what is wrong with it is said on the import's page.
    """
    if file_format not in importing.FORMATS:
        raise Invalid(N_("The format %(format)s cannot be imported."), code="unknown_format", format=file_format)
    blob = files.store(session, data, _MEDIA_TYPE, name)
    batch = ImportBatch(
        bank_id=bank.id,
        created_by_id=actor.user_id,
        file_name=(name or "?")[:255],
        digest=blob.digest,
        format=file_format,
        created_at=now,
        passages=[],
        problems=[],
    )
    session.add(batch)
    session.flush()
    batch.job_id = enqueue(session, READ_IMPORT, actor_id=actor.user_id, import_id=batch.id).id
    audit.record(session, actor, "item_bank.file_received", "import", batch.id, now, file=batch.file_name)
    return batch


def format_of(name: str, wanted: str | None = None) -> str:
    """The format asked for, or the one the file's name speaks of; .docx when it speaks of none."""
    if wanted:
        return wanted
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    return ending if ending in importing.FORMATS else "docx"


def wording_of(draft: ImportedDraft, passage_ids: Mapping[str, int] | None = None) -> Wording:
    """The wording that a draft would have as an item."""
    told = draft.draft
    return Wording(
        draft.kind,
        told["content"],
        told.get("key"),
        told.get("solution") or "",
        topic_id=told.get("topic_id"),
        outcome_text=told.get("outcome_text") or "",
        level=told.get("level"),
        legacy_level=told.get("legacy_level"),
        passage_id=(passage_ids or {}).get(told.get("passage") or ""),
    )


def draft_json(wording: Wording, passage: str | None) -> dict[str, Any]:
    """A wording as a draft keeps it; ``passage`` is its id within the file."""
    return {
        "content": dict(wording.content),
        "key": dict(wording.key) if wording.key is not None else None,
        "solution": wording.solution,
        "topic_id": wording.topic_id,
        "outcome_text": wording.outcome_text,
        "level": wording.level,
        "legacy_level": wording.legacy_level,
        "passage": passage,
    }


def problems_of(draft: ImportedDraft) -> list[dict[str, Any]]:
    """All that is still to be said of a draft, as JSON, the worst first.

    What the importer found (until a person has mended or confirmed the draft), and what the item type finds now. Of
    two that speak of the same area the importer's stays, because it knows the file ("two options are marked").
    """
    found = [] if draft.mended else [dict(problem) for problem in draft.problems]
    for problem in wordings.problems(wording_of(draft)):
        if problem.code in _LATER:
            continue
        area = _area(problem.field)
        told = [known for known in found if _area(known["where"]) == area]
        if not told:
            message = problem.message.to_json()
            found.append(
                {
                    "where": problem.field,
                    "code": problem.code,
                    "message": message,
                    "severity": problem.severity,
                }
            )
        elif problem.severity == "error":
            told[0]["severity"] = "error"
    return sorted(found, key=lambda problem: _SEVERITIES.index(problem["severity"]))


_SEVERITIES = ("error", "warning", "info")
_LATER = ("no_alt",)
"""Doubts that the editor raises, but that would drown an import."""


def _area(where: str) -> str:
    first = where.split(".")[0]
    return "options" if first == "statements" else first


def standing(draft: ImportedDraft, problems: list[dict[str, Any]] | None = None) -> str:
    """Where a draft stands: accepted, skipped, broken (must be mended), doubtful (please look) or good."""
    if draft.item_id is not None:
        return ACCEPTED
    if draft.skipped:
        return SKIPPED
    severities = {problem["severity"] for problem in (problems_of(draft) if problems is None else problems)}
    return BROKEN if "error" in severities else DOUBTFUL if "warning" in severities else GOOD


def mend(
    session: Session, actor: Actor, batch: ImportBatch, seq: int, wording: Wording, now: datetime
) -> ImportedDraft:
    """Another wording for a draft; it may still have errors. Raises Conflict once it was accepted."""
    draft = draft_in(batch, seq)
    _still_open(draft)
    wording = wordings.cleaned(wording)
    if wording.topic_id is not None:
        banks.topic_in(session, batch.bank_id, wording.topic_id)
    draft.kind = wording.kind
    draft.draft = draft_json(wording, draft.draft.get("passage"))
    draft.mended = True
    draft.skipped = False
    audit.record(session, actor, "item_bank.draft_mended", "import", batch.id, now, seq=seq)
    session.flush()
    return draft


def skip(
    session: Session, actor: Actor, batch: ImportBatch, seqs: Collection[int], skipped: bool, now: datetime
) -> None:
    """Leaves drafts out, or takes them in again. Raises Conflict for one that was accepted."""
    for seq in seqs:
        draft = draft_in(batch, seq)
        _still_open(draft)
        draft.skipped = skipped
    audit.record(
        session,
        actor,
        "item_bank.drafts_skipped",
        "import",
        batch.id,
        now,
        seqs=sorted(seqs),
        skipped=skipped,
    )
    session.flush()


def assign(
    session: Session, actor: Actor, batch: ImportBatch, topic_id: int | None, level: str | None, now: datetime
) -> int:
    """Gives the open drafts a topic (all of them) and a level (those without one). Returns how many were touched."""
    if topic_id is not None:
        banks.topic_in(session, batch.bank_id, topic_id)
    touched = 0
    for draft in batch.drafts:
        if draft.item_id is None:
            change: dict[str, Any] = {"topic_id": topic_id} if topic_id is not None else {}
            if level and not draft.draft.get("level"):
                change["level"] = level
            draft.draft = {**draft.draft, **change}
            touched += bool(change)
    audit.record(session, actor, "item_bank.topic_assigned", "import", batch.id, now, drafts=touched)
    session.flush()
    return touched


def accept(
    session: Session,
    actor: Actor,
    batch: ImportBatch,
    seqs: Collection[int] | None,
    now: datetime,
    *,
    send_for_review: bool = False,
) -> Accepted:
    """Makes items of drafts: of ``seqs``, or of all that are not skipped and of which no error is told.

    Naming a draft overrules what the importer thought of it, but not what its item type refuses: such a draft is
    left and told in ``refused``. One already accepted keeps its item, so a repeated call changes nothing.
    Raises NotFound for an unknown seq and Conflict while the file is being read.
    """
    if batch.state != "read":
        raise Conflict(N_("The file has not been read yet."), code="not_read")
    # Two people who accept at once queue here; the second then sees the first one's items.
    session.execute(select(ImportBatch.id).where(ImportBatch.id == batch.id).with_for_update())
    result = Accepted()
    passage_ids: dict[str, int] | None = None
    for draft in [draft_in(batch, seq) for seq in sorted(set(seqs))] if seqs is not None else batch.drafts:
        session.refresh(draft, ["item_id"])
        if draft.item_id is not None:
            result.items[draft.seq] = draft.item_id
            continue
        if seqs is None and (draft.skipped or standing(draft) == BROKEN):
            continue
        errors = wordings.errors(wording_of(draft))
        if errors:
            result.refused[draft.seq] = [problem.message for problem in errors]
            continue
        passage_ids = _passage_ids(session, batch, now) if passage_ids is None else passage_ids
        bank = session.get_one(Bank, batch.bank_id)
        version = authoring.create_item(session, actor, bank, wording_of(draft, passage_ids), now)
        draft.item_id, draft.skipped = version.item_id, False
        result.items[draft.seq] = version.item_id
        if send_for_review:
            reviewing.submit(session, actor, version, now)
    audit.record(
        session, actor, "item_bank.drafts_accepted", "import", batch.id, now,
        accepted=len(result.items), refused=sorted(result.refused),
    )  # fmt: skip
    session.flush()
    return result


def draft_in(batch: ImportBatch, seq: int) -> ImportedDraft:
    """The draft at place ``seq`` of the file, else NotFound."""
    for draft in batch.drafts:
        if draft.seq == seq:
            return draft
    raise NotFound(N_("The file has no question at place %(seq)s."), seq=seq)


def _still_open(draft: ImportedDraft) -> None:
    if draft.item_id is not None:
        raise Conflict(N_("Question %(seq)s was already accepted."), seq=draft.seq, code="already_accepted")


def _passage_ids(session: Session, batch: ImportBatch, now: datetime) -> dict[str, int]:
    """The bank's passages of this file by their id within it, made at the first acceptance."""
    bank = session.get_one(Bank, batch.bank_id)
    told: list[Any] = []
    for entry in batch.passages:
        if entry.get("passage_id") is None:
            source = passage_source(entry)
            entry = {
                **entry,
                "passage_id": str(authoring.add_passage(session, bank, source, now).id) if source else None,
            }
        told.append(entry)
    batch.passages = told
    return {entry["id"]: int(entry["passage_id"]) for entry in told if entry.get("passage_id")}


def passage_source(entry: Mapping[str, Any]) -> str:
    """A passage of a file as one rich text: its introduction, then itself."""
    return "".join(part for part in (entry.get("intro"), entry.get("content")) if part)
