"""``python -m lms serve …``: the same command, with the patch before everything else where it serves."""

import sys

if "serve" in sys.argv[1:3] or (len(sys.argv) > 3 and "serve" in sys.argv[1:4]):
    from gevent import monkey

    monkey.patch_all()

from lms.cli import main

main()
