"""The command line: bundles, read, evaluate, train."""

from __future__ import annotations

import sys

from medmodels.command_line import main

if __name__ == "__main__":
    sys.exit(main())
