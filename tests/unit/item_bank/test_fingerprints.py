"""When two items count as the same, and how alike the others are."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from item_bank.fingerprints import PLACES, fingerprint, likeness, sketch


def choice(stem: str, *options: str) -> dict:  # type: ignore[type-arg]
    return {"stem": stem, "options": [{"id": i, "content": c} for i, c in zip("ABCDEFGH", options, strict=False)]}


def test_spacing_case_tone_placement_and_order_of_options_do_not_matter() -> None:
    one = choice("Hoà tan <b>m</b> gam \\( x + 1 \\)", "5", "6")
    two = choice("<p>Hòa  tan m gam \\(x+1\\)</p>", "6", "5")
    assert fingerprint(one) == fingerprint(two)


def test_numbers_accents_options_passages_and_pictures_do() -> None:
    base = choice("Tính 2 + 3", "5", "6")
    picture = f'<img src="blob:{"a" * 64}">'
    others = [
        choice("Tính 2 + 4", "5", "6"),
        choice("Tinh 2 + 3", "5", "6"),
        choice("Tính 2 + 3", "5", "7"),
        choice("Tính 2 + 3" + picture, "5", "6"),
        choice("Tính 2 + 3" + picture.replace("a" * 64, "b" * 64), "5", "6"),
    ]
    assert len({fingerprint(item) for item in [base, *others]} | {fingerprint(base, "Đoạn văn")}) == 7


def test_short_texts_have_no_sketch() -> None:
    assert sketch(choice("(11) ____", "a", "b", "c", "d")) is None


def test_likeness_estimates_the_share_of_common_runs() -> None:
    words = [f"tu{n}" for n in range(200)]
    one, other = {"stem": " ".join(words)}, {"stem": " ".join(words[:150] + [f"khac{n}" for n in range(50)])}
    first, second = sketch(one), sketch(other)
    assert first is not None
    assert second is not None
    runs = 148 / (198 + 198 - 148)
    assert abs(likeness(first, [second])[0] - runs) < 4 * np.sqrt(runs * (1 - runs) / PLACES)
    assert likeness(first, [first])[0] == 1.0


@given(st.text(max_size=200))
def test_any_text_has_a_fingerprint_and_the_same_one_again(text: str) -> None:
    item = {"stem": text, "options": []}
    assert fingerprint(item) == fingerprint(dict(item))
