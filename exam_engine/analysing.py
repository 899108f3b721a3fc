"""The statistics of a closed sitting: distribution, reliability, and for each item facility, point-biserial, options.

Scores of all forms are put into one response matrix by item version (canonical answers, so that shuffled forms
agree); the arithmetic is :mod:`item_bank.psychometrics`. Runs in the worker; the page reads the stored result.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus import richtext
from campus.orm import public
from exam_engine.models import ItemAnalysis, Score
from exam_engine.results import distribution
from item_bank.models import ItemVersion
from item_bank.psychometrics.classical_analysis import ability_groups, classical, option_table

LOW_DISCRIMINATION = 0.15
GROUPS = 4
FEWEST = 5
"""Below this many papers the figures mean nothing and only the distribution is given."""

Floats = NDArray[np.float64]


def analysis(session: Session, sitting_id: int) -> dict[str, Any]:
    """The statistics of a sitting as JSON; reads only."""
    scores = list(session.scalars(select(Score).where(Score.sitting_id == sitting_id, Score.current)))
    return _analysis(session, scores)


def store(session: Session, sitting_id: int, result: dict[str, Any], now: datetime) -> None:
    """Keeps the statistics in place of older ones."""
    row = session.get(ItemAnalysis, sitting_id)
    if row is None:
        session.add(ItemAnalysis(sitting_id=sitting_id, result=result, computed_at=now))
    else:
        row.result, row.computed_at = result, now
    session.flush()


def _analysis(session: Session, scores: Sequence[Score]) -> dict[str, Any]:
    if not scores:
        return {"papers": 0}
    totals = [score.total for score in scores]
    maximum = max(score.maximum for score in scores)
    summary: dict[str, Any] = {
        "papers": len(scores),
        "maximum": str(maximum),
        "mean": _number(float(np.mean([float(t) for t in totals]))),
        "sd": _number(float(np.std([float(t) for t in totals], ddof=1)) if len(totals) > 1 else math.nan),
        "median": _number(float(np.median([float(t) for t in totals]))),
        "lowest": str(min(totals)),
        "highest": str(max(totals)),
        "distribution": [[str(low), str(high), count] for low, high, count in distribution(totals, maximum)],
    }
    if len(scores) >= FEWEST:
        summary |= _items(session, scores)
    return summary


def _items(session: Session, scores: Sequence[Score]) -> dict[str, Any]:
    columns: dict[int, int] = {}
    for score in scores:
        for entry in score.items:
            columns.setdefault(entry["item_version_id"], len(columns))
    points = np.full((len(scores), len(columns)), np.nan)
    maxima = np.zeros(len(columns))
    for row, score in enumerate(scores):
        for entry in score.items:
            column = columns[entry["item_version_id"]]
            points[row, column] = float(Decimal(entry["points"]))
            maxima[column] = max(maxima[column], float(Decimal(entry["maximum"])))
    counted = maxima > 0
    analysis = classical(points[:, counted], maxima[counted])
    place = {version: n for n, version in enumerate(v for v, c in columns.items() if counted[c])}
    versions = {v.id: v for v in session.scalars(select(ItemVersion).where(ItemVersion.id.in_(columns)))}
    groups = ability_groups(np.nansum(points, axis=1), GROUPS)
    rows = []
    for version_id, column in columns.items():
        n = place.get(version_id)
        figures = {} if n is None else {
            "facility": _number(analysis.facility[n]),
            "point_biserial": _number(analysis.corrected_point_biserial[n]),
            "discrimination": _number(analysis.discrimination[n]),
            "alpha_if_deleted": _number(analysis.alpha_if_deleted[n]),
        }  # fmt: skip
        row = _item_row(versions[version_id], scores, points, column, groups) | figures
        rows.append(row | {"remarks": _remarks(row)})
    return {
        "alpha": _number(analysis.alpha),
        "sem": _number(analysis.sem),
        "items": rows,
    }


def _item_row(
    version: ItemVersion, scores: Sequence[Score], points: Floats, column: int, groups: NDArray[np.int64]
) -> dict[str, Any]:
    answers: list[Any] = [None] * len(scores)
    taken = ~np.isnan(points[:, column])
    for place, score in enumerate(scores):
        for entry in score.items:
            if entry["item_version_id"] == version.id:
                answers[place] = entry["canonical"] if entry["answered"] else None
    row: dict[str, Any] = {
        "item_version_id": public(version.id),
        "item_id": public(version.item_id),
        "kind": version.kind,
        "level": version.level,
        "stem": richtext.plain(version.content["stem"])[:160],
        "taken": int(taken.sum()),
        "left_out": sum(answers[n] is None for n in np.flatnonzero(taken)),
    }
    if version.kind == "single_choice":
        row["options"] = _options(version, answers, taken, np.nansum(points, axis=1), groups)
    elif version.kind == "true_false_group":
        row["statements"] = _statements(version, answers, taken)
    elif version.kind == "short_answer":
        counts = Counter(str(answers[n]) for n in np.flatnonzero(taken) if answers[n] is not None)
        row["common"] = [[text, count] for text, count in counts.most_common(6)]
    return row


def _options(
    version: ItemVersion,
    answers: Sequence[Any],
    taken: NDArray[np.bool_],
    totals: Floats,
    groups: NDArray[np.int64],
) -> list[dict[str, Any]]:
    ids = [option["id"] for option in version.content["options"]]
    number = {name: n for n, name in enumerate(ids, 1)}
    chosen = np.array([number.get(answers[n], 0) for n in np.flatnonzero(taken)], dtype=np.int64)
    table = option_table(chosen, np.arange(1, len(ids) + 1), totals[taken], groups[taken])
    key = (version.key or {}).get("option")
    return [
        {
            "id": name,
            "key": name == key,
            "count": int(table.count[n]),
            "share": _number(table.share[n]),
            "mean_total": _number(table.mean_total[n]),
            "point_biserial": _number(table.point_biserial[n]),
            "by_group": [_number(value) for value in table.share_by_group[:, n]],
        }
        for n, name in enumerate(ids)
    ]


def _statements(
    version: ItemVersion, answers: Sequence[Any], taken: NDArray[np.bool_]
) -> list[dict[str, Any]]:
    truths = (version.key or {}).get("truths", [])
    rows = [answers[n] for n in np.flatnonzero(taken) if isinstance(answers[n], list)]
    return [
        {
            "id": statement["id"],
            "truth": truths[n] if n < len(truths) else None,
            "right": _number(sum(row[n] is truths[n] for row in rows) / len(rows) if rows else math.nan),
        }
        for n, statement in enumerate(version.content["statements"])
    ]


def _remarks(row: Mapping[str, Any]) -> list[str]:
    """Codes of what a teacher should look at; the page says them in words."""
    found = []
    facility, correlation = row.get("facility"), row.get("point_biserial")
    key = next((option for option in row.get("options", ()) if option["key"]), None)
    if key is not None:
        others = [option for option in row["options"] if not option["key"]]
        key_correlation = key["point_biserial"] or 0
        if key_correlation <= 0 and any(
            (o["point_biserial"] or 0) > max(0.1, key_correlation) for o in others
        ):
            found.append("check_key")
        if any(option["count"] == 0 for option in others):
            found.append("unused_option")
    if facility is not None and not 0.2 <= facility <= 0.95:
        found.append("very_hard" if facility < 0.2 else "very_easy")
    if correlation is not None and correlation < LOW_DISCRIMINATION:
        found.append("negative" if correlation < 0 else "weak")
    return found


def _number(value: Any) -> float | None:
    """A float for JSON: four places, nothing for what cannot be computed."""
    number = float(value)
    return round(number, 4) if math.isfinite(number) else None
