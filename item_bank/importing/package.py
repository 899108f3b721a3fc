"""Opens a Word package without trusting it.

A .docx is a zip of XML that a stranger wrote: sizes are checked before anything is unpacked, XML is parsed without
document types, entities or network, and each way a file can be wrong has its own sentence.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Mapping
from typing import IO

from lxml import etree

from campus.errors import Invalid
from campus.i18n import N_

MOST_ENTRIES = 2_000
MOST_BYTES = 200 * 2**20
MOST_RATIO = 100
MOST_UPLOADED = 100 * 2**20
# Small entries may compress as well as they like: a ratio only hurts when it makes many bytes.
RATIO_MATTERS_FROM = 2**20

_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships",
     b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
    (b"http://purl.oclc.org/ooxml/drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
)  # fmt: skip
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Package:
    """The parts of an opened Word file."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = {name.lstrip("/").lower(): name for name in archive.namelist()}
        self.main = self._main_part()
        self.folder = posixpath.dirname(self.main)
        self.relations: Mapping[str, str] = self.relations_of(self.main)

    def has(self, name: str) -> bool:
        """Whether the package has this part."""
        return name.lower() in self._names

    def read(self, name: str) -> bytes:
        """The bytes of a part; raises Invalid when the file is damaged there."""
        try:
            return self._archive.read(self._names[name.lower()])
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
            raise damaged() from error
        except RuntimeError as error:  # zipfile's word for a password
            raise Invalid(N_("This file is protected by a password. Remove the password in Word and save it again."),
                          code="encrypted_file") from error  # fmt: skip

    def xml(self, name: str) -> etree._Element | None:
        """The root element of an XML part; None when the package has no such part."""
        return parsed(self.read(name)) if self.has(name) else None

    def beside(self, name: str) -> etree._Element | None:
        """The root element of a part in the main document's folder, such as ``styles.xml``."""
        return self.xml(posixpath.join(self.folder, name))

    def target(self, relation: str | None) -> bytes | None:
        """The bytes a relation of the main document points at; None when it points nowhere in the package."""
        name = self.relations.get(relation or "")
        return self.read(name) if name and self.has(name) else None

    def relations_of(self, part: str) -> dict[str, str]:
        """Relation id -> part name, for the inner relations of a part."""
        folder, name = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", name + ".rels"))
        found = {}
        for relation in root.iter(_RELATIONSHIP) if root is not None else ():
            if relation.get("TargetMode") != "External":
                target = relation.get("Target", "")
                path = target if target.startswith("/") else posixpath.join("/", folder, target)
                found[relation.get("Id", "")] = posixpath.normpath(path).lstrip("/")
        return found

    def _main_part(self) -> str:
        root = self.xml("_rels/.rels")
        for relation in root.iter(_RELATIONSHIP) if root is not None else ():
            if relation.get("Type", "").endswith("/officeDocument"):
                name = posixpath.normpath(relation.get("Target", "").lstrip("/"))
                if self.has(name) and _is_word(self.read(name)):
                    return name
        if self.has("word/document.xml"):
            return "word/document.xml"
        raise Invalid(
            N_("There is no Word document in this file. Open it in Word and save it as .docx."), code="no_document"
        )


def opened(stream: IO[bytes]) -> Package:
    """The Word package in the stream; raises Invalid with a sentence for every kind of file that is none."""
    data = stream.read(MOST_UPLOADED + 1)
    if not data:
        raise Invalid(N_("This file is empty."), code="empty_file")
    if len(data) > MOST_UPLOADED:
        raise Invalid(N_("This file is larger than %(most)s MB."), code="too_large", most=MOST_UPLOADED // 2**20)
    if data.startswith(_OLE_MAGIC):
        raise _of_older_word(data)
    if not data.startswith(b"PK"):
        raise Invalid(N_("This is not a Word file (.docx). Open it in Word and save it as .docx."), code="not_docx")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise damaged() from error
    _check_sizes(archive)
    return Package(archive)


def parsed(data: bytes) -> etree._Element:
    """The root element of untrusted XML; raises Invalid for a document type or broken XML."""
    for strict, usual in _STRICT:
        data = data.replace(strict, usual)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise damaged() from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Invalid(N_("This file contains a document type, which Word never writes. It was not opened."),
                      code="hostile_file")  # fmt: skip
    return root


def damaged() -> Invalid:
    """The refusal for a file that breaks off or cannot be unpacked."""
    return Invalid(
        N_("This file is damaged or incomplete. Open it in Word, save it again and send the new copy."),
        code="damaged_file",
    )


def _is_word(data: bytes) -> bool:
    return b"wordprocessingml" in data[:8192]


def _of_older_word(data: bytes) -> Invalid:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return Invalid(
            N_("This file is protected by a password. Remove the password in Word and save it again."),
            code="encrypted_file",
        )
    return Invalid(N_("This is an old .doc file. Open it in Word and save it as .docx."), code="old_doc")


def _check_sizes(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    swollen = any(
        entry.file_size > RATIO_MATTERS_FROM and entry.file_size > MOST_RATIO * max(1, entry.compress_size)
        for entry in entries
    )
    too_dense = total > RATIO_MATTERS_FROM and total > MOST_RATIO * max(1, packed)
    if len(entries) > MOST_ENTRIES or total > MOST_BYTES or swollen or too_dense:
        raise Invalid(N_("This file unpacks to far more than a Word document holds. It was not opened."),
                      code="zip_bomb")  # fmt: skip
