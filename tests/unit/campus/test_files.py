"""Files by digest; pictures decoded and encoded anew."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from sqlalchemy.orm import Session

from campus import files
from campus.errors import Busy, Invalid, NotFound


def png(width: int = 20, height: int = 10) -> bytes:
    out = io.BytesIO()
    note = PngInfo()
    note.add_text("secret", "where it was taken")
    Image.new("RGB", (width, height), "navy").save(out, "PNG", pnginfo=note)
    return out.getvalue()


def test_the_same_bytes_are_stored_once(session: Session) -> None:
    first = files.store(session, b"abc", "text/plain", "a.txt")
    assert files.store(session, b"abc", "text/plain", "b.txt") is first
    assert first.digest == hashlib.sha256(b"abc").hexdigest()
    assert files.read(first.digest) == b"abc"


def test_only_pixels_survive(session: Session) -> None:
    blob = files.store_picture(session, png())
    assert (blob.width, blob.height, blob.media_type) == (20, 10, "image/png")
    assert b"where it was taken" not in files.read(blob.digest)


@pytest.mark.parametrize("data", [b"", b"not a picture", png()[:40], b"<svg onload=alert(1)>"])
def test_what_is_no_picture_is_refused_by_name(session: Session, data: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        files.store_picture(session, data, "hinh.png")
    assert "hinh.png" in str(refusal.value)


def test_a_huge_picture_is_refused(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_PIXELS", 100)
    with pytest.raises(Invalid, match="too large"):
        files.store_picture(session, png(), "lon.png")


def test_a_full_disk_is_said(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(Busy):
        files.store(session, b"new bytes", "text/plain")
    assert not any(path.is_file() for path in files.the_store().folder.glob("*/*"))


def test_an_unknown_digest_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        files.FileStore(tmp_path).open("0" * 64)
