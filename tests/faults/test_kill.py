"""The web process dies by SIGKILL in the middle of an exam: what was acknowledged is there, once."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
from collections import Counter
from datetime import timedelta

from campus.clock import now
from campus.db import make_sessions, writing
from campus.orm import public
from exam_engine import journal
from exam_engine.sheet import fold
from exam_engine.tickets import Ticket, TicketOffice
from tests.conftest import missing
from tests.exam_hall import build_hall, seat
from tests.faults.web_process import Line, WebProcess

CANDIDATES = 200
ANSWERS_EACH = 50
KILLS = 10


class Candidate:
    """A browser: numbers its answers, sends each until it is acknowledged, keeps going through everything."""

    def __init__(self, hall, number, office, port):
        self.attempt_id = hall.attempt_id(number)
        self.ticket = office.issue(Ticket(self.attempt_id, 1, hall.form_id, hall.candidates[number]))
        self.path = f"/api/v1/attempts/{public(self.attempt_id)}/answers"
        self.line = Line(port)
        self.chance = random.Random(number)
        self.acked, self.refusals, self.resent = {}, Counter(), 0

    async def answer_all(self, progress):
        for seq in range(1, ANSWERS_EACH + 1):
            position = self.chance.randint(1, 34)
            value = f"o{position - 1}{self.chance.choice('abcd')}"
            entry = {"seq": seq, "position": position, "value": value}
            while True:
                try:
                    body = json.dumps({"answers": [entry]}).encode()
                    status, reply = await asyncio.wait_for(self.line.post(self.path, body, self.ticket), 20)
                except (OSError, asyncio.IncompleteReadError, TimeoutError):
                    self.resent += 1
                    await asyncio.sleep(0.05)
                    continue
                if status == 200 and reply["acked_seq"] == seq:
                    self.acked[seq] = (position, value)
                    progress["acked"] += 1
                    break
                self.refusals[status, reply.get("code")] += 1
                await asyncio.sleep(0.05)
        self.line.close()


async def kill_ten_times(server, progress):
    """Kills the server each time another eleventh of all answers is acknowledged, and starts it again."""
    total = CANDIDATES * ANSWERS_EACH
    for kill in range(1, KILLS + 1):
        while progress["acked"] < kill * total // (KILLS + 1):
            await asyncio.sleep(0.001)
        server.kill()
        server.start()
    return KILLS


def test_no_acknowledged_answer_is_lost_and_none_doubled(settings, engine):
    with writing(), make_sessions(engine)() as session:
        hall = build_hall(session, seats=CANDIDATES, at=now())
        for number in range(CANDIDATES):
            seat(session, hall, number, now() - timedelta(seconds=1))
        session.commit()
    engine.dispose()
    server = WebProcess(settings)
    server.start()
    office, progress = TicketOffice(settings.secret_key), Counter()
    crowd = [Candidate(hall, number, office, server.port) for number in range(CANDIDATES)]

    async def exam():
        killing = asyncio.create_task(kill_ten_times(server, progress))
        await asyncio.gather(*(candidate.answer_all(progress) for candidate in crowd))
        await asyncio.sleep(0)  # connections close in the next turn of the loop
        return await killing

    try:
        server.wait()
        assert asyncio.run(asyncio.wait_for(exam(), 150)) == KILLS
    finally:
        server.kill()

    assert progress["acked"] == CANDIDATES * ANSWERS_EACH
    assert sum(candidate.resent for candidate in crowd) > 0, "no kill was felt: the test has tested nothing"
    assert not sum((candidate.refusals for candidate in crowd), Counter())
    with make_sessions(engine)() as session:
        stored = journal.entries_of(session, [candidate.attempt_id for candidate in crowd])
    for candidate in crowd:
        entries = stored[candidate.attempt_id]
        assert {entry.seq: (entry.position, entry.value) for entry in entries} == candidate.acked
        assert len(entries) == ANSWERS_EACH
        last = {position: value for _seq, (position, value) in sorted(candidate.acked.items())}
        assert fold(entries).values == last


def test_the_disk_has_the_answer_before_the_browser_hears_of_it(settings, engine):
    """The system calls of one save: fsync or fdatasync of the database's log comes before the reply is sent."""
    if engine.dialect.name != "sqlite":
        missing("an embedded database, whose fsync is ours to see,")
    if shutil.which("strace") is None:
        missing("strace")
    with writing(), make_sessions(engine)() as session:
        hall = build_hall(session, seats=1, at=now())
        seat(session, hall, 0, now() - timedelta(seconds=1))
        session.commit()
    trace = settings.data_dir / "trace"
    calls = "trace=fsync,fdatasync,sendto,send,sendmsg,write"
    server = WebProcess(settings, prefix=("strace", "-f", "-y", "-s", "1000", "-e", calls, "-o", str(trace)))
    server.start()
    try:
        server.wait(90)
        candidate = Candidate(hall, 0, TicketOffice(settings.secret_key), server.port)

        async def save():
            for seq in (1, 2):  # the first save opens the journal, the second is the usual one
                body = json.dumps({"answers": [{"seq": seq, "position": 1, "value": "o0a"}]}).encode()
                assert (await candidate.line.post(candidate.path, body, candidate.ticket))[0] == 200
            candidate.line.close()
            await asyncio.sleep(0)

        asyncio.run(save())
    finally:
        server.kill()
    lines = trace.read_text("utf-8", "replace").splitlines()
    replies = [index for index, line in enumerate(lines) if "acked_seq" in line]
    syncs = [index for index, line in enumerate(lines) if "sync(" in line and "truongthi.db-wal" in line]
    first, second = replies
    assert any(first < index < second for index in syncs), "the reply was sent before the log was on disk"
