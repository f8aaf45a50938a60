"""Reading a configuration: safe YAML, no duplicate keys, and every mistake as one line with file and key."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from glasswf.config.models import Config
from glasswf.errors import ConfigError
from glasswf.yamlfile import read_mapping


def load(path: Path | str) -> Config:
    """Validated configuration of a YAML file. Raises ConfigError with one line."""
    return from_mapping(read_mapping(path, ConfigError), source=str(path))


def from_mapping(data: Mapping, source: str = "configuration") -> Config:
    """Validated configuration of a mapping; `source` is named in the ConfigError."""
    try:
        return Config.model_validate(dict(data))
    except ValidationError as error:
        raise ConfigError(f"{source}: {_one_line(error)}") from None


def _one_line(error: ValidationError) -> str:
    problems = [_describe(problem) for problem in error.errors()]
    rest = len(problems) - 3
    return "; ".join(problems[:3]) + (f"; and {rest} more" if rest > 0 else "")


def _describe(problem: Mapping) -> str:
    key = _key(problem["loc"])
    kind = problem["type"]
    if kind == "extra_forbidden":
        return f"{key}: unknown key; see docs/configuration.md for the keys there are"
    if kind == "missing":
        return f"{key}: is required and missing"
    message = problem["msg"].removeprefix("Value error, ")
    shown = problem.get("input")
    if kind == "value_error" or isinstance(shown, dict | list):
        return f"{key}: {message}" if key else message
    return f"{key}: {message[0].lower()}{message[1:]}, not {shown!r}"


def _key(location: tuple) -> str:
    text = ""
    for part in location:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part not in _UNION_TAGS:
            text += f".{part}" if text else str(part)
    return text


# pydantic puts the tried member of a union into the location; it is no key of the file
_UNION_TAGS = {
    "hold", "ramp", "staircase", "fast-slow-fast", "Structure", "literal['random']", "constrained-float",
    "list[constrained-float]", "float", "list[float]",
}  # fmt: skip
