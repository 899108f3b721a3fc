"""The launcher of the web: one gevent server a process, one listening socket for all of them.

The parent owns the socket and the workers inherit it, so that a worker may leave (it stops accepting and drains)
without resetting a connection. On SQLite there is one web process: the journal's writer must be alone.
Imported after ``gevent.monkey.patch_all()``.
"""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any

import structlog

from campus.config import Settings

log = structlog.get_logger(__name__)
BACKLOG = 2048
DRAIN_SECONDS = 15


class PortTaken(Exception):
    """Someone else listens there."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket without Nagle's delay. Raises PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTaken(str(error)) from error
    listener.listen(BACKLOG)
    listener.setblocking(False)
    return listener


def start_worker_process(environ: dict[str, str]) -> subprocess.Popen[bytes]:
    """The job worker as a child process."""
    return subprocess.Popen([sys.executable, "-m", "lms", "worker"], env=environ)


def serve(
    settings: Settings, listener: socket.socket, workers: int, with_worker: bool, tls: tuple[Path, Path] | None
) -> None:
    """Serves until SIGTERM or SIGINT."""
    jobs = start_worker_process(dict(os.environ)) if with_worker else None
    children = [_fork(settings, listener, tls) for _ in range(workers)] if workers > 1 else []
    try:
        if children:
            _wait_for_stop(children)
        else:
            run(settings, listener, tls)
    finally:
        for child in children:
            _quietly(os.kill, child, signal.SIGTERM)
        for child in children:
            _quietly(os.waitpid, child, 0)
        if jobs is not None:
            _stop_jobs(jobs)


def _stop_jobs(jobs: subprocess.Popen[bytes]) -> None:
    """Lets the job at hand finish; one that takes too long is claimed again by the next worker."""
    jobs.terminate()
    try:
        jobs.wait(timeout=DRAIN_SECONDS)
    except subprocess.TimeoutExpired:
        log.warning("the worker did not stop in time and was killed")
        jobs.kill()
        jobs.wait()


def _fork(settings: Settings, listener: socket.socket, tls: tuple[Path, Path] | None) -> int:
    import gevent

    child: int = gevent.fork()
    if child:
        return child
    try:
        run(settings, listener, tls)
    finally:
        os._exit(0)


def _wait_for_stop(children: list[int]) -> None:
    import gevent
    from gevent.event import Event

    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, stop.set)
    stop.wait()


def _quietly(call: Any, *arguments: Any) -> None:
    try:
        call(*arguments)
    except (ProcessLookupError, ChildProcessError):
        log.info("a web process had already gone")


def run(settings: Settings, listener: socket.socket, tls: tuple[Path, Path] | None) -> None:
    """One web process: serves on the shared socket, drains when told to stop."""
    import gevent
    from gevent.pywsgi import WSGIServer

    from campus.web.wire import WireHandler
    from lms.app import create_app
    from lms.pulse import start_pulse

    app = create_app(settings)
    context: dict[str, Any] = {}
    if tls:
        ssl_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ssl_context.load_cert_chain(*map(str, tls))
        context["ssl_context"] = ssl_context
    server = WSGIServer(listener, app.wsgi_app, log=None, error_log=sys.stderr, handler_class=WireHandler, **context)
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, server.stop, DRAIN_SECONDS)
    start_pulse(app)
    log.info("web process started", pid=os.getpid(), address=listener.getsockname()[:2])
    server.serve_forever()
    app.extensions["closing"]()
