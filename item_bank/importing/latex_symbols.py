"""Characters of formulas and what LaTeX calls them."""

from __future__ import annotations

import re
import unicodedata

FUNCTIONS = frozenset(
    "sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth log ln lg exp lim max min sup inf limsup "
    "liminf det gcd dim ker deg arg".split()
)

NARY = {
    "∫": "\\int", "∬": "\\iint", "∭": "\\iiint", "∮": "\\oint", "∑": "\\sum", "∏": "\\prod", "∐": "\\coprod",
    "⋃": "\\bigcup", "⋂": "\\bigcap", "⋁": "\\bigvee", "⋀": "\\bigwedge", "⨁": "\\bigoplus", "⨂": "\\bigotimes",
}  # fmt: skip

# combining or spacing sign -> (over one letter, over several)
ACCENTS = {
    "\u0302": ("hat", "widehat"), "^": ("hat", "widehat"), "\u0303": ("tilde", "widetilde"),
    "~": ("tilde", "widetilde"), "\u0304": ("bar", "overline"), "\u0305": ("overline", "overline"),
    "¯": ("bar", "overline"), "‾": ("bar", "overline"), "\u0307": ("dot", "dot"), "\u0308": ("ddot", "ddot"),
    "\u20db": ("dddot", "dddot"), "\u20d7": ("vec", "overrightarrow"), "→": ("vec", "overrightarrow"),
    "\u20d1": ("vec", "overrightarrow"), "\u20d6": ("overleftarrow", "overleftarrow"),
    "\u20e1": ("overleftrightarrow", "overleftrightarrow"), "\u0301": ("acute", "acute"),
    "\u0300": ("grave", "grave"), "\u0306": ("breve", "breve"), "\u030c": ("check", "check"),
    "⏜": ("frown", "frown"), "\u0311": ("frown", "frown"), "⌒": ("frown", "frown"), "\u0361": ("frown", "frown"),
}  # fmt: skip

_FENCES = {
    "{": "\\{", "}": "\\}", "⟨": "\\langle ", "⟩": "\\rangle ", "〈": "\\langle ", "〉": "\\rangle ",
    "⌊": "\\lfloor ", "⌋": "\\rfloor ", "⌈": "\\lceil ", "⌉": "\\rceil ", "‖": "\\|", "∥": "\\|", "∣": "|",
}  # fmt: skip

_WORDS = """
α alpha β beta γ gamma δ delta ε varepsilon ϵ epsilon ζ zeta η eta θ theta ϑ vartheta ι iota κ kappa λ lambda
μ mu µ mu ν nu ξ xi π pi ϖ varpi ρ rho ϱ varrho σ sigma ς varsigma τ tau υ upsilon φ varphi ϕ phi χ chi ψ psi
ω omega Γ Gamma Δ Delta ∆ Delta Θ Theta Λ Lambda Ξ Xi Π Pi Σ Sigma Υ Upsilon Φ Phi Ψ Psi Ω Omega ℓ ell ℏ hbar
ℑ Im ℜ Re ∂ partial ∇ nabla ∞ infty ∅ emptyset ∠ angle △ triangle □ square ◻ square
± pm ∓ mp × times ÷ div ⋅ cdot · cdot ∙ cdot • bullet ∘ circ ⊕ oplus ⊗ otimes ⊙ odot ∪ cup ∩ cap ∖ setminus
∧ wedge ∨ vee ¬ neg ∀ forall ∃ exists ∄ nexists ∴ therefore ∵ because
≤ le ≥ ge ⩽ le ⩾ ge ≠ ne ≈ approx ≡ equiv ∼ sim ≃ simeq ≅ cong ∝ propto ≪ ll ≫ gg ≺ prec ≻ succ
∈ in ∉ notin ∋ ni ⊂ subset ⊃ supset ⊆ subseteq ⊇ supseteq ⊄ not\\subset ⊥ perp ∥ parallel ∦ nparallel
→ rightarrow ← leftarrow ↔ leftrightarrow ⇒ Rightarrow ⇐ Leftarrow ⇔ Leftrightarrow ↑ uparrow ↓ downarrow
↦ mapsto ⟶ longrightarrow ⟵ longleftarrow ⟹ Rightarrow ⟺ Leftrightarrow ⇌ rightleftharpoons ⇄ rightleftarrows
↗ nearrow ↘ searrow ⟨ langle ⟩ rangle ⌊ lfloor ⌋ rfloor ⌈ lceil ⌉ rceil … ldots ⋯ cdots ⋮ vdots ⋱ ddots
∫ int ∬ iint ∭ iiint ∮ oint ∑ sum ∏ prod ⋃ bigcup ⋂ bigcap √ surd
"""
_COMMANDS = {
    sign: f"\\{word} " for sign, word in zip(_WORDS.split()[::2], _WORDS.split()[1::2], strict=True)
} | {
    "ℝ": "\\mathbb{R}", "ℕ": "\\mathbb{N}", "ℤ": "\\mathbb{Z}", "ℚ": "\\mathbb{Q}", "ℂ": "\\mathbb{C}",
    "ℙ": "\\mathbb{P}", "°": "^{\\circ}", "º": "^{\\circ}", "′": "'", "″": "''", "‴": "'''", "’": "'",
    "−": "-", "–": "-", "‐": "-", "‑": "-", "∗": "*", "∣": "|", "‖": "\\|", "∶": ":", "∕": "/", "⁄": "/",
    "#": "\\#", "%": "\\%", "&": "\\&", "_": "\\_", "{": "\\{", "}": "\\}", "$": "\\$", "\\": "\\setminus ",
    "~": "\\sim ", "^": "\\hat{ }", "\u00a0": " ", "\u2009": "\\,", "\u2003": "\\quad ", "\u2061": "", "\u2062": "",
    "\u2063": "", "\u200b": "", "½": "\\frac{1}{2}", "¼": "\\frac{1}{4}", "¾": "\\frac{3}{4}",
}  # fmt: skip
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "0123456789+-n", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋ₙ", "0123456789+-n", strict=True))
_PIECES = re.compile(
    r"(?P<raised>[" + "".join(_RAISED) + r"]+)|(?P<lowered>[" + "".join(_LOWERED) + r"]+)"
    r"|(?P<words>[A-Za-zÀ-ÖØ-öø-ɏḀ-ỹ]+(?: [A-Za-zÀ-ÖØ-öø-ɏḀ-ỹ]+)*)|(?P<sign>.)",
    re.S,
)
_NON_ASCII_LETTER = re.compile(r"[À-ÖØ-öø-ɏḀ-ỹ]")
_FUNCTION = re.compile(rf"(?<![A-Za-z])(?:{'|'.join(sorted(FUNCTIONS, key=len, reverse=True))})(?![A-Za-z])")


