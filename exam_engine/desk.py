"""What the answer path keeps in memory, once a process: tickets, papers, the journal and the keys of receipts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from campus.config import Settings
from exam_engine.answering import AnswerDesk
from exam_engine.journal import Journal
from exam_engine.papers import Papers
from exam_engine.receipts import KeyRing
from exam_engine.tickets import TicketOffice


@dataclass(frozen=True)
class Desk:
    """The parts, put together."""

    secret: str
    tickets: TicketOffice
    papers: Papers
    journal: Journal
    answers: AnswerDesk
    keys: KeyRing

    def close(self) -> None:
        """Stores what was taken and takes nothing more."""
        self.journal.close()


_open: Desk | None = None


def open_desk(engine: Engine, settings: Settings) -> Desk:
    """Makes this process' desk; one that was open before is closed."""
    global _open
    if _open is not None:
        _open.close()
    tickets, papers, journal = TicketOffice(settings.secret_key), Papers(engine), Journal(engine)
    answers = AnswerDesk(engine, journal, tickets, papers)
    _open = Desk(settings.secret_key, tickets, papers, journal, answers, KeyRing(Path(settings.data_dir)))
    return _open


def the_desk() -> Desk:
    """This process' desk."""
    if _open is None:
        raise RuntimeError("exam_engine.desk.open_desk was not called")
    return _open
