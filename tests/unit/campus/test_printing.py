"""Formulas, rich text and PDFs: what a person typed is printed as typed and never read as typst code."""

from __future__ import annotations

import io
import json
import re
import subprocess
from pathlib import Path

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from campus.people.prints import ActivationSlip, print_activation_slips
from campus.printing import RichText, no_pictures, qr_code, typeset
from campus.printing.chemistry import chemistry
from campus.printing.latex import typst_math
from campus.printing.richtext import drawing_of
from campus.printing.symbols import SIGNS

HOSTILE = '#import "x" $ @label \\ *b* _i_ `r` <l> // /* [ ] { } = - + ~ "'
TEMPLATE = '#import "richtext.typ": rich\n#rich(json("data.json").nodes)'


def pdf_text(pdf: bytes) -> str:
    """The words of a PDF in reading order, on one line."""
    found = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(found.stdout.decode().split())


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "page.typ"
    path.write_text(TEMPLATE)
    return path


def compiles(*formulas: str) -> None:
    source = '#for f in json("f.json") { math.equation(eval(f, mode: "math")); parbreak() }'
    world = {"main.typ": source.encode(), "f.json": json.dumps(formulas).encode()}
    typst.compile(world, ignore_system_fonts=True, format="pdf")


def picture(kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(stream, kind)
    return stream.getvalue()


# --- formulas -----------------------------------------------------------------------------------------------

UNDERSTOOD = {
    r"\frac{-b\pm\sqrt{b^2-4ac}}{2a}": "frac(− b ± sqrt(attach(b, t: 2) − 4 a c), 2 a)",
    r"\sqrt[3]{x}": "root(3, x)",
    r"x^23": "attach(x, t: 2) 3",
    r"\int_0^1 x\,dx": "attach(∫, t: 1, b: 0) x thin d x",
    r"C_n^k": "attach(C, t: k, b: n)",
    r"f''(x)": r"attach(f, t: ″) \( x \)",
    r"2,5": r'2 class("normal", \,) 5',
    r"2{,}5": r'2 class("normal", \,) 5',
    r"(1, 2)": r"\( 1 \, 2 \)",
    r"\vec{a}\cdot\overrightarrow{AB}": "arrow(a) ⋅ arrow(A B)",
    r"\left\{\begin{array}{l}x=1\\y=2\end{array}\right.": (
        r"lr(\{ display(mat(delim: #none, align: #left, column-gap: #0.35em, x \= 1; y \= 2)))"
    ),
    r"\begin{cases}x\\y\end{cases}": "display(cases(x, y))",
    r"\begin{pmatrix}1&2\\3&4\end{pmatrix}": r"lr(\( display(mat(delim: #none, 1, 2; 3, 4)) \))",
    r"\left|x\right|": r"lr(\| x \|)",
    r"[1;2)": r"\[ 1 \; 2 \)",
    r"\mathbb{R}\setminus\{0\}": r"bb(R) ∖ \{ 0 \}",
    r"\lim_{x\to 0}": 'attach(op("lim", limits: #true), b: x → 0)',
    r"\widehat{ABC}=60^\circ": r"hat(A B C) \= attach(60, t: ∘)",
    r"\overset{\frown}{AB}": "overparen(A B)",
    r"a\not\in B\not= C": "a ∉ B ≠ C",
    r"\text{Nguyễn}": '#text(font: "Libertinus Serif", "Nguyễn")',
    r"\displaystyle\sum_{i=1}^n i": r"display(attach(∑, t: n, b: i \= 1) i)",
    r"\mathrm{^{14}_{6}C}": 'upright(attach("", t: 14, b: 6) C)',
}


@pytest.mark.parametrize("latex", UNDERSTOOD)
def test_formulas_in_typst_words(latex):
    formula = typst_math(latex)
    assert formula.typst == UNDERSTOOD[latex]
    assert formula.unknown == ()
    compiles(formula.typst)


def test_every_sign_compiles():
    compiles(*(typst_math(f"a\\{name} b_{{\\{name}}}").typst for name in SIGNS))
    assert not any(typst_math(f"\\{name}").unknown for name in SIGNS)


@pytest.mark.parametrize(
    ("formula", "typst_words"),
    [
        ("H2O", 'attach("H", b: "2")"O"'),
        ("SO4^2-", 'attach("SO", b: "4", t: "2" −)'),
        ("Fe^{3+}", 'attach("Fe", t: "3" \\+)'),
        ("Na+", 'attach("Na", t: \\+)'),
        ("2H2 + O2", '"2"attach("H", b: "2") \\+ attach("O", b: "2")'),
        ("Ca(OH)2", '"Ca"\\("OH"attach(\\), b: "2")'),
    ],
)
def test_chemistry(formula, typst_words):
    assert chemistry(formula) == typst_words
    compiles(typst_math(rf"\ce{{{formula}}}").typst)


def test_reactions_compile():
    compiles(*(typst_math(rf"\ce{{{reaction}}}").typst for reaction in (
        "2KMnO4 ->[t^o] K2MnO4 + MnO2 + O2 ^", "N2 + 3H2 <=> 2NH3", "CaCO3 v", "CH3-CH=CH2",
        "^{14}_{6}C", "", "->[", "^",
    )))  # fmt: skip


def test_an_unknown_command_is_printed_and_reported():
    formula = typst_math(r"\foo{x} + \bar{y} + \foo z")
    assert formula.unknown == (r"\foo",)
    assert r'"\\foo"' in formula.typst


def test_a_formula_as_deep_or_long_as_you_like_is_no_trouble():
    for hostile in ("{" * 500 + "x" + "}" * 500, r"\frac{" * 300, r"\left(" * 300, r"\sqrt" * 300, "x^" * 300,
                    r"\begin{cases}" * 300, "x" * 9000, "^_" * 200, "'" * 300):  # fmt: skip
        compiles(typst_math(hostile).typst)


BREAKING_OUT = [
    '"); #panic("out',
    '\\"); #panic("out',
    '\\\\"); #panic("out',
    '#panic("out")',
    '", #panic("out"), "',
    "$#panic(1)$",
]


@pytest.mark.parametrize("escape", BREAKING_OUT)
@pytest.mark.parametrize(
    "command", ["text", "textbf", "operatorname", "ce", "mathrm", "begin", "unknown", "substack", "left"]
)
def test_nothing_breaks_out_of_its_string(command, escape):
    formula = typst_math(rf"\{command}{{{escape}}}^{{{escape}}}").typst
    compiles(formula)
    # Outside of strings a # begins only what we wrote ourselves.
    outside = re.sub(r'"(?:[^"\\]|\\.)*"|\\.', "", formula)
    assert set(re.findall(r"#\w*", outside)) <= {"#text", "#true", "#none", "#left", "#0", "#250", "#200"}


LATEX_LIKE = st.lists(
    st.one_of(
        st.sampled_from(
            r"\frac \sqrt \left \right \begin{cases} \end{cases} \begin{array}{cc} \\ & { } ^ _ ( ) [ ] | \{ \} \text "
            r"\ce \overline \limits \sum \int # $ @ \ \\ % ~ ' , ; : ! \" / * \mathbb \substack \overset "
            r"\not \xrightarrow".split()
        ),
        st.text(max_size=3),
        st.integers(0, 999).map(str),
    ),
    max_size=14,
).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(LATEX_LIKE)
def test_whatever_is_typed_compiles(latex):
    compiles(typst_math(latex).typst)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_whatever_stands_in_text_compiles(text):
    compiles(typst_math(rf"\text{{{text}}}").typst, typst_math(rf"\ce{{{text}}}").typst)


# --- rich text ----------------------------------------------------------------------------------------------


def test_text_stays_text(template):
    rich = RichText(no_pictures)
    source = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    tree = rich.tree(f"<p>{source}</p>")
    assert tree == [{"t": "p", "c": [HOSTILE], "align": "", "strong": False, "indent": False}]
    words = pdf_text(typeset(template, {"nodes": tree}))
    assert '#import "x" $ @label \\ *b* _i_ `r` <l> // /*' in words


def test_formulas_within_text_and_their_problems():
    rich = RichText(no_pictures, place="Câu 7")
    tree = rich.tree(r"Cho \(x &lt; 1\) và \[\nope\].")
    assert [node if isinstance(node, str) else node["t"] for node in tree] == ["Cho ", "math", " và ", "math", "."]
    assert tree[1]["m"] == r"x \< 1"
    assert tree[3]["block"]
    assert [str(problem) for problem in rich.problems] == [
        r"Câu 7: the command \nope is not known in formulas; it is printed as it stands."
    ]


def test_a_first_paragraph_runs_in():
    rich = RichText(no_pictures)
    assert rich.tree("<p>Một</p><p>Hai</p>", run_in=True)[0] == "Một"
    assert rich.tree('<p class="center">Một</p>', run_in=True)[0]["align"] == "center"
    assert rich.tree("  ") == []


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_pictures_of_every_kind(template, kind):
    digest = "a" * 64
    rich = RichText({digest: picture(kind)}.get)
    tree = rich.tree(f'<p class="center"><img src="blob:{digest}" alt="hình" width="200"></p>')
    assert tree[0]["c"][0]["w"] == 200
    assert len(typeset(template, {"nodes": tree}, rich.files)) > 500
    assert rich.problems == []


def test_pictures_that_cannot_be_printed_leave_their_description(template):
    sources = {"b" * 64: b"not a picture", "c" * 64: picture()[:60], "d" * 64: b"<svg cut"}
    rich = RichText(sources.get)
    images = "".join(f'<img src="blob:{digest}" alt="Hình {digest[0]}">' for digest in [*sources, "e" * 64])
    tree = rich.tree(images)
    assert [node["t"] for node in tree] == ["nopic"] * 4
    assert len(rich.problems) == 4
    assert "Hình b" in pdf_text(typeset(template, {"nodes": tree}, rich.files))


def test_drawings():
    drawing = drawing_of(b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    assert drawing is not None
    assert drawing_of(b"<?xml version='1.0'?><html/>") is None
    assert drawing_of(qr_code("https://example.org")) is not None


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
        '<table><tr><td rowspan="9">a</td><td>b</td></tr><tr><td>c</td></tr></table>',
        '<table><tr><td colspan="99">a</td></tr><tr><td>b</td><td rowspan="2">c</td></tr>'
        '<tr><td colspan="5">d</td></tr></table>',
        '<table><tr><td>a</td><td rowspan="2">b</td></tr><tr><td colspan="3">c</td></tr></table>',
        "<table></table>",
        '<table><tr><td rowspan="0" colspan="0">a</td></tr></table>',
    ],
)
def test_tables_however_torn(template, table):
    assert typeset(template, {"nodes": RichText(no_pictures).tree(table)}).startswith(b"%PDF")


