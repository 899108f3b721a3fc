"""``python -m lms serve …``: the same command, with the patch before everything else where it serves."""

import os
import sys

# Before numpy is loaded: a second thread of arithmetic makes a calibration several times slower, and takes the core
# that serves candidates. What the operator set stays.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MKL_NUM_THREADS", "1")

if "serve" in sys.argv[1:3] or (len(sys.argv) > 3 and "serve" in sys.argv[1:4]):
    from gevent import monkey

    monkey.patch_all()

from lms.cli import main

main()
