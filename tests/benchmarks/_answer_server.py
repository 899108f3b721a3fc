"""A web process for ``answers_per_second``: the real one, or the same without one of its parts.

Modes: ``entrance`` (as served), ``flask`` (without the entrance), ``no_store`` (as served, but the journal says yes
without storing: the floor that the same validation, server and client allow).
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import signal  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402
from gevent.pywsgi import WSGIServer  # noqa: E402

from campus import config  # noqa: E402
from campus.web.wire import WireHandler  # noqa: E402
from exam_engine.desk import the_desk  # noqa: E402
from exam_engine.entrance import Entrance  # noqa: E402
from lms import server  # noqa: E402
from lms.app import create_app  # noqa: E402


def without_entrance(app: Any) -> None:
    """Takes the entrance out of the chain in front of Flask."""
    outer = app.wsgi_app
    if isinstance(outer, Entrance):
        app.wsgi_app = outer._inner
        return
    while not isinstance(outer.wsgi_app, Entrance):
        outer = outer.wsgi_app
    outer.wsgi_app = outer.wsgi_app._inner


def main() -> None:
    """Serves until SIGTERM: mode and port are the arguments, the rest comes from the environment."""
    mode, port, profile = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    app = create_app(config.load())
    if mode == "flask":
        without_entrance(app)
    if mode == "no_store":
        the_desk().journal.append = lambda _batch: None  # type: ignore[method-assign]
    listener = server.listen("127.0.0.1", port)
    web = WSGIServer(listener, app.wsgi_app, log=None, handler_class=WireHandler)
    gevent.signal_handler(signal.SIGTERM, web.stop, 5)
    if profile:
        import cProfile

        profiler = cProfile.Profile()
        profiler.enable()
        web.serve_forever()
        profiler.disable()
        profiler.dump_stats(Path(profile[0]))
        return
    web.serve_forever()


if __name__ == "__main__":
    main()