def escaped(text: str) -> str:
    """LaTeX of a run's characters: symbols by name, function names as functions, Vietnamese words as text."""
    pieces = []
    for match in _PIECES.finditer(text):
        if match["raised"]:
            pieces.append("^{" + "".join(_RAISED[c] for c in match["raised"]) + "}")
        elif match["lowered"]:
            pieces.append("_{" + "".join(_LOWERED[c] for c in match["lowered"]) + "}")
        elif match["words"]:
            words = match["words"]
            is_text = _NON_ASCII_LETTER.search(words)
            pieces.append(f"\\text{{{words}}}" if is_text else _FUNCTION.sub(r"\\\g<0> ", words))
        else:
            pieces.append(_COMMANDS.get(match["sign"]) or _letter(match["sign"]))
    return spaced("".join(pieces))


def spaced(text: str) -> str:
    """With the spaces around words kept: LaTeX drops them in mathematics."""
    text = re.sub(r" +(?=\\text\{)", r"\\;", text)
    return re.sub(r"(\\text\{[^{}]*\}) +", r"\1\\;", text)


def _letter(sign: str) -> str:
    """A character that has no name; the styled alphabets of mathematics become letters in their style."""
    if not "\U0001d400" <= sign <= "\U0001d7ff":
        return sign
    letter = unicodedata.normalize("NFKC", sign)
    name = unicodedata.name(sign, "")
    for word, command in (("DOUBLE-STRUCK", "mathbb"), ("SCRIPT", "mathcal"), ("FRAKTUR", "mathfrak")):
        if word in name:
            return f"\\{command}{{{letter}}}"
    if "BOLD" in name and letter.isascii():
        return f"\\mathbf{{{letter}}}"
    return _COMMANDS.get(letter, letter)


def fence(sign: str) -> str:
    """LaTeX of a bracket."""
    return _FENCES.get(sign) or escaped(sign)


def braces(base: str) -> str:
    """The base of a script, in braces unless it is one thing."""
    if re.fullmatch(r"[^\\{}]?|\\[A-Za-z]+|\\[A-Za-z]+\{[^{}]*\}|\([^()]*\)|\[[^\[\]]*\]|\|[^|]*\||[A-Za-z0-9]+", base):
        return base
    if base.startswith("\\left") and base.count("\\left") == 1 and re.search(r"\\right.{1,8}$", base):
        return base
    return f"{{{base}}}"
