"""HTTP on the wire: gevent's handler with its two largest costs taken out.

gevent reads request headers with the e-mail parser (74 us of a small request) and sends head and body by two system
calls. Here headers are read strictly and plainly (what is not a header line is refused, folded lines too, which is
how requests are smuggled), and a small reply leaves in one piece.
"""

from __future__ import annotations

import re
from typing import Any

from gevent.pywsgi import WSGIHandler

_MOST_HEADERS = 100
_LONGEST_LINE = 16_384
_SMALL_REPLY = 65_536
_HEADER = re.compile(r"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*?)[ \t]*\r?\n")


class RequestHeaders:
    """The headers of one request, in the shape gevent asks for. ``status`` is empty when they are well formed."""

    def __init__(self, stream: Any) -> None:
        self.status = ""
        self.headers: list[str] = []
        self._values: dict[str, str] = {}
        for _ in range(_MOST_HEADERS):
            line = stream.readline(_LONGEST_LINE).decode("latin-1")
            if line in ("\r\n", "\n"):
                return
            match = _HEADER.fullmatch(line)
            if match is None:
                self.status = "bad header line"
                return
            self._keep(line, match[1].lower(), match[2])
        self.status = "too many headers"

    def _keep(self, line: str, name: str, value: str) -> None:
        if name in ("content-length", "transfer-encoding", "host") and self._values.get(name, value) != value:
            self.status = f"two different {name}"
        if name == "content-length" and not (value.isascii() and value.isdigit()):
            self.status = "bad content-length"
        self.headers.append(line)
        self._values.setdefault(name, value)

    @property
    def typeheader(self) -> str | None:
        """The content type, None when the request names none."""
        return self._values.get("content-type")

    def get(self, name: str, default: str | None = None) -> str | None:
        """The first value of a header."""
        return self._values.get(name.lower(), default)

    getheader = get

    def __delitem__(self, name: str) -> None:
        del self._values[name.lower()]


class WireHandler(WSGIHandler):  # type: ignore[misc]
    """gevent's handler of one connection, reading and sending as this module does."""

    def MessageClass(self, stream: Any, _seekable: int) -> RequestHeaders:
        """The headers of the next request (gevent's name for them)."""
        return RequestHeaders(stream)

    def _write_with_headers(self, data: bytes) -> None:
        self.headers_sent = True
        self.finalize_headers()
        if self.response_use_chunked or len(data) > _SMALL_REPLY:
            self._sendall(self._head())
            self._write(data)
        else:
            self._sendall(self._head() + data)

    def _head(self) -> bytes:
        lines = [b"HTTP/1.1 " + self.status, *(name + b": " + value for name, value in self.response_headers)]
        return b"\r\n".join(lines) + b"\r\n\r\n"
