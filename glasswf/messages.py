"""One clear line for every mistake that a person can make; a traceback only for our own."""

import sys
import warnings
from collections.abc import Callable

from glasswf.errors import GlasswfError


def run_as_command(main: Callable[[list[str]], int], arguments: list[str] | None = None) -> int:
    """Call `main` with the command-line arguments; a GlasswfError becomes one line on stderr and exit code 1."""
    warnings.showwarning = _one_line_warning
    try:
        return main(sys.argv[1:] if arguments is None else arguments)
    except GlasswfError as error:
        print(f"error: {printable(str(error))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; start again to continue", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 1


def printable(text: str) -> str:
    """One line, whatever a name in it holds: line ends and what would steer a terminal are written as escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _one_line_warning(message, category, filename, lineno, file=None, line=None) -> None:
    print(f"warning: {printable(str(message))}", file=sys.stderr)
