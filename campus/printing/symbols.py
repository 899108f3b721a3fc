"""LaTeX commands that are one sign: each is written into typst as the Unicode character itself.

Characters rather than typst's symbol names: they mean the same in every version of typst.
"""

from __future__ import annotations

_GREEK = """
alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ
lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ
varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ
Omega Ω
"""

_RELATIONS = """
le ≤ leq ≤ leqslant ⩽ ge ≥ geq ≥ geqslant ⩾ ne ≠ neq ≠ equiv ≡ approx ≈ sim ∼ simeq ≃ cong ≅ propto ∝ ll
≪ gg ≫ in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ subsetneq ⊊ supset ⊃ supseteq ⊇ nsubset ⊄ nsubseteq ⊈
parallel ∥ nparallel ∦ perp ⊥ mid ∣ nmid ∤ vdots ⋮ models ⊨ asymp ≍ doteq ≐ prec ≺ succ ≻ triangleq ≜
coloneqq ≔ lt < gt >
"""

_ARROWS = """
to → rightarrow → longrightarrow ⟶ leftarrow ← gets ← longleftarrow ⟵ leftrightarrow ↔
longleftrightarrow ⟷ Rightarrow ⇒ implies ⟹ Longrightarrow ⟹ Leftarrow ⇐ Leftrightarrow ⇔ iff ⟺
Longleftrightarrow ⟺ mapsto ↦ uparrow ↑ downarrow ↓ updownarrow ↕ nearrow ↗ searrow ↘ swarrow ↙ nwarrow
↖ rightleftharpoons ⇌ leftrightharpoons ⇋ hookrightarrow ↪
"""

_OPERATORS = """
pm ± mp ∓ times × div ÷ cdot ⋅ ast ∗ star ⋆ circ ∘ bullet • cap ∩ cup ∪ setminus ∖ backslash ∖ wedge ∧
land ∧ vee ∨ lor ∨ oplus ⊕ ominus ⊖ otimes ⊗ odot ⊙ neg ¬ lnot ¬ sum ∑ prod ∏ coprod ∐ int ∫ iint ∬
iiint ∭ oint ∮ bigcap ⋂ bigcup ⋃ bigoplus ⨁ bigotimes ⨂
"""

_OTHERS = """
infty ∞ partial ∂ nabla ∇ forall ∀ exists ∃ nexists ∄ emptyset ∅ varnothing ∅ angle ∠ measuredangle ∡
triangle △ square □ Box □ blacksquare ■ diamond ⋄ degree ° prime ′ ell ℓ hbar ℏ Re ℜ Im ℑ aleph ℵ dots …
ldots … cdots ⋯ ddots ⋱ dotsc … dotsb ⋯ therefore ∴ because ∵ checkmark ✓ clubsuit ♣ diamondsuit ♢
heartsuit ♡ spadesuit ♠ imath ı jmath ȷ langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ lvert |
rvert | vert | lVert ‖ rVert ‖ Vert ‖ lbrace { rbrace } lbrack [ rbrack ] square □ frown ⌢ smile ⌣
copyright © S § P ¶ mho ℧ wp ℘ complement ∁ smallsetminus ∖ lbrace {
"""


def _words(table: str) -> frozenset[str]:
    return frozenset(table.split())


def _pairs(table: str) -> dict[str, str]:
    words = table.split()
    return dict(zip(words[::2], words[1::2], strict=True))


#: LaTeX command (without backslash) to the one character it is.
SIGNS: dict[str, str] = {
    **_pairs(_GREEK),
    **_pairs(_RELATIONS),
    **_pairs(_ARROWS),
    **_pairs(_OPERATORS),
    **_pairs(_OTHERS),
}

#: Signs after ``\not``.
NEGATED = _pairs("= ≠ ∈ ∉ ⊂ ⊄ ⊆ ⊈ ≡ ≢ ∥ ∦ < ≮ > ≯ ≤ ≰ ≥ ≱ ∼ ≁")

#: Named functions, set upright.
FUNCTIONS = _words("""
sin cos tan cot sec csc tg cotg arcsin arccos arctan arccot sinh cosh tanh coth log ln lg exp det dim
ker gcd lcm deg arg hom Pr
""")
#: Named functions that take their index below in display formulas.
LIMIT_FUNCTIONS = _words("""
lim max min sup inf liminf limsup
""")

#: Commands of one argument that are one typst function of one argument.
WRAPPERS = _pairs("""
overline overline bar overline underline underline hat hat widehat hat tilde tilde widetilde tilde vec
arrow overrightarrow arrow overleftarrow arrow.l dot dot ddot dot.double acute acute grave grave breve
breve check caron wideparen overparen overparen overparen overarc overparen mathbb bb mathcal cal
mathscr scr mathfrak frak mathsf sans mathtt mono mathit italic mathrm upright rm upright boldsymbol
bold bm bold cancel cancel displaylimits limits phantom hide mathop limits
""")

#: Commands that only change size or place, which typst decides itself; they leave nothing behind.
SILENT = _words("""
big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr bigm Bigm limits nolimits textstyle scriptstyle
normalsize small large nonumber notag hline noindent centering relax hfill allowbreak mathstrut strut
protect displaystyle
""")
#: Commands whose one argument says a length, colour or name, and is dropped with them.
DROPPED_ARGUMENT = _words("""
hspace vspace color label tag hphantom vphantom raisebox cline
""")

SPACES = {",": "thin", ":": "med", ">": "med", ";": "thick", " ": "space", "quad": "quad", "qquad": "wide",
          "enspace": "thick", "thinspace": "thin", "!": ""}  # fmt: skip

#: Environments that are a matrix between delimiters.
MATRICES = {
    "matrix": ("", ""), "smallmatrix": ("", ""), "pmatrix": ("(", ")"), "bmatrix": ("[", "]"), "Bmatrix": ("{", "}"),
    "vmatrix": ("|", "|"), "Vmatrix": ("‖", "‖"),
}  # fmt: skip
#: Environments that stand one line under another, aligned at the left.
STACKS = _words("""
array aligned align align* gathered gather gather* split alignedat eqnarray eqnarray* cases dcases
rcases
""")
