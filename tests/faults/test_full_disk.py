"""A full disk: nothing is acknowledged that is not stored, everything else goes on, and saving resumes with space."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import urllib.request
from dataclasses import replace
from datetime import timedelta

import pytest

from campus.clock import now
from campus.db import make_engine, make_sessions, writing
from campus.orm import public
from exam_engine import journal
from exam_engine.tickets import Ticket, TicketOffice
from tests.conftest import missing
from tests.exam_hall import build_hall, seat
from tests.faults.web_process import Line, WebProcess


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 24 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        missing("the right to mount a small file system")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_refuses_saves_and_loses_none(settings, small_disk):
    if not settings.is_sqlite:
        missing("an embedded database, whose disk is ours to fill,")
    shutil.copyfile(settings.data_dir / "truongthi.db", small_disk / "truongthi.db")
    settings = replace(settings, data_dir=small_disk, database_url="")
    engine = make_engine(settings)
    with writing(), make_sessions(engine)() as session:
        hall = build_hall(session, seats=1, at=now())
        seat(session, hall, 0, now() - timedelta(seconds=1))
        session.commit()
    server = WebProcess(settings)
    server.start()
    attempt = public(hall.attempt_id(0))
    office = TicketOffice(settings.secret_key)
    ticket = office.issue(Ticket(hall.attempt_id(0), 1, hall.form_id, hall.candidates[0]))
    line = Line(server.port)

    def save(seq, text="x"):
        body = json.dumps({"answers": [{"seq": seq, "position": 41, "value": text}]}).encode()
        return asyncio.run(_once(line, f"/api/v1/attempts/{attempt}/answers", body, ticket))

    try:
        server.wait()
        assert save(1)[0] == 200
        filler = small_disk / "filler"
        _fill(filler)
        acked = [1]
        for seq in range(2, 40):  # the log has some room left in its last pages
            status, reply = save(seq, "x" * 15_000)
            if status == 200:
                acked.append(seq)
            else:
                assert (status, reply["code"]) == (503, "busy")
                assert reply["retry_after"] > 0
        assert len(acked) < 39, "the disk was never full: the test has tested nothing"
        reading = urllib.request.Request(
            f"http://127.0.0.1:{server.port}/api/v1/attempts/{attempt}", headers={"Authorization": f"Bearer {ticket}"}
        )
        with urllib.request.urlopen(reading, timeout=10) as reply:
            assert json.load(reply)["last_seq"] == max(acked)
        filler.unlink()
        for seq in range(2, 40):
            assert save(seq, "x" * 15_000)[0] == 200
    finally:
        server.kill()
    with make_sessions(engine)() as session:
        assert [entry.seq for entry in journal.entries(session, hall.attempt_id(0))] == list(range(1, 40))
    engine.dispose()


async def _once(line, path, body, ticket):
    try:
        return await asyncio.wait_for(line.post(path, body, ticket), 20)
    finally:
        line.close()
        await asyncio.sleep(0)


def _fill(file):
    """Writes until nothing more goes in."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT)
    try:
        for size in (65_536, 4096, 512):
            while True:
                try:
                    os.write(descriptor, b"x" * size)
                except OSError:
                    break
    finally:
        os.close(descriptor)
