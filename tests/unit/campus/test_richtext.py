"""Nothing harmful survives; formulas become MathML; what is stored is a fixed point."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campus import richtext

DIGEST = "a" * 64
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<img src="http://elsewhere/x.png">',
    '<a href="javascript:alert(1)">x</a>',
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><img src=x onerror=alert(1)></mtext></math>",
    '<p style="position:fixed" onclick="x()">a</p>',
    "<iframe src=//x></iframe>",
    '<span class="center evil">a</span>',
    "<table><td><form><input name=x></form></td></table>",
    r"\( \text{<img src=x onerror=alert(1)>} \)",
    r"\( \href{javascript:alert(1)}{x} \)",
    "<!--<img src=--><img src=x onerror=alert(1)//>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
]
DANGER = re.compile(r"<script|onerror|onclick|javascript:|style=|http:|<iframe|<form|<svg|evil", re.IGNORECASE)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_harmful_survives(text: str) -> None:
    stored = richtext.clean(text)
    shown = richtext.render(stored, lambda digest: f"/pictures/{digest}")
    markup = "".join(re.findall(r"<[^>]*>", shown))
    assert not DANGER.search(markup), shown


@given(st.text(alphabet=st.sampled_from("<>&\"'/=ab \\()[]$imgscriptonerror!-\x00ếđ\n")))
def test_stored_text_is_a_fixed_point(text: str) -> None:
    stored = richtext.clean(text)
    assert richtext.clean(stored) == stored


@pytest.mark.parametrize(
    ("latex", "part"),
    [
        (r"\frac{a}{b}", "<mfrac>"),
        (r"\sqrt[3]{x}", "<mroot>"),
        ("2,5", "<mn>2,5</mn>"),
        ("12,25x", "<mn>12,25</mn>"),
        (r"\int_{1}^{2} x\,dx", "<msubsup>"),
        (r"\overrightarrow{AB}", "→"),
        (r"\mathbb{R}\backslash\{1\}", "ℝ"),
        (r"\begin{cases}x=1\\y=2\end{cases}", "<mtable>"),
        ("a<b", "&lt;"),
    ],
)
def test_teachers_formulas_become_mathml(latex: str, part: str) -> None:
    mathml = richtext.mathml_of(latex)
    assert mathml is not None
    assert part in mathml
    assert "\\" not in mathml


@pytest.mark.parametrize("latex", [r"\unknowncommand{x}", r"\frac{a}{", r"\href{x}{y}"])
def test_a_formula_that_cannot_be_shown_is_named(latex: str) -> None:
    source = richtext.clean(rf"<p>Tính \( {latex} \)</p>")
    assert richtext.problems(source) == [latex]
    assert "formula-source" in richtext.render(source, str)


def test_pictures_are_served_by_digest() -> None:
    source = richtext.clean(f'<img src="blob:{DIGEST}" alt="Đồ thị" width="300">')
    assert richtext.pictures(source) == [DIGEST]
    assert f'src="/pictures/{DIGEST}"' in richtext.render(source, lambda digest: f"/pictures/{digest}")


def test_plain_text_keeps_formulas_and_scripts() -> None:
    source = richtext.clean(r"<p>Chất H<sub>2</sub>SO<sub>4</sub> &amp; \( x^2 \)</p><p>Hết</p>")
    assert richtext.plain(source) == "Chất H_{2}SO_{4} & $x^2$ Hết"


def test_decomposed_letters_are_composed() -> None:
    assert richtext.clean("hòa") == "hòa"


def test_a_sign_stands_close_to_its_number_but_not_in_a_sum():
    shown = richtext.mathml_of(r"(-\infty;-1)")
    assert shown is not None
    assert shown.count('<mo form="prefix">−</mo>') == 2
    assert "<mi>∞</mi><mo>;</mo>" in shown
    assert 'form="prefix"' in str(richtext.mathml_of(r"x \le -2"))
    assert 'form="prefix"' not in str(richtext.mathml_of("a-b"))
