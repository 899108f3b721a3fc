"""The statistics of a closed sitting: distribution, reliability, and for each item facility, point-biserial, options.

Scores of all forms are put into one response matrix by item version (canonical answers, so that shuffled forms
agree); the arithmetic is :mod:`item_bank.psychometrics`. Runs in the worker; the page reads the stored result.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Text, select, type_coerce
from sqlalchemy.orm import Session

from campus import richtext
from campus.orm import public
from exam_engine import scoring
from exam_engine.marking import Keyed
from exam_engine.models import Attempt, ExamForm, ItemAnalysis, Score, Sitting
from exam_engine.results import as_text, distribution
from item_bank.models import ItemVersion
from item_bank.psychometrics.classical_theory.item_analysis import classical
from item_bank.psychometrics.classical_theory.option_tables import ability_groups, option_table

LOW_DISCRIMINATION = 0.15
OFTEN_LEFT_OUT = 0.25
GROUPS = 4
FEWEST = 5
"""Below this many papers the figures mean nothing and only the distribution is given."""

Floats = NDArray[np.float64]
_decode = msgspec.json.Decoder().decode


@dataclass(frozen=True)
class Matrix:
    """All papers of a sitting: (n, k) points, nan = not on the form; the answers as a list a column."""

    version_ids: list[int]
    points: Floats
    maxima: Floats
    answers: list[list[Any]]

    @property
    def totals(self) -> Floats:
        """The sum of each row's points."""
        sums: Floats = np.nansum(self.points, axis=1)
        return sums


def analysis(session: Session, sitting_id: int) -> dict[str, Any]:
    """The statistics of a sitting as JSON; reads only."""
    scores = session.execute(
        select(Score.total, Score.maximum, Score.complete, type_coerce(Score.items, Text).label("items"), ExamForm.code)
        .join(Attempt, Attempt.id == Score.attempt_id)
        .join(ExamForm, ExamForm.id == Attempt.form_id)
        .where(Score.sitting_id == sitting_id, Score.current)
    ).all()
    if not scores:
        return {"papers": 0}
    result = _summary([row.total for row in scores], max(row.maximum for row in scores))
    result["forms"] = _by_form([(row.code, row.total) for row in scores])
    if len(scores) >= FEWEST:
        matrix = _matrix([_decode(row.items) for row in scores], [row.complete for row in scores])
        guide = scoring.marking_guide(session, session.get_one(Sitting, sitting_id).exam_id)
        result |= _items(session, matrix, guide.items)
    return result


def store(session: Session, sitting_id: int, result: dict[str, Any], now: datetime) -> None:
    """Keeps the statistics in place of older ones."""
    row = session.get(ItemAnalysis, sitting_id)
    if row is None:
        session.add(ItemAnalysis(sitting_id=sitting_id, result=result, computed_at=now))
    else:
        row.result, row.computed_at = result, now
    session.flush()


def _summary(totals: Sequence[Decimal], maximum: Decimal) -> dict[str, Any]:
    values = np.array([float(total) for total in totals])
    return {
        "papers": len(totals),
        "maximum": as_text(maximum),
        "mean": _number(values.mean()),
        "sd": _number(values.std(ddof=1) if len(values) > 1 else math.nan),
        "median": _number(np.median(values)),
        "lowest": as_text(min(totals)),
        "highest": as_text(max(totals)),
        "half_or_more": sum(2 * total >= maximum for total in totals),
        "distribution": [[as_text(low), as_text(high), count] for low, high, count in distribution(totals, maximum)],
    }


def _by_form(papers: Sequence[tuple[str, Decimal]]) -> list[dict[str, Any]]:
    """Papers and mean of each form: forms dealt out by seat should differ by chance alone."""
    totals: dict[str, list[Decimal]] = {}
    for code, total in papers:
        totals.setdefault(code, []).append(total)
    return [
        {"code": code, "papers": len(own), "mean": _number(sum(own) / len(own))} for code, own in sorted(totals.items())
    ]


def _matrix(papers: Sequence[Sequence[Mapping[str, Any]]], complete: Sequence[bool]) -> Matrix:
    columns: dict[int, int] = {}
    for paper in papers:
        for entry in paper:
            columns.setdefault(entry["item_version_id"], len(columns))
    points = np.full((len(papers), len(columns)), np.nan)
    maxima = [0.0] * len(columns)
    answers: list[list[Any]] = [[None] * len(papers) for _ in columns]
    waiting: set[int] = set()
    for row, paper in enumerate(papers):
        for entry in paper:
            column = columns[entry["item_version_id"]]
            if entry["out_of"] == 0 and entry["answered"] and not complete[row]:
                waiting.add(column)
            points[row, column] = float(entry["points"])
            maxima[column] = max(maxima[column], float(entry["maximum"]))
            if entry["answered"]:
                answers[column][row] = entry["canonical"]
    for column in waiting:  # while a marker is at work the question says nothing yet
        points[:, column], maxima[column] = np.nan, 0.0
    return Matrix(list(columns), points, np.array(maxima), answers)


