"""Every way a file can be wrong has its own sentence, in both languages, and none reaches further than the door."""

from __future__ import annotations

import io
import zipfile

import pytest
from lxml import etree

from campus.errors import Invalid
from campus.i18n import translate
from item_bank import importing
from item_bank.importing import package
from tests.unit.item_bank.importing.papers import NAMESPACES, docx, p, question


def archive(**entries: bytes | str) -> io.BytesIO:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in entries.items():
            zipped.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    stream.seek(0)
    return stream


def encrypted_entry() -> io.BytesIO:
    data = bytearray(docx(p("Câu 1.")).getvalue())
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data[at + 8] |= 1  # the flag for an encrypted entry
        at += 4
    return io.BytesIO(bytes(data))


def truncated() -> io.BytesIO:
    data = docx(*question(1)).getvalue()
    return io.BytesIO(data[: len(data) // 2])


def damaged_inside() -> io.BytesIO:
    data = bytearray(docx(*question(1) * 50).getvalue())
    middle = data.find(b"word/document.xml") + 60
    data[middle : middle + 40] = b"\xff" * 40
    return io.BytesIO(bytes(data))


def document(xml: str) -> io.BytesIO:
    return archive(word__document_xml=xml)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512
DOCTYPE = (
    f'<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document {NAMESPACES}><w:body>&e;</w:body></w:document>'
)
BILLION = (
    '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    f"<w:document {NAMESPACES}><w:body>&b;</w:body></w:document>"
)
WRONG = {
    "empty_file": io.BytesIO(b""),
    "not_docx": io.BytesIO(b"%PDF-1.7 ..."),
    "old_doc": io.BytesIO(OLE),
    "encrypted_file": io.BytesIO(OLE + "EncryptedPackage".encode("utf-16-le")),
    "no_document": archive(xl__workbook_xml="<workbook/>"),
    "damaged_file": truncated(),
    "hostile_file": document(DOCTYPE),
    "zip_bomb": archive(word__document_xml=b"0" * (3 * 2**20)),
}


@pytest.mark.parametrize("code", WRONG)
def test_a_wrong_file_is_refused_in_words(code: str) -> None:
    WRONG[code].seek(0)
    with pytest.raises(Invalid) as refused:
        importing.read(WRONG[code])
    assert refused.value.code == code
    english, vietnamese = translate(refused.value.message, "en"), translate(refused.value.message, "vi")
    assert english.endswith(".")
    assert vietnamese != english


@pytest.mark.parametrize(
    ("code", "stream"),
    [
        ("damaged_file", damaged_inside()),
        ("damaged_file", io.BytesIO(b"PK\x03\x04")),
        ("damaged_file", document("<w:document>")),
        ("damaged_file", document("not xml")),
        ("damaged_file", document(f"<w:document {NAMESPACES}/>")),
        ("encrypted_file", encrypted_entry()),
        ("hostile_file", document(BILLION)),
        ("hostile_file", document(f"<!DOCTYPE w><w:document {NAMESPACES}><w:body/></w:document>")),
        ("damaged_file", document(f"<w:document {NAMESPACES}><w:body>{'<w:p>' * 4000}</w:body></w:document>")),
        ("zip_bomb", archive(**{f"e{i}": b"" for i in range(package.MOST_ENTRIES + 1)})),
    ],
)
def test_variants_of_damage(code: str, stream: io.BytesIO) -> None:
    with pytest.raises(Invalid) as refused:
        importing.read(stream)
    assert refused.value.code == code


def test_a_size_that_lies_is_no_way_around_the_limit() -> None:
    data = bytearray(archive(word__document_xml=b"0" * (3 * 2**20)).getvalue())
    at = data.find(b"PK\x01\x02")
    data[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    with pytest.raises(Invalid):
        importing.read(io.BytesIO(bytes(data)))


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        importing.read(docx(p("Câu 1.")), "pdf")
    assert refused.value.code == "unknown_format"


def test_the_document_is_found_where_the_package_says() -> None:
    body = f"<w:document {NAMESPACES}><w:body>{''.join(question(1))}</w:body></w:document>"
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="/doc/x.xml"/>'
        "</Relationships>"
    )
    stream = archive(**{"_rels/.rels": rels, "doc/x.xml": body})
    assert [draft.number for draft in importing.read(stream).drafts] == [1]


def test_strict_documents_are_read_like_others() -> None:
    body = f"<w:document {NAMESPACES}><w:body>{''.join(question(1))}</w:body></w:document>"
    strict = body.replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert len(importing.read(document(strict)).drafts) == 1


def test_comments_and_instructions_of_xml_leave_nothing() -> None:
    root = package.parsed(b"<?x y?><a><!-- b --><c/></a>")
    assert etree.tostring(root) == b"<a><c/></a>"


def test_a_file_without_questions_says_so() -> None:
    reading = importing.read(docx(p("Kính gửi thầy cô")))
    assert reading.drafts == []
    assert [problem.code for problem in reading.problems] == ["no_questions"]
