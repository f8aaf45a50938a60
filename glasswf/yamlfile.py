"""Reading YAML that people write: safe, no key twice, 1e-4 a number, and every mistake one line with file and line."""

import re
from pathlib import Path

import yaml

from glasswf.errors import GlasswfError


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
# YAML 1.1 reads 1e-4 as text for want of a dot and a sign; YAML 1.2 and people read a number
_StrictLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?(\d+(\.\d*)?|\.\d+)[eE][-+]?\d+$"), list("-+.0123456789")
)


def read_mapping(path: Path | str, error_type: type[GlasswfError]) -> dict:
    """Mapping held by a YAML file. Raises `error_type` with one line that names file and line."""
    try:
        data = yaml.load(Path(path).read_text(encoding="utf-8"), Loader=_StrictLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise error_type(f"{path}{line}: {getattr(error, 'problem', None) or error}") from None
    except UnicodeDecodeError:
        raise error_type(f"{path}: not a text file in UTF-8") from None
    except OSError as error:
        raise error_type(f"{path}: cannot be read ({error.strerror})") from None
    if not isinstance(data, dict):
        raise error_type(f"{path}: must hold keys and values, not {type(data).__name__}")
    return data
