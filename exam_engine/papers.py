"""Frozen papers in memory: the bytes that all candidates of a form receive, and what an answer is checked against."""

from __future__ import annotations

import gzip
import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Engine, select

from campus.db import reading
from campus.errors import NotFound
from exam_engine.models import ExamForm
from item_bank import item_types
from item_bank.item_types.base import ItemType

_MOST_KEPT = 200


class PaperItem(NamedTuple):
    """One position of a paper: its type and what the candidate sees of it."""

    item_type: ItemType
    presented: Mapping[str, Any]


class Paper:
    """One frozen paper. ``body`` and ``packed`` are the same JSON, plain and gzipped."""

    def __init__(self, text: str, digest: str) -> None:
        self.body = text.encode()
        self.packed = gzip.compress(self.body, compresslevel=9, mtime=0)
        self.etag = f'"{digest[:32]}"'
        self.items: dict[int, PaperItem] = {
            item["position"]: PaperItem(item_types.of(item["type"]), item)
            for section in json.loads(text)["sections"]
            for item in section["items"]
        }


class Papers:
    """The papers in use, by form; read once a process, since a frozen paper never changes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept: OrderedDict[int, Paper] = OrderedDict()
        self._lock = threading.Lock()

    def of_form(self, form_id: int) -> Paper:
        """The paper of a form. Raises NotFound when there is no such form."""
        paper = self._kept.get(form_id)
        if paper is not None:
            return paper
        with reading(), self._engine.connect() as connection:
            row = connection.execute(
                select(ExamForm.paper, ExamForm.paper_digest).where(ExamForm.id == form_id)
            ).first()
        if row is None:
            raise NotFound()
        paper = Paper(row.paper, row.paper_digest)
        with self._lock:
            self._kept[form_id] = paper
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return paper
