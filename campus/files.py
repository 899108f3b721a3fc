"""Files by digest: a folder whose names are SHA-256 digests, and a row that says what each is.

The same bytes are stored once. Writing is atomic (temporary file, fsync, rename), so a crash leaves no half file
under a digest.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from pathlib import Path
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError
from sqlalchemy.orm import Session

from campus.errors import Busy, Invalid, NotFound
from campus.i18n import N_, Message
from campus.models import Blob

SHOWN_PICTURES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
KEPT_AS_THEY_ARE = ("image/x-wmf", "image/x-emf", "image/wmf", "image/emf")
MAX_PIXELS = 40_000_000
_MAX_SIDE = 4000


class FileStore:
    """The folder of blobs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, digest: str) -> Path:
        """Where the bytes of ``digest`` lie."""
        return self.folder / digest[:2] / digest

    def write(self, data: bytes) -> str:
        """Stores ``data`` and returns its digest. Raises Busy when the disk is full."""
        digest = hashlib.sha256(data).hexdigest()
        target = self.path(digest)
        if target.exists():
            return digest
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=target.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(temporary, target)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise Busy(N_("The file cannot be stored: the server's disk is full or not writable.")) from error
        return digest

    def open(self, digest: str) -> BinaryIO:
        """The bytes of ``digest`` as a stream. Raises NotFound."""
        try:
            return self.path(digest).open("rb")
        except OSError as error:
            raise NotFound() from error


_store: FileStore | None = None


def init(data_dir: Path) -> None:
    """Names the folder of this process' file store."""
    global _store
    _store = FileStore(data_dir / "files")


def the_store() -> FileStore:
    """The file store of this process."""
    if _store is None:
        raise RuntimeError("campus.files.init was not called")
    return _store


def store(session: Session, data: bytes, media_type: str, name: str = "") -> Blob:
    """Keeps ``data`` and its row; the same bytes twice are one blob."""
    digest = the_store().write(data)
    blob = session.get(Blob, digest)
    if blob is None:
        blob = Blob(digest=digest, size=len(data), media_type=media_type, name=name[:255])
        session.add(blob)
        session.flush()
    return blob


def store_picture(session: Session, data: bytes, name: str = "") -> Blob:
    """Keeps a picture decoded and encoded anew, so that nothing but pixels survives. Raises Invalid.

    WMF and EMF previews of formulas cannot be shown by browsers; they are kept with :func:`store` as they are.
    """
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Invalid(Message(N_("The picture %(name)s is too large."), name=name))
            kind = picture.format if picture.format in SHOWN_PICTURES else "PNG"
            picture.load()
            clean = picture if kind in ("JPEG", "GIF") else picture.convert(_mode(picture))
            clean.thumbnail((_MAX_SIDE, _MAX_SIDE))
            out = io.BytesIO()
            clean.save(out, format=kind)
            size = clean.size
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, ValueError) as error:
        raise Invalid(Message(N_("The picture %(name)s cannot be read."), name=name)) from error
    blob = store(session, out.getvalue(), SHOWN_PICTURES[kind], name)
    blob.width, blob.height = size
    return blob


def _mode(picture: Image.Image) -> str:
    return picture.mode if picture.mode in ("1", "L", "P", "RGB", "RGBA") else "RGBA"


def read(digest: str) -> bytes:
    """All bytes of a blob."""
    with the_store().open(digest) as file:
        return file.read()
