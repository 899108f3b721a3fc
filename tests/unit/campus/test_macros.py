"""The template macros, drawn without an application: what is tied together, and what happens at the edges."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader
from lxml import html

from campus.i18n import Message, translate

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def environment() -> Environment:
    drawn = Environment(loader=FileSystemLoader(ROOT / "campus" / "web" / "templates"), autoescape=True)
    drawn.globals |= {
        "_": lambda text, **facts: text % facts if facts else text,
        "ngettext": lambda one, many, n: (one if n == 1 else many) % {"num": n},
        "csrf_token": lambda: "token",
        "static_url": lambda path: f"/static/{path}",
    }
    drawn.filters["message"] = lambda value: translate(value, "en")
    return drawn


def draw(environment: Environment, call: str, **context: Any) -> html.HtmlElement:
    """The element that one macro call draws; ``call`` is like ``forms.text_field("a", "A")``."""
    module = call.split(".")[0].strip()
    source = f'{{% import "macros/{module}.html" as {module} %}}<div>{{{{ {call} }}}}</div>'
    return html.fromstring(environment.from_string(source).render(**context))


def test_a_field_is_tied_to_its_label_hint_and_error(environment: Environment) -> None:
    field = draw(environment, 'forms.text_field("title", "Title", hint="Short.", error="Missing.")')
    control = field.xpath("//input")[0]
    assert field.xpath("//label")[0].get("for") == control.get("id") == "field-title"
    assert control.get("aria-invalid") == "true"
    told = [field.get_element_by_id(name).text_content().strip() for name in control.get("aria-describedby").split()]
    assert told == ["Missing.", "Short."]


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        ("Missing.", "Missing."),
        (["Too long.", "Not a word."], "Too long. Not a word."),
        (Message("Row %(row)s is empty.", row=7), "Row 7 is empty."),
    ],
)
def test_an_error_may_be_a_sentence_a_list_or_a_message(environment: Environment, error: Any, shown: str) -> None:
    field = draw(environment, 'forms.text_field("title", "Title", error=error)', error=error)
    assert field.get_element_by_id("field-title-error").text_content().strip() == shown


def test_values_are_escaped_and_zero_is_a_value(environment: Environment) -> None:
    field = draw(environment, 'forms.text_field("n", "N", value)', value='"><script>')
    assert field.xpath("//input/@value") == ['"><script>']
    assert field.xpath("//script") == []
    assert draw(environment, 'forms.text_field("n", "N", 0)').xpath("//input/@value") == ["0"]


def test_a_choice_is_found_whatever_its_type(environment: Environment) -> None:
    select = draw(environment, 'forms.select_field("grade", "Grade", [(10, "10"), (11, "11")], "11")')
    assert select.xpath("//option[@selected]/@value") == ["11"]
    grouped = draw(environment, 'forms.select_field("c", "C", [("Grade 12", [("a", "12A1")])], "a")')
    assert grouped.xpath("//optgroup[@label='Grade 12']/option[@selected]/text()") == ["12A1"]


def test_a_post_form_carries_its_csrf_token_and_a_get_form_none(environment: Environment) -> None:
    source = '{% from "macros/forms.html" import form %}{% call form("/x", method=method) %}-{% endcall %}'
    template = environment.from_string(source)
    assert 'name="csrf_token" value="token"' in template.render(method="post")
    assert "csrf_token" not in template.render(method="get")


@pytest.mark.parametrize(
    ("total", "page", "summary", "links"),
    [
        (0, 1, "Nothing found", []),
        (20, 1, "1–20 of 20", []),
        (21, 2, "21–21 of 21", ["?q=a+b&page=1", "?q=a+b&page=1", "?q=a+b&page=2"]),
    ],
)
def test_paging_counts_and_keeps_the_filters(
    environment: Environment, total: int, page: int, summary: str, links: list[str]
) -> None:
    nav = draw(environment, 'tables.paging(total, page, 20, "", {"q": "a b"})', total=total, page=page)
    assert nav.xpath("//nav/span")[0].text_content() == summary
    assert [link.replace("%20", "+") for link in nav.xpath("//a/@href")] == links


def test_a_state_has_a_shape_and_a_word(environment: Environment) -> None:
    chip = draw(environment, 'states.state_chip("approved")')
    assert chip.xpath("//use/@href") == ["/static/vendor/icons.svg#circle-check"]
    assert chip.text_content().strip() == "Approved"
    assert draw(environment, 'states.state_chip("unheard_of")').text_content().strip() == "unheard_of"


def test_charts_draw_nothing_and_one_thing_without_complaint(environment: Environment) -> None:
    assert draw(environment, 'charts.distribution([], "No scores yet.")').xpath("//rect") == []
    assert len(draw(environment, 'charts.distribution([{"label": "1", "count": 0}], "-")').xpath("//rect")) == 1
    assert draw(environment, "charts.bar_list([])").xpath("//li") == []
    assert draw(environment, 'charts.spark([], "none")').xpath("//polyline/@points") == ["0.0,27.0 "]
    assert "0 %" in draw(environment, 'charts.ring(0, 0, "none")').text_content()


def test_charts_take_exact_decimals(environment: Environment) -> None:
    half, whole = Decimal("0.5"), Decimal("1")
    ring = draw(environment, 'charts.ring(half, whole, "half")', half=half, whole=whole)
    assert "50 %" in ring.text_content()
    bars = draw(environment, 'charts.bar_list([{"label": "A", "value": half}], whole)', half=half, whole=whole)
    assert bars.xpath("//rect/@width") == ["500"]
    assert draw(environment, 'charts.spark([half, whole], "up")', half=half, whole=whole).xpath("//polyline")


def test_a_distribution_repeats_its_figures_as_a_table(environment: Environment) -> None:
    chart = draw(environment, 'charts.distribution([{"label": "5", "count": 3}, {"label": "6", "count": 9}], "Scores")')
    assert [row.text_content() for row in chart.xpath("//tr")] == ["53", "69"]
    heights = [float(bar) for bar in chart.xpath("//rect/@height")]
    assert heights[0] == pytest.approx(heights[1] / 3, abs=0.1)
