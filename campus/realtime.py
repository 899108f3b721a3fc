"""Websockets: one Socket.IO server, channels by name, and a policy for every event.

Messages are sent only after the commit that makes them true. Handlers are registered on the underlying server with
``async_handlers=False`` (answers of one candidate keep their order, and a save costs no extra greenlet).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from flask_socketio import SocketIO

from campus.config import Settings


class _Json:
    """msgspec in the shape of the ``json`` module, as Engine.IO expects it."""

    @staticmethod
    def dumps(value: Any, **_options: Any) -> str:
        return msgspec.json.encode(value).decode()

    @staticmethod
    def loads(text: str | bytes, **_options: Any) -> Any:
        return msgspec.json.decode(text)


socketio = SocketIO()
policies: dict[tuple[str, str], str] = {}
"""(namespace, event) -> who may send it; the start-up check walks it."""

_handlers: list[tuple[str, str, Callable[..., Any]]] = []


def on(namespace: str, event: str, *, policy: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Registers ``handler(sid, ...)`` for an event and says who may send it."""

    def register(handler: Callable[..., Any]) -> Callable[..., Any]:
        policies[namespace, event] = policy
        _handlers.append((namespace, event, handler))
        return handler

    return register


def init_app(app: Any, settings: Settings) -> None:
    """Starts the Socket.IO server inside ``app``; every handler of the loaded packages is mounted."""
    socketio.init_app(
        app,
        async_mode=app.config.get("SOCKETIO_ASYNC_MODE", "gevent"),
        transports=["websocket"],
        cors_allowed_origins=None,  # same origin only; a ticket without Origin is let in by the handlers
        message_queue=settings.redis_url or None,
        json=_Json,
        async_handlers=False,
        ping_interval=25,
        ping_timeout=20,
        max_http_buffer_size=300_000,
        always_connect=False,
        logger=False,
        engineio_logger=False,
    )
    for namespace, event, handler in _handlers:
        server(app).on(event, namespace=namespace, handler=handler)


def server(_app: Any = None) -> Any:
    """The python-socketio server underneath."""
    return socketio.server


def send(channel: str, event: str, payload: Any, namespace: str) -> None:
    """Sends to everyone in ``channel``; call it after commit (a live subscriber of news is the place)."""
    if socketio.server is not None:
        socketio.server.emit(event, payload, to=channel, namespace=namespace)


def check_policies() -> None:
    """Stops the start-up when someone registered an event without :func:`on`, and so without a policy."""
    mounted = {(namespace, event) for namespace, events in socketio.server.handlers.items() for event in events}
    silent = sorted(mounted - set(policies))
    if silent:
        raise RuntimeError(f"These socket events state no policy: {silent}")
