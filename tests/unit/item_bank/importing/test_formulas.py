"""Word's formulas and typed LaTeX."""

from __future__ import annotations

import pytest
from lxml import etree

from item_bank.importing.blocks import ATOM, Formula, line_of
from item_bank.importing.omml import TooDeep, latex
from item_bank.importing.typed_latex import with_formulas

M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


def r(text: str, properties: str = "") -> str:
    return f"<m:r><m:rPr>{properties}</m:rPr><m:t>{text}</m:t></m:r>"


def e(*inner: str, tag: str = "e") -> str:
    return f"<m:{tag}>{''.join(inner)}</m:{tag}>"


def of(name: str, properties: str = "", **parts: str) -> str:
    inner = "".join(f"<m:{tag}>{content}</m:{tag}>" for tag, content in parts.items())
    return f"<m:{name}><m:{name}Pr>{properties}</m:{name}Pr>{inner}</m:{name}>"


def val(name: str, value: str) -> str:
    return f'<m:{name} m:val="{value}"/>'


STACK = f"<m:eqArr>{e(r('x&amp;=1'))}{e(r('y=2'))}</m:eqArr>"
GRID = f"<m:m><m:mr>{e(r('1'))}{e(r('2'))}</m:mr><m:mr>{e(r('3'))}{e(r('4'))}</m:mr></m:m>"
FRACTION = of("f", num=r("a"), den=r("b"))
CASES = [
    (r("y=−3x+2"), "y=-3x+2"),
    (FRACTION, r"\frac{a}{b}"),
    (of("f", val("type", "lin"), num=r("a+b"), den=r("2")), "(a+b)/2"),
    (of("d", e=of("f", val("type", "noBar"), num=r("n"), den=r("k"))), r"\binom{n}{k}"),
    (of("rad", val("degHide", "1"), deg="", e=r("2")), r"\sqrt{2}"),
    (of("rad", deg=r("3"), e=r("x")), r"\sqrt[3]{x}"),
    (of("sSup", e=r("10"), sup=r("−3")), "10^{-3}"),
    (of("sSup", e=FRACTION, sup=r("2")), r"{\frac{a}{b}}^{2}"),
    (of("sSup", e=of("d", e=r("x−1")), sup=r("2")), "(x-1)^{2}"),
    (of("sSup", e=r("f"), sup=r("′")), "f'"),
    (of("sSub", e=r("u"), sub=r("n")), "u_{n}"),
    (of("sSubSup", e=r("E"), sub=r("Zn", "<m:nor/>"), sup=r("0")), r"E_{\text{Zn}}^{0}"),
    (of("sPre", sub=r("92"), sup=r("238"), e=r("U", "<m:nor/>")), r"{}_{92}^{238}\text{U}"),
    (of("nary", sub=r("0"), sup=r("1"), e=r("xdx")), r"\int_{0}^{1}xdx"),
    (of("nary", val("chr", "∑"), sub=r("k=1"), sup=r("n"), e=r("k")), r"\sum_{k=1}^{n}k"),
    (of("nary", val("subHide", "1") + val("supHide", "1"), sub="", sup="", e=r("f")), r"\int f"),
    (of("d", e=r("0;2")), "(0;2)"),
    (of("d", val("begChr", "[") + val("endChr", ")"), e=r("2;+∞")), r"[2;+\infty)"),
    (of("d", e=FRACTION), r"\left(\frac{a}{b}\right)"),
    (of("d", val("begChr", "|") + val("endChr", "|"), e=r("x")), "|x|"),
    (of("d", val("begChr", "{") + val("endChr", ""), e=STACK), r"\begin{cases}x=1 \\ y=2\end{cases}"),
    (of("d", val("begChr", "{") + val("endChr", ""), e=r("") + STACK), r"\begin{cases}x=1 \\ y=2\end{cases}"),
    (of("d", val("begChr", "[") + val("endChr", ""), e=STACK), r"\left[\begin{array}{l}x=1 \\ y=2\end{array}\right."),
    (of("d", e=GRID), r"\begin{pmatrix}1 & 2 \\ 3 & 4\end{pmatrix}"),
    (of("d", val("begChr", "|") + val("endChr", "|"), e=GRID), r"\begin{vmatrix}1 & 2 \\ 3 & 4\end{vmatrix}"),
    (GRID, r"\begin{matrix}1 & 2 \\ 3 & 4\end{matrix}"),
    (of("func", fName=r("sin", val("sty", "p")), e=r("x")), r"\sin x"),
    (of("func", fName=r("sgn", val("sty", "p")), e=r("x")), r"\operatorname{sgn} x"),
    (of("func", fName=of("sSub", e=r("log"), sub=r("2")), e=r("x")), r"\log_{2} x"),
    (of("func", fName=of("limLow", e=r("lim"), lim=r("x→1")), e=r("f")), r"\lim_{x\rightarrow 1} f"),
    (r("sin") + r("x") + r("+") + r("ln2"), r"\sin x+\ln 2"),
    (of("acc", val("chr", "\u20d7"), e=r("a")), r"\vec{a}"),
    (of("acc", val("chr", "\u20d7"), e=r("AB")), r"\overrightarrow{AB}"),
    (of("acc", e=r("ABC")), r"\widehat{ABC}"),
    (of("bar", val("pos", "top"), e=r("z")), r"\overline{z}"),
    (of("groupChr", val("chr", "→") + val("pos", "top"), e=r("AB")), r"\overrightarrow{AB}"),
    (of("groupChr", val("chr", "→"), e=r("t°")), r"\xrightarrow{t^{\circ}}"),
    (of("limUpp", e=r("AB"), lim=r("→")), r"\overrightarrow{AB}"),
    (of("limUpp", e=r("→"), lim=r("t°")), r"\xrightarrow{t^{\circ}}"),
    (of("borderBox", e=r("x")), r"\boxed{x}"),
    (of("box", e=r("x")), "x"),
    (of("phant", val("show", "0"), e=r("x")), r"\phantom{x}"),
    (r("R", val("scr", "double-struck")), r"\mathbb{R}"),
    (r("ℝ∖{−1}"), r"\mathbb{R}\setminus \{-1\}"),
    (r("x", val("sty", "b")), r"\mathbf{x}"),
    (r("32") + r(" cm", "<m:nor/>"), r"32\;\text{cm}"),
    (r("x=1 khi và chỉ khi y"), r"x=1\;\text{khi và chỉ khi y}"),
    (r("x²+y₁≤½"), r"x^{2}+y_{1}\le \frac{1}{2}"),
    (r("ΔABC"), r"\Delta ABC"),
    (r("50%"), r"50\%"),
    (r("x &lt; y"), "x < y"),
]


