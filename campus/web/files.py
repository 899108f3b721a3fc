"""Pictures by digest: 256 bits that nobody guesses are the capability."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, abort, send_file

from campus import files
from campus.db import db
from campus.models import Blob
from campus.web.access import permit, public

bp = Blueprint("files", __name__)
blueprints = [bp]
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SHOWN = frozenset(files.SHOWN_PICTURES.values())


@bp.get("/pictures/<digest>")
@permit(public)
def picture(digest: str) -> Any:
    """The bytes of a picture; immutable."""
    blob = db.session.get(Blob, digest) if _DIGEST.fullmatch(digest) else None
    if blob is None or blob.media_type not in _SHOWN:
        abort(404)
    return send_file(files.the_store().path(digest), blob.media_type, max_age=31_536_000, etag=digest)
