"""How pages write spans of time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from campus.web.formats import period

BEGIN = datetime(2026, 11, 22, 0, 30, tzinfo=UTC)


def test_a_period_of_one_day_names_the_day_once() -> None:
    assert period(BEGIN, BEGIN + timedelta(minutes=105)) == "07:30–09:15, 22/11/2026"


def test_a_period_over_several_days_names_both() -> None:
    assert period(BEGIN, BEGIN + timedelta(days=60)) == "07:30 22/11/2026 – 07:30 21/01/2027"


def test_the_day_is_that_of_vietnam() -> None:
    late = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    assert period(late, late + timedelta(hours=1)) == "23:30 22/11/2026 – 00:30 23/11/2026"
