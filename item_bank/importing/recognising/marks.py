"""Keys by formatting: what sets one option (or the true statements) apart from the others.

Not the presence of a format but its contrast is a mark: labels that are all bold say nothing, one that is underlined
does; letters underlined inside every option (pronunciation) say nothing, an option underlined from end to end does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from item_bank.importing.blocks import Format, Line
from item_bank.importing.markup import is_red
from item_bank.importing.recognising.options import Option, Row

_ENDING = ".,;: \t\n\u00a0"
STRONG = ("star", "underline", "colour", "highlight")
WEAK = ("bold", "tint")
ALL = (*STRONG, *WEAK)


@dataclass(frozen=True, slots=True)
class Marks:
    """Which options each kind of formatting sets apart, by their places; empty where there is no contrast.

    ``colour`` is red, the colour of keys; ``tint`` is one option in any other colour of its own.
    """

    star: tuple[int, ...] = ()
    underline: tuple[int, ...] = ()
    colour: tuple[int, ...] = ()
    highlight: tuple[int, ...] = ()
    bold: tuple[int, ...] = ()
    tint: tuple[int, ...] = ()
    everywhere: tuple[str, ...] = ()

    def by(self, name: str) -> tuple[int, ...]:
        """The options that formatting of this kind sets apart."""
        found: tuple[int, ...] = getattr(self, name)
        return found


def of(options: Sequence[Option]) -> Marks:
    """The marks of a question's options. ``everywhere``: formats that all of them have, in letter or text."""
    texts = [_text_formats(option) for option in options]
    labels = [[option.label] for option in options]
    everywhere = [
        name
        for name, has in (("underline", _underlined), ("colour", _red), ("highlight", _highlighted))
        if any(all(zone and all(map(has, zone)) for zone in zones) for zones in (labels, texts))
    ]
    return Marks(
        star=tuple(place for place, option in enumerate(options) if option.starred),
        underline=_contrast(labels, texts, _underlined),
        colour=_contrast(labels, texts, _red),
        highlight=_contrast(labels, texts, _highlighted),
        bold=_contrast(labels, texts, _bold),
        tint=_odd_colour(labels, texts),
        everywhere=tuple(everywhere),
    )


def dominant(all_marks: Sequence[Marks]) -> list[str]:
    """Kinds of formatting by how many questions they mark exactly one option of, the usual one first."""
    votes = Counter(name for marks in all_marks for name in ALL if len(marks.by(name)) == 1)
    return sorted(ALL, key=lambda name: (-votes[name], ALL.index(name)))


def unmarked(line: Line) -> Line:
    """A whole option's line without formats that run from end to end: they are marks or decoration."""
    shown = _visible(line)
    if not shown:
        return line
    changes = {name: False for name in ("bold", "italic", "underline") if all(getattr(f, name) for f in shown)}
    return line.reformatted(**changes) if changes else line


def _visible(line: Line) -> list[Format]:
    """Formats of the characters that tell; atoms only where there is no text, ending punctuation not at all."""
    end = len(line.plain.rstrip(_ENDING))
    places = [place for place in range(end) if not line.plain[place].isspace()]
    texts = [place for place in places if place not in line.atoms]
    return [line.formats[place] for place in texts or places]


def _text_formats(option: Option) -> list[Format]:
    rows = [piece.line for piece in option.rows if isinstance(piece, Row)]
    texts = [shape for row in rows for shape in _visible(row) if not _only_atoms(row)]
    return texts or [shape for row in rows for shape in _visible(row)]


def _only_atoms(line: Line) -> bool:
    return all(place in line.atoms or line.plain[place].isspace() for place in range(len(line)))


def _underlined(shape: Format) -> bool:
    return shape.underline


def _bold(shape: Format) -> bool:
    return shape.bold


def _highlighted(shape: Format) -> bool:
    return shape.highlight is not None


def _red(shape: Format) -> bool:
    return is_red(shape.colour)


def _contrast(
    labels: Sequence[Sequence[Format]], texts: Sequence[Sequence[Format]], has: Callable[[Format], bool]
) -> tuple[int, ...]:
    """Options whose letter, or whose whole text, has a format that other options' lack."""
    found: set[int] = set()
    for zones in (labels, texts):
        having = {place for place, zone in enumerate(zones) if zone and all(map(has, zone))}
        if 0 < len(having) < len(zones):
            found |= having
    return tuple(sorted(found)) if len(found) < len(labels) else ()


def _odd_colour(labels: Sequence[Sequence[Format]], texts: Sequence[Sequence[Format]]) -> tuple[int, ...]:
    """The one option in a colour that is not the others' and not red; none when there are more."""
    odd: set[int] = set()
    for zones in (labels, texts):
        colours = [_common_colour(zone) for zone in zones]
        usual = Counter(colours).most_common(1)[0][0] if colours else None
        odd |= {place for place, colour in enumerate(colours) if colour not in (usual, "mixed") and not is_red(colour)}
    return tuple(odd) if len(odd) == 1 else ()


def _common_colour(zone: Sequence[Format]) -> str | None:
    colours = {shape.colour for shape in zone}
    return colours.pop() if len(colours) == 1 else "mixed" if colours else None
