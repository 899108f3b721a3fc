"""Every process of the product calculates on one thread, unless the operator says otherwise."""

import os
import subprocess
import sys

import pytest

PROBE = """
import os, runpy, sys
sys.argv = ["lms", "--help"]
try:
    runpy.run_module("lms", run_name="__main__")
except SystemExit:
    pass
print(os.environ["OPENBLAS_NUM_THREADS"])
"""


@pytest.mark.parametrize(("set_by_operator", "threads"), [(None, "1"), ("3", "3")])
def test_one_thread_unless_the_operator_wants_more(set_by_operator, threads):
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    if set_by_operator:
        environment["OPENBLAS_NUM_THREADS"] = set_by_operator
    done = subprocess.run([sys.executable, "-c", PROBE], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == threads, done.stderr
