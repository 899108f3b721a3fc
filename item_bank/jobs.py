"""Jobs of the item bank, run in the worker process."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete

from campus import files, richtext
from campus.errors import Invalid, Refusal
from campus.i18n import N_, Message
from campus.jobs import JobContext, job
from campus.transactions import announce
from item_bank import importing, news, uploads, wordings
from item_bank.importing import Draft, ImportProblem, Passage, Picture, Reading
from item_bank.models import ImportBatch, ImportedDraft
from item_bank.wordings import Wording

# One transaction's share: answers of a running exam wait while a job writes.
_CHUNK = 10
_READING_SHARE = 20


@dataclass
class _Gallery:
    """Where the pictures of a file went: the digest in the source -> what stands there now."""

    kept: dict[str, str] = field(default_factory=dict)
    lost: dict[str, Message] = field(default_factory=dict)
    unshown: dict[str, str] = field(default_factory=dict)
    """Pictures that no browser shows, with what stands in their place."""

    def rehang(self, source: str) -> str:
        """The source with its pictures' stored digests; a lost one leaves nothing but its problem."""
        for before, after in self.kept.items():
            source = source.replace(f"blob:{before}", f"blob:{after}")
        for digest, name in self.unshown.items():
            named = f'<img src="blob:{digest}" alt="{name}" class="frame">'
            source = re.sub(rf'<img[^>]*"blob:{digest}"[^>]*>', named, source)
        return source

    def losses(self, source: str) -> list[Message]:
        """What is to be said of the lost pictures in a source."""
        return [message for digest, message in self.lost.items() if digest in source]


@job(uploads.READ_IMPORT)
def read_import(context: JobContext, import_id: int) -> dict[str, Any]:
    """Reads a received file into drafts; what is wrong with the file itself becomes the import's error.

    Safe to run twice: drafts of an interrupted run are dropped, a file already read is left alone.
    """
    with context.writing() as session:
        batch = session.get_one(ImportBatch, import_id)
        if batch.state in ("read", "failed"):
            return {"state": batch.state}
        batch.state = "reading"
        session.execute(delete(ImportedDraft).where(ImportedDraft.batch_id == import_id))
        digest, file_format = batch.digest, batch.format
    context.progress(0, 100, Message(N_("Reading the file…")))
    try:
        reading = importing.read(io.BytesIO(files.read(digest)), file_format)
    except Refusal as refusal:
        return _close(context, import_id, "failed", error=_told(refusal))
    context.progress(_READING_SHARE, 100, Message(N_("Keeping the pictures…")))
    gallery = _keep_pictures(context, reading.pictures)
    _keep_drafts(context, import_id, reading, gallery)
    problems = [_problem(problem) for problem in reading.problems if problem.seq is None]
    passages = [_passage(passage, gallery) for passage in reading.passages]
    return _close(context, import_id, "read", passages=passages, problems=problems)


def _close(context: JobContext, import_id: int, state: str, **values: Any) -> dict[str, Any]:
    with context.writing() as session:
        batch = session.get_one(ImportBatch, import_id)
        batch.state = state
        for name, value in values.items():
            setattr(batch, name, value)
        announce(session, news.IMPORT_READ, import_id=import_id, bank_id=batch.bank_id)
    return {"state": state}


def _told(refusal: Refusal) -> dict[str, Any]:
    return refusal.message.to_json() | {"code": refusal.code}


def _keep_pictures(context: JobContext, pictures: list[Picture]) -> _Gallery:
    gallery = _Gallery()
    for picture in pictures:
        with context.writing() as session:
            if picture.media_type in files.KEPT_AS_THEY_ARE:
                files.store(session, picture.data, picture.media_type)
                kind = "EMF" if "emf" in picture.media_type else "WMF"
                # Part of the question's own text, hence in the language of the school's questions.
                gallery.unshown[picture.digest] = f"[hình {kind}: mở tệp gốc để xem]"
                continue
            try:
                blob = files.store_picture(session, picture.data, picture.digest[:8])
            except Invalid as refusal:
                gallery.lost[picture.digest] = refusal.message
            else:
                gallery.kept[picture.digest] = blob.digest
    return gallery


def _keep_drafts(context: JobContext, import_id: int, reading: Reading, gallery: _Gallery) -> None:
    total = len(reading.drafts) or 1
    for start in range(0, len(reading.drafts), _CHUNK):
        # Cleaning is arithmetic: it happens before the transaction, never inside.
        rows = [_row(import_id, draft, gallery) for draft in reading.drafts[start : start + _CHUNK]]
        with context.writing() as session:
            session.add_all(rows)
        done = _READING_SHARE + (100 - _READING_SHARE) * (start + len(rows)) // total
        context.progress(done, 100, Message(N_("%(done)s of %(total)s questions"), done=start + len(rows), total=total))


def _row(import_id: int, draft: Draft, gallery: _Gallery) -> ImportedDraft:
    read = Wording(
        draft.kind,
        draft.content,
        draft.key,
        draft.solution or "",
        outcome_text=draft.outcome_text or "",
        level=draft.level,
        legacy_level=draft.legacy_level,
    )
    wording = wordings.cleaned(wordings.replaced(read, gallery.rehang))
    source = "".join(_block(gallery.rehang(block)) for block in draft.source_blocks)
    problems = [_problem(problem) for problem in draft.problems]
    for message in gallery.losses("".join(draft.source_blocks)):
        problems.append(_entry("picture", "lost_picture", message, "warning"))
    return ImportedDraft(
        batch_id=import_id,
        seq=draft.seq,
        number=draft.number,
        part=draft.part,
        kind=draft.kind,
        draft=uploads.draft_json(wording, draft.passage),
        source_html=source,
        problems=problems,
    )


def _block(source: str) -> str:
    cleaned = richtext.clean(source)
    return cleaned if cleaned.startswith(("<p", "<table", "<ul", "<ol", "<div")) else f"<p>{cleaned}</p>"


def _passage(passage: Passage, gallery: _Gallery) -> dict[str, Any]:
    return {
        "id": passage.id,
        "kind": passage.kind,
        "part": passage.part,
        "intro": _block(gallery.rehang(passage.intro)) if passage.intro else "",
        "content": richtext.clean(gallery.rehang(passage.content)),
        "first": passage.first,
        "last": passage.last,
        "seqs": list(passage.seqs),
    }


def _problem(problem: ImportProblem) -> dict[str, Any]:
    entry = _entry(problem.where, problem.code, problem.message, problem.severity)
    return entry | {"number": problem.number, "part": problem.part}


def _entry(where: str, code: str, message: Message, severity: str) -> dict[str, Any]:
    return {"where": where, "code": code, "message": message.to_json(), "severity": severity}
