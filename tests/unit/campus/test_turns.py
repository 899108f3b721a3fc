"""The write turn: one holder at a time, in order, between threads and between greenlets and a native thread."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from campus.turns import Wakeup, WriteTurn

GREENLETS_AND_A_NATIVE_THREAD = """
from gevent import monkey; monkey.patch_all()
import gevent, time
from campus.turns import WriteTurn, start_native_thread, native_lock
turn, inside, seen, done = WriteTurn(), [], [], []
native_sleep = monkey.get_original("time", "sleep")

def work(sleep, times, name):
    for _ in range(times):
        turn.take()
        inside.append(name)
        assert inside == [name], inside
        sleep(0.0003)
        inside.remove(name)
        seen.append(name)
        turn.give_back()
    done.append(name)

ticks = []
def heart():
    while True:
        ticks.append(time.monotonic())
        gevent.sleep(0.005)

beating = gevent.spawn(heart)
start_native_thread(lambda: work(native_sleep, 200, "native"))
greenlets = [gevent.spawn(work, gevent.sleep, 20, number) for number in range(20)]
victims = [gevent.spawn(work, gevent.sleep, 20, f"victim {number}") for number in range(5)]
gevent.sleep(0.02)
gevent.killall([v for v in victims if not inside or inside[0] != v])
gevent.joinall(greenlets, timeout=20, raise_error=True)
while "native" not in done:
    gevent.sleep(0.01)
assert len([name for name in seen if name == "native"]) == 200
assert max(b - a for a, b in zip(ticks, ticks[1:])) < 1, "the hub was blocked"
print("fine")
"""


def test_threads_take_turns():
    turn, inside, most = WriteTurn(), [], []

    def work():
        for _ in range(300):
            turn.take()
            inside.append(1)
            most.append(len(inside))
            inside.pop()
            turn.give_back()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(most) == 1800
    assert set(most) == {1}


def test_a_wakeup_set_before_the_wait_is_not_lost():
    wakeup = Wakeup()
    wakeup.set()
    wakeup.wait()


def test_greenlets_and_a_native_thread_share_the_turn():
    # A process of its own: patching cannot be undone.
    ran = subprocess.run(
        [sys.executable, "-c", GREENLETS_AND_A_NATIVE_THREAD], capture_output=True, text=True, timeout=60
    )
    assert ran.stdout.strip().endswith("fine"), ran.stderr


def test_asking_twice_is_an_error_and_not_an_endless_wait():
    turn, told = WriteTurn(), []

    def ask_twice():
        turn.take()
        with pytest.raises(RuntimeError, match="by its holder"):
            turn.take()
        turn.give_back()
        turn.take()
        told.append("free again")

    asking = threading.Thread(target=ask_twice, daemon=True)  # a wait without end must fail the test, not stop it
    asking.start()
    asking.join(5)
    assert told == ["free again"]
