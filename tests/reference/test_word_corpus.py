"""The importer against the corpus of teachers' Word files and its own grading program.

The bar is the corpus' own: every key, type and option of well-formed questions, every formula's tokens, every
expected problem and none invented. Each file is read again in disguise: cut into single characters, decomposed,
under review, laid out otherwise. What a reader sees is the same, so the grade must be.
"""

from __future__ import annotations

import copy
import importlib.util
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from lxml import etree

from campus import richtext
from item_bank import importing
from item_bank.importing import corpus_schema
from tests.conftest import REFERENCE, missing

PUBLIC = REFERENCE / "word" / "public"
FILES = sorted(PUBLIC.glob("*.docx")) if PUBLIC.is_dir() else []
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
Disguise = Callable[[etree._Element], None]


@pytest.fixture(scope="module")
def compare() -> ModuleType:
    """The corpus' grading program."""
    path = REFERENCE / "word" / "compare.py"
    if not path.is_file():
        missing("the Word corpus (../shared/reference/word)")
    spec = importlib.util.spec_from_file_location("word_corpus_compare", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def faults(compare: ModuleType, path: Path, found: dict[str, Any]) -> dict[str, Any]:
    """The fields that are not full marks, with the grader's notes."""
    expected = json.loads(path.with_suffix("").with_suffix(".expected.json").read_text("utf-8"))
    tally, notes = compare.grade(found, expected, True)
    wrong = {field: score for field, score in tally.items() if field in compare.MAIN and score[0] != score[1]}
    return {**wrong, "notes": notes} if wrong else {}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_field_of_the_corpus_is_right(compare: ModuleType, path: Path) -> None:
    assert faults(compare, path, corpus_schema.read_items(path)) == {}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_sources_are_clean_and_every_formula_can_be_shown(path: Path) -> None:
    with path.open("rb") as stream:
        reading = importing.read(stream)
    for draft in reading.drafts:
        parts = draft.content.get("options") or draft.content.get("statements") or []
        for source in [draft.content["stem"], *(part["content"] for part in parts), draft.solution or ""]:
            assert richtext.clean(source) == source
            assert richtext.problems(source) == []


def texts(change: Callable[[str], str]) -> Disguise:
    def disguise(root: etree._Element) -> None:
        for text in root.iter(W + "t"):
            text.text = change(text.text or "")
            text.set(SPACE, "preserve")

    return disguise


def single_characters(root: etree._Element) -> None:
    for run in list(root.iter(W + "r")):
        content = [child for child in run if child.tag != W + "rPr"]
        if len(content) != 1 or content[0].tag != W + "t" or len(content[0].text or "") < 2:
            continue
        last = run
        for character in content[0].text or "":
            piece = copy.deepcopy(run)
            piece.tail = None
            text = piece.find(W + "t")
            assert text is not None
            text.text = character
            text.set(SPACE, "preserve")
            last.addnext(piece)
            last = piece
            if character in "aA1":
                last.addnext(mark := etree.Element(W + "proofErr"))
                last = mark
        parent = run.getparent()
        assert parent is not None
        parent.remove(run)


def under_review(root: etree._Element) -> None:
    for run in list(root.iter(W + "r")):
        parent = run.getparent()
        assert parent is not None
        inserted, deleted = etree.Element(W + "ins"), etree.Element(W + "del")
        parent.insert(parent.index(run), deleted)
        parent.replace(run, inserted)
        inserted.append(run)
        gone = etree.SubElement(etree.SubElement(deleted, W + "r"), W + "delText")
        gone.text = "Câu 99. A. đã xoá "


def in_content_controls(root: etree._Element) -> None:
    body = root.find(W + "body")
    assert body is not None
    for paragraph in body.findall(W + "p"):
        control = etree.Element(W + "sdt")
        body.replace(paragraph, control)
        etree.SubElement(control, W + "sdtContent").append(paragraph)


def tabs_as(make: Callable[[etree._Element], None]) -> Disguise:
    def disguise(root: etree._Element) -> None:
        for tab in list(root.iter(W + "tab")):
            parent = tab.getparent()
            if parent is not None and parent.tag == W + "r":
                make(tab)

    return disguise


def as_spaces(tab: etree._Element) -> None:
    tab.tag = W + "t"
    tab.text = "      "
    tab.set(SPACE, "preserve")


def as_break(tab: etree._Element) -> None:
    tab.tag = W + "br"


def recoloured(old: tuple[str, str], new: tuple[str, str]) -> Disguise:
    def disguise(root: etree._Element) -> None:
        for found in list(root.iter(W + old[0])):
            parent = found.getparent()
            if found.get(W + "val") == old[1] and parent is not None:
                replaced = etree.Element(W + new[0])
                replaced.set(W + "val", new[1])
                parent.replace(found, replaced)

    return disguise


def full_width(match: re.Match[str]) -> str:
    return match[1] + match[2].translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789"})


LABEL = r"(Câu|Question) (\d+)[.:)]"
DISGUISES: dict[str, Disguise] = {
    "decomposed": texts(lambda text: unicodedata.normalize("NFD", text)),
    "hard spaces": texts(lambda text: text.replace(" ", "\u00a0")),
    "full-width numbers": texts(lambda text: re.sub(r"(Câu |Question |Bài )(\d+)", full_width, text)),
    "single characters": single_characters,
    "under review": under_review,
    "content controls": in_content_controls,
    "tabs as spaces": tabs_as(as_spaces),
    "tabs as breaks": tabs_as(as_break),
    "labels with a colon": texts(lambda text: re.sub(LABEL, r"\1 \2:", text)),
    "labels with a bracket": texts(lambda text: re.sub(LABEL, r"\1 \2)", text)),
    "labels with a stroke": texts(lambda text: re.sub(LABEL, r"\1 \2/", text)),
    "letters with a bracket": texts(lambda text: re.sub(r"^([A-D])\. ", r"\1) ", text)),
    "parts in Arabic": texts(lambda text: re.sub(r"^PHẦN (I+)", lambda m: f"Phần {len(m[1])}", text)),
    "underlined in red": recoloured(("u", "single"), ("color", "FF0000")),
    "red underlined": recoloured(("color", "FF0000"), ("u", "single")),
    "darker red": recoloured(("color", "FF0000"), ("color", "C00000")),
    "red highlighted": recoloured(("color", "C00000"), ("highlight", "yellow")),
    "keys with hyphens": texts(lambda text: re.sub(r"\b(\d+)\.([A-D])\b", r"\1-\2", text)),
    "other suffixes": texts(lambda text: re.sub(r" – Đúng$| \(Đ\)$", " Đ", text)),
    "chosen": texts(lambda text: re.sub(r"^Đáp án: ([A-D])$", r"Chọn \1.", text)),
}


def disguised(path: Path, disguise: Disguise) -> io.BytesIO:
    stream = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "word/document.xml":
                root = etree.fromstring(data)
                disguise(root)
                data = etree.tostring(root)
            target.writestr(name, data)
    stream.seek(0)
    return stream


@pytest.mark.parametrize("name", DISGUISES)
def test_a_disguise_changes_nothing(compare: ModuleType, name: str) -> None:
    for path in FILES:
        found = corpus_schema.as_corpus(importing.read(disguised(path, DISGUISES[name])))
        assert faults(compare, path, found) == {}


def test_foreign_word_files_are_read_without_a_fall() -> None:
    folder = REFERENCE / "formats" / "docx"
    if not folder.is_dir():
        missing("the Word files of other programs (../shared/reference/formats/docx)")
    for path in sorted(folder.glob("*.docx")):
        with path.open("rb") as stream:
            assert importing.read(stream).problems is not None


def test_foreign_formulas_can_be_shown() -> None:
    from item_bank.importing.omml import M, latex

    pairs = REFERENCE / "formats" / "omml_texmath" / "pairs.jsonl"
    if not pairs.is_file():
        missing("the formulas of other programs (../shared/reference/formats/omml_texmath)")
    shown = total = 0
    for row in map(json.loads, pairs.read_text("utf-8").splitlines()):
        xml = re.sub(r"<\?xml[^>]*\?>", "", row.get("omml_in") or row["omml_out"])
        names = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in (("m", M[1:-1]), ("w", W[1:-1]), ("r", "r")))
        for formula in etree.fromstring(f"<all {names}>{xml}</all>").iter(M + "oMath"):
            text = latex(formula)
            total += 1
            shown += not text or richtext.mathml_of(text) is not None
    assert total > 200
    assert shown / total > 0.97
