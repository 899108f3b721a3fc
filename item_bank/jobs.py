"""Jobs and periodic tasks of this package, run in the worker process."""

from __future__ import annotations
