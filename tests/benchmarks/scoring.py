"""Attempts of 40 answers scored a second in the worker: ``python -m tests.benchmarks.scoring [--attempts N]``.

The whole job ``exam_engine.score_sitting`` runs as in the worker: journal read, answers marked under the keys, scores
stored in short durable transactions, the sitting analysed. Four forms; the rule is the national one where the paper is
one. Floors of the same minute: only reading the journal's rows, and only inserting score rows of the same size.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from sqlalchemy import Engine, Text, insert, select, type_coerce

from campus import config
from campus.clock import to_ms
from campus.db import make_engine, make_sessions, writing
from campus.jobs import JobContext
from exam_engine import jobs, scoring
from exam_engine.models import AnswerEntry, Attempt, Candidate, Score, Sitting, attempt_identifier
from lms.database import migrate
from tests.result_builders import BEGIN, NOW, Finished, finished_exam

PAPER = (
    ("I", "PHẦN I", "single_choice", 24, "0.25"),
    ("II", "PHẦN II", "true_false_group", 4, "1"),
    ("III", "PHẦN III", "short_answer", 12, "0"),
)
FORMS = 4
TARGET = 2000


def main() -> None:
    """Builds a sitting, scores it, prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attempts", type=int, default=4000)
    count = parser.parse_args().attempts
    with tempfile.TemporaryDirectory() as folder:
        settings = replace(config.load({}), data_dir=Path(folder))
        engine = make_engine(settings)
        migrate(engine)
        sitting_id = build(engine, count)
        print(f"{count} attempts of 40 answers, {FORMS} forms, SQLite with synchronous=FULL\n")
        show("floor: the journal's rows are read", count, lambda: read(engine, sitting_id))
        show(f"score_sitting (target {TARGET})", count, lambda: score(engine, sitting_id))
        show("floor: rows of that size are inserted", count, lambda: insert_again(engine))
        show("rescore, nothing changes", count, lambda: rescore(engine))
        engine.dispose()


def show(what: str, count: int, run: Callable[[], None]) -> None:
    """One line of the table: wall clock and processor time."""
    wall, cpu = time.perf_counter(), time.process_time()
    run()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{what:<42} {count / wall:>8.0f}/s   {count / cpu:>8.0f} per CPU second")


def build(engine: Engine, count: int) -> int:
    """A closed sitting with ``count`` finished attempts, all questions answered by chance."""
    with writing(), make_sessions(engine)() as session:
        made = finished_exam(session, PAPER, FORMS, rule="thpt2025")
        rng = np.random.default_rng(1)
        seats = [(number, number % FORMS) for number in range(count)]
        rows = [[response(made, n, form, rng) for n in range(40)] for _seat, form in seats[: FORMS * 50]]
        candidates = [
            Candidate(sitting_id=made.sitting.id, number=f"{number:06d}", full_name=f"Thí sinh {number}")
            for number, _form in seats
        ]
        session.add_all(candidates)
        session.flush()
        attempts, entries = [], []
        for (number, form), candidate in zip(seats, candidates, strict=True):
            identifier = attempt_identifier(candidate.id, 1)
            attempts.append(
                {
                    "id": identifier,
                    "sitting_id": made.sitting.id,
                    "candidate_id": candidate.id,
                    "form_id": made.forms[form].id,
                    "state": "submitted",
                    "admitted_at": BEGIN,
                    "submitted_at": NOW,
                }
            )
            answers = rows[number % len(rows)]
            entries += [
                {"attempt_id": identifier, "seq": seq, "position": position, "kind": "value", "value": text,
                 "received_at_ms": to_ms(BEGIN)}
                for seq, (position, text) in enumerate(answers, 1)
            ]  # fmt: skip
        session.execute(insert(Attempt), attempts)
        session.execute(insert(AnswerEntry), entries)
        session.commit()
        return made.sitting.id


def response(made: Finished, number: int, form: int, rng: np.random.Generator) -> tuple[int, str]:
    """A random answer to one question of a form, as the journal keeps it."""
    kind = made.versions[number].kind
    answers = {
        "single_choice": "ABCD"[int(rng.integers(4))],
        "true_false_group": [bool(truth) for truth in rng.integers(2, size=4)],
        "short_answer": f"{int(rng.integers(9))},5",
    }
    position, value = made.response(number, answers[kind], form)
    return position, json.dumps(value)


def read(engine: Engine, sitting_id: int) -> None:
    """Floor: fetches every row that scoring needs."""
    with make_sessions(engine)() as session:
        ids = scoring.finished(session, [sitting_id])
        for batch in scoring.batches(ids):
            columns = select(AnswerEntry.attempt_id, AnswerEntry.position, AnswerEntry.value)
            session.execute(columns.where(AnswerEntry.attempt_id.in_(batch)).order_by(AnswerEntry.attempt_id)).all()


def context(engine: Engine) -> JobContext:
    """What a job gets in the worker."""
    return JobContext(make_sessions(engine), 0, None)


def score(engine: Engine, sitting_id: int) -> None:
    """The job, as in the worker."""
    jobs.score_sitting(context(engine), sitting_id)


def rescore(engine: Engine) -> None:
    """Marks everything again and finds nothing new."""
    with make_sessions(engine)() as session:
        exam_id = session.scalars(select(Sitting.exam_id)).one()
    jobs.rescore(context(engine), exam_id, "again")


def insert_again(engine: Engine) -> None:
    """Floor: texts of the same size into a bare table, in transactions of the same size."""
    with make_sessions(engine)() as session:
        rows = list(session.execute(select(Score.id, type_coerce(Score.items, Text))))
    with writing(), engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE bare (id INTEGER PRIMARY KEY, text TEXT)")
    for batch in scoring.batches(rows):
        with writing(), engine.begin() as connection:
            connection.exec_driver_sql("INSERT INTO bare VALUES (?, ?)", [tuple(row) for row in batch])


if __name__ == "__main__":
    main()