def test_everything_else_a_source_may_hold(template):
    source = (
        "<h3>Đề</h3><ul><li>một</li><li>hai</li></ul><ol start='3'><li>ba</li></ol><hr><blockquote>trích</blockquote>"
        "<p class='indent right'>H<sub>2</sub>O<br>10<sup>-3</sup> <u>gạch</u> <s>xoá</s> <code>x=1</code>"
        "<span class='blank'></span></p><pre>mã</pre><caption>chú</caption>"
    )
    words = pdf_text(typeset(template, {"nodes": RichText(no_pictures).tree(source)}))
    for word in ("Đề", "một", "trích", "gạch", "xoá", "x=1", "mã"):
        assert word in words


def test_a_formula_typst_refuses_costs_only_itself(template):
    nodes = ["Trước ", {"t": "math", "m": "frac(", "block": False, "tall": False, "latex": r"\frac{1}"}, " sau"]
    words = pdf_text(typeset(template, {"nodes": nodes}))
    assert words == r"Trước \frac{1} sau"


def test_a_wrong_template_is_our_fault_and_flies(tmp_path):
    path = tmp_path / "wrong.typ"
    path.write_text("#nothing-like-this")
    with pytest.raises(typst.TypstError):
        typeset(path, {})


# --- activation slips ---------------------------------------------------------------------------------------


def test_activation_slips():
    slips = [
        ActivationSlip("pupil", "Nguyễn Thị Hoà", "12.6", "K7M2P9QX3RST", "https://truong.example/kich-hoat", "hs0001"),
        ActivationSlip("parent", HOSTILE[:30], "12.6", "AAAABBBBCCCC", "https://truong.example/kich-hoat"),
    ]
    words = pdf_text(print_activation_slips("Trường THPT Thử", slips, locale="en").pdf)
    for expected in (
        "Nguyễn Thị Hoà",
        "K7M2 P9QX 3RST",
        "AAAA BBBB CCCC",
        "hs0001",
        "For the pupil",
        '#import "x" $ @label',
    ):
        assert expected in words
