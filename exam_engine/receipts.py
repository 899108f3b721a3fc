"""Receipts: proof for candidate and school that these answers, and no others, were handed in.

The head is a SHA-256 chain over the attempt's entries by seq; the receipt code and the head are signed with an
Ed25519 key that is made at first start and never leaves ``DATA_DIR/keys``. Old public keys stay, so that an old receipt
can still be checked. Sealing runs in the worker, seconds after the end.
"""

from __future__ import annotations

import hashlib
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.orm import canonical_json, public
from exam_engine import journal
from exam_engine.access_codes import ALPHABET
from exam_engine.models import Attempt
from exam_engine.sheet import VALUE, Entry

_PURPOSE = "truongthi receipt 1"
_CODE_LENGTH = 12
_MOST_SEALED = 40  # of 120 entries each: about 50 ms, for the write turn's sake
_PRIVATE = "receipts.key"
_PUBLIC = "receipts-{key_id}.pub"


def receipt_code(attempt_id: int) -> str:
    """The short code of an attempt's receipt, ``XXXX-XXXX-XXXX``: always the same. It names and proves nothing."""
    digest = hashlib.sha256(f"{_PURPOSE} {attempt_id}".encode()).digest()
    number = int.from_bytes(digest[:8], "big")
    letters = "".join(ALPHABET[number >> 5 * place & 31] for place in range(_CODE_LENGTH))
    return "-".join(letters[start : start + 4] for start in range(0, _CODE_LENGTH, 4))


def head(attempt_id: int, entries: Iterable[Entry]) -> str:
    """The hash of all entries by seq, each as canonical JSON ``[attempt, seq, position, value, at, received_at]``.

    A flag, an elimination or a note stands in the place of the value as ``{kind: value}``. Each link is the SHA-256 of
    the link before (32 zero bytes at first) and the entry.
    """
    link = bytes(32)
    name = public(attempt_id)
    for entry in sorted(entries):
        value = entry.value if entry.kind == VALUE else {entry.kind: entry.value}
        line = canonical_json([name, entry.seq, entry.position, value, entry.at_ms, entry.received_at_ms])
        link = hashlib.sha256(link + line.encode()).digest()
    return link.hex()


class KeyRing:
    """The signing key of this installation and the public keys of all it ever had."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "keys"
        self._own: tuple[str, Ed25519PrivateKey] | None = None

    def sign(self, code: str, head: str) -> tuple[str, str]:
        """The key's id and the signature of a receipt."""
        key_id, key = self._signing_key()
        return key_id, urlsafe_b64encode(key.sign(_signed_text(code, head))).decode()

    def public_keys(self) -> dict[str, str]:
        """Key id -> public key (base64url of its 32 bytes), for everyone who wants to check a receipt."""
        self._signing_key()
        return {
            file.stem.removeprefix("receipts-"): file.read_text("ascii").strip()
            for file in sorted(self._folder.glob("receipts-*.pub"))
        }

    def is_signed(self, code: str, head: str, signature: str) -> bool:
        """Whether one of our keys has signed this code with this head."""
        try:
            raw = urlsafe_b64decode(signature.encode("ascii"))
        except (Base64Error, UnicodeEncodeError):
            return False
        text = _signed_text(code, head)
        for key in self.public_keys().values():
            try:
                Ed25519PublicKey.from_public_bytes(urlsafe_b64decode(key)).verify(raw, text)
            except InvalidSignature:
                continue
            return True
        return False

    def _signing_key(self) -> tuple[str, Ed25519PrivateKey]:
        if self._own is None:
            file = self._folder / _PRIVATE
            if not file.exists():
                self._make(file)
            key = Ed25519PrivateKey.from_private_bytes(urlsafe_b64decode(file.read_text("ascii").strip()))
            raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
            key_id = hashlib.sha256(raw).hexdigest()[:16]
            shown = self._folder / _PUBLIC.format(key_id=key_id)
            if not shown.exists():
                shown.write_text(urlsafe_b64encode(raw).decode() + "\n", "ascii")
            self._own = (key_id, key)
        return self._own

    def _make(self, file: Path) -> None:
        """A new key that only this account can read. Of two processes that come first together, one wins."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        raw = Ed25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        fresh = file.with_name(f"{_PRIVATE}.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(urlsafe_b64encode(raw) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(fresh, file)  # fails when another was quicker; its key is as good
        except FileExistsError:
            pass
        finally:
            fresh.unlink()


def _signed_text(code: str, head: str) -> bytes:
    return f"{_PURPOSE}\n{code}\n{head}".encode()


def seal_attempts(session: Session, keys: KeyRing, now: datetime) -> int:
    """Chains and signs finished attempts that have no seal yet, a few at a time. Returns how many; flushes.

    Locks each attempt. Safe to repeat: the same entries give the same head.
    """
    attempts = session.scalars(
        select(Attempt)
        .where(Attempt.sealed_at.is_(None), Attempt.state.in_(("submitted", "closed")))
        .order_by(Attempt.id)
        .limit(_MOST_SEALED)
        .with_for_update(skip_locked=True)
    ).all()
    entries = journal.entries_of(session, [attempt.id for attempt in attempts]) if attempts else {}
    for attempt in attempts:
        attempt.receipt_code = attempt.receipt_code or receipt_code(attempt.id)
        attempt.head = head(attempt.id, entries.get(attempt.id, []))
        attempt.key_id, attempt.signature = keys.sign(attempt.receipt_code, attempt.head)
        attempt.sealed_at = now
    session.flush()
    return len(attempts)


def verify(session: Session, keys: KeyRing, code: str, head_shown: str, signature: str) -> tuple[bool, str]:
    """Whether a receipt is ours and the journal still says the same; the reason is a stable word.

    Reasons: ``ok``, ``bad_signature`` (not signed by us, or changed), ``unknown`` (no such attempt here),
    ``journal_changed`` (signed by us, but the stored answers are no longer those).
    """
    code = code.strip().upper()
    if not keys.is_signed(code, head_shown, signature):
        return False, "bad_signature"
    attempt = session.scalars(select(Attempt).where(Attempt.receipt_code == code)).first()
    if attempt is None:
        return False, "unknown"
    if head(attempt.id, journal.entries(session, attempt.id)) != head_shown:
        return False, "journal_changed"
    return True, "ok"


def has_changed(session: Session, attempt: Attempt) -> bool:
    """Whether a sealed attempt's journal differs from its head."""
    return attempt.head is not None and head(attempt.id, journal.entries(session, attempt.id)) != attempt.head


def broken(session: Session, batch: int = 500) -> list[str]:
    """Public identifiers of sealed attempts whose journal no longer makes their head; reads a batch at a time."""
    found: list[str] = []
    last = -1
    while True:
        sealed = session.execute(
            select(Attempt.id, Attempt.head)
            .where(Attempt.head.is_not(None), Attempt.id > last)
            .order_by(Attempt.id)
            .limit(batch)
        ).all()
        if not sealed:
            return found
        last = sealed[-1].id
        entries = journal.entries_of(session, [row.id for row in sealed])
        found += [public(row.id) for row in sealed if head(row.id, entries.get(row.id, [])) != row.head]
