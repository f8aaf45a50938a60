"""Reading a configuration: safe YAML, no duplicate keys, and every mistake as one line with file and key."""

from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import ValidationError

from glasswf.config.models import Config
from glasswf.errors import ConfigError


class _StrictLoader(yaml.SafeLoader):
    """Safe YAML that refuses a key given twice, of which plain YAML silently keeps the last."""


def _unique_mapping(loader: yaml.SafeLoader, node: yaml.MappingNode, deep: bool = False) -> dict:
    seen: set[str] = set()
    for key_node, _ in node.value:
        if key_node.value in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key_node.value!r} is given twice", key_node.start_mark
            )
        seen.add(key_node.value)
    return yaml.SafeLoader.construct_mapping(loader, node, deep)


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _unique_mapping)


def read_yaml(path: Path | str) -> dict:
    """Mapping in a YAML file. Raises ConfigError naming file and line if it is none."""
    try:
        text = Path(path).read_text(encoding="utf-8")
        data = yaml.load(text, Loader=_StrictLoader)  # noqa: S506  (a SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise ConfigError(f"{path}{line}: {getattr(error, 'problem', None) or error}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not a text file in UTF-8") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from None
    if not isinstance(data, dict):
        raise ConfigError(
            f"{path}: must hold keys and values (systems, cell, protocol, ...), not {type(data).__name__}"
        )
    return data


def load(path: Path | str) -> Config:
    """Validated configuration of a YAML file. Raises ConfigError with one line."""
    return from_mapping(read_yaml(path), source=str(path))


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
