"""`glasswf report`: build the HTML report of a results folder."""

import argparse
import json
from pathlib import Path

_EXAMPLE = """example:
  glasswf report results --out results/report.html
"""


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the subcommand to the command line."""
    parser = subparsers.add_parser(
        "report",
        help="build the HTML report of a results folder",
        description="Draw the figures that are missing or out of date and write one self-contained HTML page.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("results", nargs="?", default="results", type=Path, metavar="RESULTS_DIR",
                        help="folder with tables/ and provenance.json (default: results)")  # fmt: skip
    parser.add_argument("--out", type=Path, metavar="FILE", help="page to write (default: RESULTS_DIR/report.html)")
    parser.add_argument("--json", action="store_true", help="print verdicts, limits and scorecard as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Build the report; print where it is, or its headline as JSON."""
    from glasswf import report  # matplotlib takes a second to import

    page = report.build(arguments.results, arguments.out or arguments.results / "report.html")
    if arguments.json:
        print(json.dumps({"report": str(page), **report.headline(arguments.results)}, ensure_ascii=False, indent=1))
    else:
        print(page)
    return 0