@pytest.mark.parametrize(("omml", "expected"), CASES, ids=[case[1] for case in CASES])
def test_omml_as_latex(omml: str, expected: str) -> None:
    assert latex(etree.fromstring(f"<m:oMath {M}>{omml}</m:oMath>")) == expected


def test_a_formula_without_a_floor_is_refused() -> None:
    deep = "<m:box><m:e>" * 90 + r("x") + "</m:e></m:box>" * 90
    with pytest.raises(TooDeep):
        latex(etree.fromstring(f"<m:oMath {M}>{deep}</m:oMath>", etree.XMLParser(huge_tree=True)))


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("Cho $x^2$ và $n$.", ["x^2", "n"]),
        ("Giá $20 và $30", []),
        ("vé 15$, hai vé 30$ và ba vé $45", []),
        ("5$-6$", []),
        ("Price is $5 a kilo and $10 for two; 10$ or 20$.", []),
        ("từ 100$ đến 200$, hàm $f(x)=x$ và 300$", ["f(x)=x"]),
        (r"$\text{với mọi } x$ và $ x+1 $", [r"\text{với mọi } x", "x+1"]),
        (r"$\alpha$, $α$, $ABC$", [r"\alpha", "α", "ABC"]),
        (r"giá 5\$ và \$6", []),
        (r"$$x^2$$ \(y\) \[z\]", ["x^2", "y", "z"]),
        ("A. 5$\tB. $x$", ["x"]),
        (r"$\begin{cases} x=1 \\ y=2 \end{cases}$", [r"\begin{cases} x=1 \\ y=2 \end{cases}"]),
        ("$", []),
        ("$$", []),
    ],
)
def test_typed_latex_is_told_from_money(text: str, formulas: list[str]) -> None:
    line = with_formulas(line_of(text))
    assert [atom.latex for atom in line.atoms.values() if isinstance(atom, Formula)] == formulas
    assert line.text.count(ATOM) == len(formulas)
    assert "\\$" not in line.text
