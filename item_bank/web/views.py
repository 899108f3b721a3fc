"""What programs send and get: the JSON shapes of banks, items, reviews and imports."""

from __future__ import annotations

from typing import Any

from campus.i18n import Message, translate
from campus.orm import from_public, public
from campus.web.api import Body, Reply, instant
from item_bank import uploads
from item_bank.models import Bank, ImportBatch, ImportedDraft, Item, ItemVersion, Review, Topic
from item_bank.wordings import Wording


class NewBank(Body):
    """A bank to be founded."""

    name: str
    subject: str
    organisation_id: str
    grade: int | None = None


class BankView(Reply):
    """A bank; ``counts`` has the number of items in each state."""

    id: str
    name: str
    subject: str
    grade: int | None
    organisation_id: str
    counts: dict[str, int]

    @classmethod
    def of(cls, bank: Bank, counts: dict[str, int]) -> BankView:
        """The bank as a program sees it."""
        return cls(
            id=bank.public_id,
            name=bank.name,
            subject=bank.subject,
            grade=bank.grade,
            organisation_id=public(bank.organisation_id),
            counts=dict(counts),
        )


class BankList(Reply):
    """All banks the caller may read."""

    items: list[BankView]
    total: int


class NewTopic(Body):
    """A topic to be added at the end of a bank's table of contents."""

    name: str
    code: str = ""
    parent_id: str | None = None


class TopicView(Reply):
    """A topic of a bank."""

    id: str
    code: str
    name: str
    parent_id: str | None

    @classmethod
    def of(cls, topic: Topic) -> TopicView:
        """The topic as a program sees it."""
        parent = public(topic.parent_id) if topic.parent_id else None
        return cls(id=topic.public_id, code=topic.code, name=topic.name, parent_id=parent)


class TopicList(Reply):
    """A bank's table of contents."""

    items: list[TopicView]
    total: int


class WordingBody(Body):
    """One wording of an item. Content and key have the shapes of the item type (see the docs)."""

    type: str
    content: dict[str, Any]
    key: dict[str, Any] | None = None
    solution: str = ""
    topic_id: str | None = None
    outcome_text: str = ""
    level: str | None = None
    legacy_level: str | None = None

    def wording(self, passage_id: int | None = None) -> Wording:
        """The wording that services take."""
        return Wording(
            self.type,
            self.content,
            self.key,
            self.solution,
            topic_id=from_public(self.topic_id) if self.topic_id else None,
            outcome_text=self.outcome_text,
            level=self.level,
            legacy_level=self.legacy_level,
            passage_id=passage_id,
        )


class VersionView(Reply):
    """One version of an item with its key."""

    id: str
    item_id: str
    number: int
    state: str
    type: str
    content: dict[str, Any]
    key: dict[str, Any] | None
    solution: str
    topic_id: str | None
    outcome_text: str
    level: str | None
    legacy_level: str | None
    passage_id: str | None
    author_id: str
    created_at: str | None
    approved_at: str | None
    warnings: list[dict[str, Any]]

    @classmethod
    def of(cls, version: ItemVersion, warnings: list[dict[str, Any]] | None = None) -> VersionView:
        """The version as a program sees it."""
        return cls(
            id=version.public_id,
            item_id=public(version.item_id),
            number=version.number,
            state=version.state,
            type=version.kind,
            content=version.content,
            key=version.key,
            solution=version.solution,
            topic_id=public(version.topic_id) if version.topic_id else None,
            outcome_text=version.outcome_text,
            level=version.level,
            legacy_level=version.legacy_level,
            passage_id=public(version.passage_id) if version.passage_id else None,
            author_id=public(version.author_id),
            created_at=instant(version.created_at),
            approved_at=instant(version.approved_at),
            warnings=warnings or [],
        )


class VersionPage(Reply):
    """A page of the latest versions of a bank's items."""

    items: list[VersionView]
    total: int
    page: int
    page_size: int


class ItemView(Reply):
    """An item with its latest version."""

    id: str
    bank_id: str
    type: str
    version: VersionView

    @classmethod
    def of(cls, item: Item, latest: ItemVersion, warnings: list[dict[str, Any]] | None = None) -> ItemView:
        """The item as a program sees it."""
        return cls(
            id=item.public_id,
            bank_id=public(item.bank_id),
            type=item.kind,
            version=VersionView.of(latest, warnings),
        )


class VersionList(Reply):
    """All versions of an item, oldest first."""

    items: list[VersionView]
    total: int


class NewReview(Body):
    """A step of the review: submit, withdraw, approve, return, retire, or comment."""

    verdict: str
    comment: str = ""


class ReviewView(Reply):
    """What was said of a version."""

    id: str
    version_id: str
    reviewer_id: str
    verdict: str
    comment: str
    at: str | None

    @classmethod
    def of(cls, review: Review) -> ReviewView:
        """The review as a program sees it."""
        return cls(
            id=review.public_id,
            version_id=public(review.version_id),
            reviewer_id=public(review.reviewer_id),
            verdict=review.verdict,
            comment=review.comment,
            at=instant(review.at),
        )


