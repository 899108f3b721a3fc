"""Files that people take away, with a name that every browser keeps."""

from __future__ import annotations

import re
from urllib.parse import quote

from flask import Response


def download(data: bytes, media_type: str, name: str, *, inline: bool = False) -> Response:
    """A file under a name in any language; ``inline`` shows it in the browser first. Never kept by caches."""
    safe = re.sub(r'[\\/:*?"<>|\x00-\x1f]+', " ", name).strip() or "file"
    reply = Response(data, content_type=media_type)
    kind = "inline" if inline else "attachment"
    reply.headers["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(safe)}"
    reply.headers["Cache-Control"] = "no-store"
    return reply