def _items(session: Session, matrix: Matrix, keyed: Mapping[int, Keyed]) -> dict[str, Any]:
    # A cancelled item gives everyone the same: it can neither sort pupils nor make the test more reliable.
    counted = np.array(
        [most > 0 and not keyed[i].cancelled for i, most in zip(matrix.version_ids, matrix.maxima, strict=True)]
    )
    if not counted.any():
        return {}
    found = classical(matrix.points[:, counted], maxima=matrix.maxima[counted])
    groups = ability_groups(matrix.totals, GROUPS)
    ids = select(ItemVersion).where(ItemVersion.id.in_(matrix.version_ids))
    versions = {version.id: version for version in session.scalars(ids)}
    rows, place = [], iter(range(len(found.facility)))
    for column, version_id in enumerate(matrix.version_ids):
        row = _item_row(versions[version_id], keyed[version_id], matrix, column, groups)
        if counted[column]:
            n = next(place)
            row |= {
                "facility": _number(found.facility[n]),
                "point_biserial": _number(found.corrected_point_biserial[n]),
                "discrimination": _number(found.discrimination[n]),
                "alpha_if_deleted": _number(found.alpha_if_deleted[n]),
            }
        rows.append(row | {"remarks": remarks(row)})
    return {"alpha": _number(found.alpha), "sem": _number(found.sem), "items": rows}


def _item_row(
    version: ItemVersion, keyed: Keyed, matrix: Matrix, column: int, groups: NDArray[np.int64]
) -> dict[str, Any]:
    taken = ~np.isnan(matrix.points[:, column])
    answers = [matrix.answers[column][n] for n in np.flatnonzero(taken)]
    row: dict[str, Any] = {
        "item_version_id": public(version.id),
        "item_id": public(version.item_id),
        "kind": version.kind,
        "level": version.level,
        "stem": richtext.plain(version.content["stem"])[:160],
        "cancelled": keyed.cancelled,
        "taken": int(taken.sum()),
        "left_out": sum(answer is None for answer in answers),
        "by_group": _mean_by_group(matrix, column, groups),
    }
    if version.kind == "single_choice":
        row["options"] = _options(keyed, answers, matrix.totals[taken], groups[taken])
    elif version.kind == "true_false_group":
        row["statements"] = _statements(keyed, answers)
    elif version.kind == "short_answer":
        counts = Counter(str(answer) for answer in answers if answer is not None)
        commonest = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        right = set(keyed.right_values())
        row["common"] = [[text, count, text in right] for text, count in commonest[:6]]
    return row


def _mean_by_group(matrix: Matrix, column: int, groups: NDArray[np.int64]) -> list[float | None]:
    """The share of the item's points that each ability group earned, the weakest first."""
    most = matrix.maxima[column]
    if not most:
        return []
    shares = [matrix.points[groups == group, column] / most for group in range(GROUPS)]
    return [_number(np.nanmean(share)) if (~np.isnan(share)).any() else None for share in shares]


def _options(keyed: Keyed, answers: Sequence[Any], totals: Floats, groups: NDArray[np.int64]) -> list[dict[str, Any]]:
    ids = [option["id"] for option in keyed.content["options"]]
    number = {name: n for n, name in enumerate(ids, 1)}
    chosen = np.array([number.get(answer, 0) for answer in answers], dtype=np.int64)
    table = option_table(chosen, np.arange(1, len(ids) + 1), totals, groups)
    right = keyed.right_options()
    return [
        {
            "id": name,
            "key": name in right,
            "count": int(table.count[n]),
            "share": _number(table.share[n]),
            "mean_total": _number(table.mean_total[n]),
            "point_biserial": _number(table.point_biserial[n]),
            "by_group": [_number(value) for value in table.share_by_group[:, n]],
        }
        for n, name in enumerate(ids)
    ]


def _statements(keyed: Keyed, answers: Sequence[Any]) -> list[dict[str, Any]]:
    rows = [answer for answer in answers if isinstance(answer, list)]
    truths = keyed.right_truths()
    return [
        {
            "id": statement["id"],
            "truth": sorted(truth, reverse=True),
            "right": _number(sum(row[n] in truth for row in rows) / len(answers) if answers else math.nan),
            "true": sum(row[n] is True for row in rows),
            "false": sum(row[n] is False for row in rows),
        }
        for n, (statement, truth) in enumerate(zip(keyed.content["statements"], truths, strict=True))
    ]


def remarks(row: Mapping[str, Any]) -> list[dict[str, str]]:
    """What a teacher should look at, most urgent first: ``{"code", "option"?}``; the page says it in words."""
    if row.get("cancelled"):
        return [{"code": "cancelled"}]
    found = _option_remarks(row.get("options", ()))
    facility, correlation = row.get("facility"), row.get("point_biserial")
    if correlation is not None and correlation < LOW_DISCRIMINATION:
        found.append({"code": "negative" if correlation < 0 else "weak"})
    if facility is not None and not 0.2 <= facility <= 0.95:
        found.append({"code": "very_hard" if facility < 0.2 else "very_easy"})
    if row["taken"] and row["left_out"] / row["taken"] >= OFTEN_LEFT_OUT:
        found.append({"code": "left_out"})
    return found


def _option_remarks(options: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """A wrong option that draws the strong, when the key does not, is a sign of a wrong key."""
    key = max((o["point_biserial"] or 0 for o in options if o["key"]), default=0)
    wrong = [option for option in options if not option["key"]]
    found = [
        {"code": "check_key", "option": option["id"]}
        for option in wrong
        if key <= 0.05 and (option["point_biserial"] or 0) > max(0.1, key)
    ]
    return found + [{"code": "unused_option", "option": o["id"]} for o in wrong if o["count"] == 0]


def _number(value: Any) -> float | None:
    """A float for JSON: four places, nothing for what cannot be computed."""
    number = float(value)
    return round(number, 4) if math.isfinite(number) else None
