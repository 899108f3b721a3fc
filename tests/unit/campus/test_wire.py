"""Request headers on the wire: what is well formed is read, what could smuggle a request is refused."""

from __future__ import annotations

import io
import socket

import pytest

from campus.web.wire import RequestHeaders, WireHandler


def read(text: bytes) -> RequestHeaders:
    return RequestHeaders(io.BytesIO(text + b"\r\nrest"))


def test_headers_are_read():
    headers = read(b"Host: truong.vn\r\ncontent-TYPE:  text/html; a=b \r\nX-Empty:\r\nContent-Length: 12\r\n")
    assert headers.status == ""
    assert headers.get("HOST") == "truong.vn"
    assert headers.typeheader == "text/html; a=b"
    assert headers.getheader("content-length") == "12"
    assert headers.get("X-Empty") == ""
    assert headers.get("absent", "none") == "none"
    assert len(headers.headers) == 4


@pytest.mark.parametrize(
    "line",
    [
        b"no colon\r\n",
        b"Name : value\r\n",
        b" folded: value\r\n",
        b"A: one\r\n two\r\n",
        b"Na\x00me: value\r\n",
        b"Name: va\x00lue\r\n",
        b"Name: one\rtwo\r\n",
        b"Content-Length: 1\r\nContent-Length: 2\r\n",
        b"Content-Length: +1\r\n",
        b"Content-Length: 1, 1\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        b"Host: a\r\nHost: b\r\n",
        b"A: " + b"x" * 20_000 + b"\r\n",
        b"".join(b"A%d: x\r\n" % number for number in range(101)),
    ],
)
def test_a_malformed_head_is_refused(line):
    assert read(line).status


def test_replies_over_a_real_socket():
    gevent = pytest.importorskip("gevent")
    from gevent.pywsgi import WSGIServer

    def application(environ, start_response):
        size = int(environ["QUERY_STRING"] or 0)
        body = environ["wsgi.input"].read() + b"x" * size
        known = [("Content-Length", str(len(body)))] if environ["PATH_INFO"] == "/known" else []
        start_response("200 OK", known)
        return iter([body]) if environ["PATH_INFO"] == "/stream" else [body]

    server = WSGIServer(("127.0.0.1", 0), application, log=None, error_log=None, handler_class=WireHandler)
    server.start()

    def ask(raw: bytes) -> bytes:
        from gevent import socket as green

        with green.create_connection(("127.0.0.1", server.server_port)) as line:
            line.sendall(raw)
            line.shutdown(socket.SHUT_WR)
            received = b""
            while part := line.recv(65536):
                received += part
        return received

    try:
        with gevent.Timeout(10):
            for path in ("/known", "/counted", "/stream"):
                for size in (0, 5, 100_000):
                    post = b"POST %s?%d HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab" % (path.encode(), size)
                    reply = ask(post + post)
                    assert reply.count(b"HTTP/1.1 200 OK") == 2
                    assert reply.count(b"x" * size) >= 2
            assert ask(b"GET / HTTP/1.1\r\nbad header\r\n\r\n").startswith(b"HTTP/1.1 400")
    finally:
        server.stop()
