"""How many answers a second are on disk.

``python -m tests.benchmarks.answers_per_second [--seconds S] [--postgresql]``

One save is one POST (or one socket event) with one answer of one candidate: ticket, state, deadline, position, option
and seq are checked and the reply comes after the commit with fsync. Each attempt already holds 40 answers. Clients run
in a closed loop in a process of their own on the same machine, so they take their share of the cores. Floors of the
same minute: the same server that stores nothing, and a bare fdatasync loop. Peer: Moodle 4.5.6 on two such cores saved
149 answers a second (beside an fdatasync loop of 7,200–12,500/s).
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import selectors
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from multiprocessing import Process, Queue
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from campus import config
from campus.clock import now, to_ms
from campus.config import ROOT, Settings
from campus.db import make_engine, make_sessions, writing
from campus.orm import public
from exam_engine.models import AnswerEntry
from exam_engine.tickets import Ticket, TicketOffice
from lms.database import migrate
from tests.exam_hall import Hall, build_hall, seat
from tests.servers import PostgresServer, free_port

MOODLE = 149
HELD_ALREADY = 40
CLIENTS = (1, 10, 100)


@dataclass
class Seat:
    """What a client needs to save."""

    attempt: str
    ticket: str
    seq: int = HELD_ALREADY


@dataclass
class Run:
    """One measured run."""

    saves: int
    seconds: float
    p50_ms: float
    p99_ms: float
    errors: int

    @property
    def rate(self) -> float:
        return self.saves / self.seconds


class HttpClient:
    """A candidate with a keep-alive connection."""

    def __init__(self, port: int, place: Seat) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.seat, self.buffer, self.sent_at = place, b"", 0.0
        self._head = (
            f"POST /api/v1/attempts/{place.attempt}/answers HTTP/1.1\r\nHost: x\r\n"
            f"Authorization: Bearer {place.ticket}\r\nContent-Type: application/json\r\nContent-Length: "
        )

    def body(self) -> str:
        """The next answer."""
        self.seat.seq += 1
        seq, position = self.seat.seq, self.seat.seq % 34 + 1
        return f'{{"answers":[{{"seq":{seq},"position":{position},"value":"o{position - 1}{"abcd"[seq % 4]}"}}]}}'

    def send(self) -> None:
        """Sends the next save."""
        body = self.body()
        self.sent_at = time.perf_counter()
        self.socket.send(f"{self._head}{len(body)}\r\n\r\n{body}".encode())

    def receive(self) -> bool | None:
        """True for an acknowledgement, False for a refusal, None while the reply is not whole."""
        self.buffer += self.socket.recv(65536)
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found or len(body) < int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]):
            return None
        good = head.startswith(b"HTTP/1.1 200") and b'"acked_seq":%d,' % self.seat.seq in body
        self.buffer = b""
        return good


class SocketClient(HttpClient):
    """A candidate with a websocket."""

    def __init__(self, port: int, place: Seat) -> None:
        super().__init__(port, place)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        while b"\r\n\r\n" not in self.buffer:
            self.buffer += self.socket.recv(65536)
        assert self.buffer.startswith(b"HTTP/1.1 101"), self.buffer
        self.buffer = self.buffer.partition(b"\r\n\r\n")[2]
        self._await(b"0{")
        self._frame("40/exam," + json.dumps({"ticket": place.ticket}))
        self._await(b"40/exam,{")

    def _await(self, start: bytes) -> None:
        while True:
            frame = self._next_frame()
            if frame is None:
                self.buffer += self.socket.recv(65536)
            else:
                assert frame.startswith(start), frame
                return

    def _frame(self, text: str) -> None:
        payload = text.encode()
        size = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2, "big")
        self.socket.sendall(b"\x81" + size + b"\0\0\0\0" + payload)  # a mask of zeros leaves the text as it is

    def _next_frame(self) -> bytes | None:
        if len(self.buffer) < 2:
            return None
        start, length = 2, self.buffer[1]
        if length == 126:
            start, length = 4, int.from_bytes(self.buffer[2:4], "big")
        if len(self.buffer) < start + length:
            return None
        frame, self.buffer = self.buffer[start : start + length], self.buffer[start + length :]
        return frame

    def send(self) -> None:
        body = self.body()
        self.sent_at = time.perf_counter()
        self._frame(f'42/exam,{self.seat.seq}["answers.save",{body}]')

    def receive(self) -> bool | None:
        self.buffer += self.socket.recv(65536)
        frame = self._next_frame()
        if frame is None:
            return None
        if frame == b"2":  # Engine.IO's ping
            self._frame("3")
            return None
        return frame.startswith(b"43/exam") and b'"acked_seq":%d,' % self.seat.seq in frame


def drive(kind: type[HttpClient], port: int, seats: list[Seat], seconds: float, done: Any) -> None:
    """Runs clients in a closed loop; the first half second is not counted. Puts a Run."""
    selector = selectors.DefaultSelector()
    for place in seats:
        client = kind(port, place)
        selector.register(client.socket, selectors.EVENT_READ, client)
        client.send()
    counted_from = time.perf_counter() + 0.5
    until = counted_from + seconds
    latencies: list[float] = []
    errors, waiting = 0, len(seats)
    while waiting:
        for key, _mask in selector.select(5):
            client = key.data
            good = client.receive()
            if good is None:
                continue
            at = time.perf_counter()
            errors += not good
            if counted_from <= at < until:
                latencies.append(at - client.sent_at)
            if at < until:
                client.send()
            else:
                waiting -= 1
    latencies.sort()
    at = [latencies[int(len(latencies) * part)] * 1000 for part in (0.5, 0.99)]
    done.put((Run(len(latencies), seconds, at[0], at[1], errors), [place.seq for place in seats]))


@contextmanager
def serving(settings: Settings, mode: str) -> Any:
    """A server in ``mode``; gives its port."""
    port = free_port()
    environ = os.environ | {
        "TRUONGTHI_DATA_DIR": str(settings.data_dir),
        "TRUONGTHI_DATABASE_URL": settings.database_url,
        "TRUONGTHI_SECRET_KEY": settings.secret_key,
        "TRUONGTHI_LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "tests.benchmarks._answer_server", mode, str(port)]
    profile = os.environ.get("PROFILE")
    process = subprocess.Popen([*command, *([profile] if profile else [])], env=environ, cwd=ROOT)
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).close()
                break
            except OSError:
                if process.poll() is not None:
                    sys.exit("the server did not start")
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def measure(kind: type[HttpClient], port: int, seats: list[Seat], seconds: float) -> Run:
    """One run with a client process of its own."""
    done: Any = Queue()
    client = Process(target=drive, args=(kind, port, seats, seconds, done))
    client.start()
    run, seqs = done.get(timeout=seconds + 60)
    client.join()
    for place, seq in zip(seats, seqs, strict=True):
        place.seq = seq
    return run


def prepare(settings: Settings, count: int) -> tuple[Hall, list[Seat], Any]:
    """A hall of candidates at work, each with 40 answers already."""
    engine = make_engine(settings)
    migrate(engine)
    office = TicketOffice(settings.secret_key)
    with writing(), make_sessions(engine)() as session:
        hall = build_hall(session, seats=count, at=now())
        seats = []
        for number in range(count):
            attempt = seat(session, hall, number, now() - timedelta(seconds=1))
            held = [
                {"attempt_id": attempt.id, "seq": seq, "position": seq, "kind": "value", "value": '"o"'}
                | {"at_ms": None, "received_at_ms": to_ms(now())}
                for seq in range(1, HELD_ALREADY + 1)
            ]
            session.execute(AnswerEntry.__table__.insert(), held)
            ticket = office.issue(Ticket(attempt.id, 1, hall.form_id, hall.candidates[number]))
            seats.append(Seat(public(attempt.id), ticket))
        session.commit()
    return hall, seats, engine


def fdatasyncs_a_second(folder: Path) -> float:
    """What the disk allows: 200 bytes appended and synced, one after the other, for a second."""
    with (folder / "floor").open("wb", buffering=0) as file:
        count, began = 0, time.perf_counter()
        while time.perf_counter() - began < 1:
            file.write(b"x" * 200)
            os.fdatasync(file.fileno())
            count += 1
    return count / (time.perf_counter() - began)


def table(settings: Settings, seconds: float) -> bool:
    """Measures and prints; False when a save failed or a reply has no row."""
    _hall, seats, engine = prepare(settings, max(CLIENTS))
    print(f"fdatasync floor: {fdatasyncs_a_second(settings.data_dir):,.0f}/s      database: {engine.dialect.name}")
    titles = {"clients": 8, "saves/s": 10, "p50 ms": 9, "p99 ms": 9, "of floor": 10, "x Moodle": 10, "errors": 8}
    print(f"{'door':<22}" + "".join(f"{title:>{width}}" for title, width in titles.items()))
    floors: dict[tuple[str, int], float] = {}
    good = True
    rows = (
        ("HTTP, no store", "no_store", HttpClient),
        ("HTTP entrance", "entrance", HttpClient),
        ("HTTP Flask route", "flask", HttpClient),
        ("socket, no store", "no_store", SocketClient),
        ("socket", "entrance", SocketClient),
    )
    for name, mode, kind in rows:
        with serving(settings, mode) as port:
            for clients in CLIENTS:
                before = _rows(engine)
                at_start = sum(place.seq for place in seats)
                run = measure(kind, port, seats[:clients], seconds)
                if mode == "no_store":
                    floors[kind.__name__, clients] = run.rate
                elif _rows(engine) - before != sum(place.seq for place in seats) - at_start:
                    print("!! replies and rows differ")
                    good = False
                share = run.rate / floors[kind.__name__, clients]
                print(
                    f"{name:<22}{clients:>8}{run.rate:>10,.0f}{run.p50_ms:>9.2f}{run.p99_ms:>9.2f}"
                    f"{share:>10.2f}{run.rate / MOODLE:>10.1f}{run.errors:>8}"
                )
                good = good and not run.errors
    engine.dispose()
    return good


def _rows(engine: Any) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(AnswerEntry)).scalar_one()


def main() -> None:
    """Prints the table; exits 1 when a save failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--postgresql", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = replace(config.load({}), data_dir=Path(folder), secret_key="benchmark" * 5)
        if not options.postgresql:
            sys.exit(0 if table(settings, options.seconds) else 1)
        server = PostgresServer(sys.exit)
        try:
            server.create("benchmark")
            good = table(replace(settings, database_url=server.url("benchmark")), options.seconds)
        finally:
            server.stop()
        sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