class ReviewList(Reply):
    """All that was said of an item's versions, oldest first."""

    items: list[ReviewView]
    total: int


class ImportStarted(Reply):
    """A file was received; the job reads it."""

    import_id: str
    job_id: str


class DraftView(Reply):
    """One question as it was understood; ``standing``: good, doubtful, broken, skipped or accepted."""

    seq: int
    number: int | None
    part: str | None
    type: str
    content: dict[str, Any]
    key: dict[str, Any] | None
    solution: str
    level: str | None
    legacy_level: str | None
    outcome_text: str
    topic_id: str | None
    passage: str | None
    source: str
    standing: str
    mended: bool
    item_id: str | None

    @classmethod
    def of(cls, draft: ImportedDraft, problems: list[dict[str, Any]]) -> DraftView:
        """The draft as a program sees it."""
        told = draft.draft
        return cls(
            seq=draft.seq,
            number=draft.number,
            part=draft.part,
            type=draft.kind,
            content=told["content"],
            key=told.get("key"),
            solution=told.get("solution") or "",
            level=told.get("level"),
            legacy_level=told.get("legacy_level"),
            outcome_text=told.get("outcome_text") or "",
            topic_id=public(told["topic_id"]) if told.get("topic_id") else None,
            passage=told.get("passage"),
            source=draft.source_html,
            standing=uploads.standing(draft, problems),
            mended=draft.mended,
            item_id=public(draft.item_id) if draft.item_id else None,
        )


class ProblemView(Reply):
    """Something wrong or doubtful in a file; ``seq`` null when it belongs to no question."""

    seq: int | None
    number: int | None
    where: str
    code: str
    message: str
    severity: str

    @classmethod
    def of(cls, problem: dict[str, Any], seq: int | None, number: int | None) -> ProblemView:
        """The problem in the reader's language."""
        return cls(
            seq=seq,
            number=number,
            where=problem["where"],
            code=problem["code"],
            message=translate(Message.from_json(problem["message"])),
            severity=problem["severity"],
        )


class ImportView(Reply):
    """A file of questions: ``state`` is waiting, reading, read or failed."""

    id: str
    state: str
    file_name: str
    format: str
    items: list[DraftView]
    passages: list[dict[str, Any]]
    problems: list[ProblemView]
    counts: dict[str, int]

    @classmethod
    def of(cls, batch: ImportBatch) -> ImportView:
        """The import as a program sees it."""
        found = {draft.seq: uploads.problems_of(draft) for draft in batch.drafts}
        items = [DraftView.of(draft, found[draft.seq]) for draft in batch.drafts]
        problems = [ProblemView.of(problem, None, problem.get("number")) for problem in batch.problems]
        if batch.error:
            told = {"where": "file", "code": batch.error["code"], "message": batch.error, "severity": "error"}
            problems.append(ProblemView.of(told, None, None))
        for draft in batch.drafts:
            problems += [ProblemView.of(problem, draft.seq, draft.number) for problem in found[draft.seq]]
        counts = {"items": len(items), "problems": sum(1 for p in problems if p.severity != "info")}
        for standing in uploads.STANDINGS:
            counts[standing] = sum(1 for item in items if item.standing == standing)
        return cls(
            id=batch.public_id,
            state=batch.state,
            file_name=batch.file_name,
            format=batch.format,
            items=items,
            passages=[{name: entry.get(name) for name in _PASSAGE_FIELDS} for entry in batch.passages],
            problems=problems,
            counts=counts,
        )


_PASSAGE_FIELDS = ("id", "kind", "part", "intro", "content", "first", "last", "seqs")


class Acceptance(Body):
    """Which drafts become items; without ``seqs`` all of which no error is told."""

    seqs: list[int] | None = None
    send_for_review: bool = False


class AcceptedDraft(Reply):
    """A draft and its item."""

    seq: int
    item_id: str


class RefusedDraft(Reply):
    """A draft that must be mended first, with the reason."""

    seq: int
    message: str


class AcceptanceView(Reply):
    """The created items (also those created by an earlier call), and what could not be accepted."""

    item_ids: list[str]
    items: list[AcceptedDraft]
    refused: list[RefusedDraft]

    @classmethod
    def of(cls, result: uploads.Accepted) -> AcceptanceView:
        """The outcome as a program sees it."""
        items = [AcceptedDraft(seq=seq, item_id=public(item_id)) for seq, item_id in result.items.items()]
        refused = [
            RefusedDraft(seq=seq, message=" ".join(translate(message) for message in messages))
            for seq, messages in result.refused.items()
        ]
        return cls(item_ids=[item.item_id for item in items], items=items, refused=refused)


def warnings_of(problems: list[Any]) -> list[dict[str, Any]]:
    """Doubts about a wording, in the reader's language."""
    return [
        {"field": problem.field, "code": problem.code, "message": translate(problem.message)}
        for problem in problems
        if problem.severity == "warning"
    ]
