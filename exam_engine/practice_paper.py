"""The practice paper: a few easy questions of every type, so that nobody meets the sheet for the first time in an exam.

Built into the product, in the reader's language, without keys; nothing of it is stored.
"""

from __future__ import annotations

from typing import Any

from campus.i18n import N_, translate
from exam_engine.assembling import render

LIMIT_SECONDS = 20 * 60

_CHOICES = (
    (
        N_("This is a practice sheet. Which key sends you to the next question from the keyboard?"),
        (N_("Alt + Shift + N"), N_("Enter"), N_("The space bar"), N_("The letter N")),
    ),
    (
        r"\( \displaystyle\int_0^1 x^2\,\mathrm{d}x = ? \)",
        (r"\( \dfrac{1}{3} \)", r"\( \dfrac{1}{2} \)", r"\( 1 \)", r"\( 2 \)"),
    ),
    (
        N_("According to the passage, where are your answers while the network is away?"),
        (
            N_("On this machine, until the network is back"),
            N_("They are lost"),
            N_("On paper"),
            N_("At another candidate's machine"),
        ),
    ),
)
_PASSAGE = N_(
    "<p>Every answer is written down on this machine the moment you give it and then sent to the server. "
    "If the network is away, go on as usual: the sheet stays whole, and the answers travel by themselves "
    "when the network is back.</p><p>The line at the top always says how things stand: saved, saving, or "
    "kept on this machine.</p>"
)
_GROUP = (
    N_(r"Let \( f(x) = x^2 - 4x + 3 \). Mark each statement true or false."),
    (
        r"\( f(1) = 0 \).",
        N_(r"The graph is a parabola that opens downwards."),
        N_(r"The least value of \( f \) is \( -1 \)."),
        r"\( f'(x) = 2x - 4 \).",
    ),
)
_SHORT = (
    (N_(r"Work out \( 5 : 2 \) and type the result. A comma or a point will do."), "thpt"),
    (N_("What is the capital of Việt Nam?"), "text"),
)
_ESSAY = (N_("In a few sentences: what will you do on the evening before the exam?"), 60)


def practice_paper() -> dict[str, Any]:
    """The paper as a candidate receives one, in the current language."""
    choices = [_choice(number, *choice) for number, choice in enumerate(_CHOICES, 1)]
    choices[2]["passage"] = "network"
    group = {
        "type": "true_false_group",
        "stem": _shown(_GROUP[0]),
        "statements": [{"content": _shown(statement)} for statement in _GROUP[1]],
    }
    shorts = [{"type": "short_answer", "stem": _shown(stem), "format": form} for stem, form in _SHORT]
    essay = {"type": "essay", "stem": _shown(_ESSAY[0]), "max_words": _ESSAY[1]}
    sections = [
        (N_("Part I. Multiple choice"), N_("Choose one option."), choices),
        (N_("Part II. True or false"), N_("Mark true or false for each statement."), [group]),
        (N_("Part III. Short answers"), N_("Type the answer into the box."), shorts),
        (N_("Part IV. Essay"), N_("Write in whole sentences."), [essay]),
    ]
    position = 0
    for _title, _instruction, items in sections:
        for item in items:
            position += 1
            item["position"] = position
    return {
        "title": translate(N_("Practice sheet")),
        "subject": "",
        "form_code": "",
        "limit_seconds": LIMIT_SECONDS,
        "sections": [
            {"title": translate(title), "instruction": translate(instruction), "items": items}
            for title, instruction, items in sections
        ],
        "passages": {"network": _shown(_PASSAGE)},
    }


def _choice(number: int, stem: str, options: tuple[str, ...]) -> dict[str, Any]:
    return {
        "type": "single_choice",
        "stem": _shown(stem),
        "options": [
            {"id": f"practice-{number}-{place}", "content": _shown(text)} for place, text in enumerate(options)
        ],
    }


def _shown(source: str) -> str:
    """The text in the current language, as safe HTML. A bare formula is the same in every language."""
    return render(translate(source))
