"""Subcommands of `glasswf`: one module each, with `add_parser(subparsers)` and `run(arguments)`."""
