"""Waiting and being woken across greenlets and native threads.

In the web process greenlets and one native thread (the journal's writer) share a lock. A patched ``threading`` lock
would give the native thread a hub of its own, and a native lock would stop all greenlets; a :class:`Wakeup` sleeps
in the way of the one who waits and may be set from anywhere. Where gevent is not loaded everything is native.
"""

from __future__ import annotations

import sys
import threading
from collections import deque
from typing import Any


def native_lock() -> Any:
    """A lock of the operating system, patched process or not. Hold it for a few instructions and never yield."""
    monkey = sys.modules.get("gevent.monkey")
    return monkey.get_original("_thread", "allocate_lock")() if monkey else threading.Lock()


def start_native_thread(target: Any) -> None:
    """Runs ``target()`` in a thread of the operating system, patched process or not. It ends with the process."""
    monkey = sys.modules.get("gevent.monkey")
    if monkey:
        monkey.get_original("_thread", "start_new_thread")(target, ())
    else:
        threading.Thread(target=target, daemon=True).start()


def _me() -> int:
    """Who runs now: a greenlet where gevent is loaded, else a thread."""
    if "gevent.hub" not in sys.modules:
        return threading.get_ident()
    from greenlet import getcurrent

    return id(getcurrent())


def _hub_of_this_thread() -> Any | None:
    """The gevent hub that runs in this thread; None in a native thread and where gevent is not loaded."""
    if "gevent.hub" not in sys.modules:
        return None
    from gevent._hub_local import get_hub_if_exists

    return get_hub_if_exists()


class _Bell:
    """Wakes the sleepers of one hub from any thread: one async watcher for all of them."""

    def __init__(self, hub: Any) -> None:
        self._hub = hub
        self._rung: deque[Wakeup] = deque()
        self._watcher = hub.loop.async_()
        self._watcher.start(self._wake)
        self._watcher.ref = False
        self._sleepers = 0

    def sleep(self) -> None:
        # The watcher keeps the loop alive only while someone sleeps, else the loop could never end.
        self._sleepers += 1
        self._watcher.ref = True
        try:
            self._hub.switch()
        finally:
            self._sleepers -= 1
            self._watcher.ref = self._sleepers > 0

    def ring(self, wakeup: Wakeup) -> None:
        self._rung.append(wakeup)
        self._watcher.send()

    def _wake(self) -> None:
        while self._rung:
            self._rung.popleft().resume()


class Wakeup:
    """One waiter, one wake from anywhere. Made by the waiter, in the thread where it will wait."""

    __slots__ = ("_asleep", "_bell", "_greenlet", "_is_set", "_lock")

    def __init__(self) -> None:
        self._is_set = False
        hub = _hub_of_this_thread()
        if hub is None:
            self._lock = native_lock()
            self._lock.acquire()
            self._bell = None
            return
        from gevent import getcurrent

        self._greenlet = getcurrent()
        self._asleep = False
        self._bell = hub.__dict__.get("_truongthi_bell")
        if self._bell is None:
            self._bell = hub.__dict__["_truongthi_bell"] = _Bell(hub)

    def wait(self) -> None:
        """Returns once :meth:`set` was called, before or after."""
        if self._bell is None:
            self._lock.acquire()
            return
        while not self._is_set:
            self._asleep = True
            try:
                self._bell.sleep()
            finally:
                self._asleep = False

    def set(self) -> None:
        """Wakes the waiter. To be called once."""
        self._is_set = True
        if self._bell is None:
            self._lock.release()
        else:
            self._bell.ring(self)

    def resume(self) -> None:
        """Goes on with the waiter's greenlet; the bell calls it inside the hub."""
        if self._asleep:  # it may have seen the flag before it slept, or have been killed
            self._greenlet.switch()


class WriteTurn:
    """The right to write to SQLite in this process, handed from one to the next in the order of asking."""

    def __init__(self) -> None:
        self._guard = native_lock()
        self._holder: int | None = None
        self._queue: deque[tuple[Wakeup, int]] = deque()

    def take(self) -> None:
        """Waits for the turn; greenlets let others run meanwhile.

        Raises RuntimeError when who asks has the turn already: a second connection inside a writing transaction
        would wait for itself without end. Open it under :func:`campus.db.reading`.
        """
        me = _me()
        with self._guard:
            if self._holder is None:
                self._holder = me
                return
            if self._holder == me:
                raise RuntimeError("the write turn is asked for by its holder: a writing transaction inside another")
            wakeup = Wakeup()
            place = (wakeup, me)
            self._queue.append(place)
        try:
            wakeup.wait()
        except BaseException:  # killed while waiting: leave the queue, or pass on what was just handed over
            with self._guard:
                still_queued = place in self._queue
                if still_queued:
                    self._queue.remove(place)
            if not still_queued:
                self.give_back()
            raise

    def give_back(self) -> None:
        """Hands the turn to the one who waits longest, or lays it down."""
        with self._guard:
            if not self._queue:
                self._holder = None
                return
            wakeup, self._holder = self._queue.popleft()
        wakeup.set()
