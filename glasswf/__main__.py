"""`python -m glasswf` is the command `glasswf`."""

import sys

from glasswf.cli import main

sys.exit(main())
