"""Reading YAML that people write: safe, no key twice, 1e-4 a number, and every mistake one line with file and line.

Files may come from strangers, in an archive: what would fill the memory or never end is refused before it is built.
"""

import re
from pathlib import Path

import yaml

from glasswf.errors import GlasswfError

_LARGEST_BYTES = 4_000_000
_LARGEST_VALUES = 200_000  # with every alias written out


class _StrictLoader(yaml.SafeLoader):
    """Safe YAML that refuses a key given twice, of which plain YAML silently keeps the last."""


def _unique_mapping(loader: yaml.SafeLoader, node: yaml.MappingNode, deep: bool = False) -> dict:
    seen: set[str] = set()
    for key_node, _ in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(None, None, "a key must be a word or number", key_node.start_mark)
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
        data = _constructed(_text(Path(path)))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or " ".join(str(error).split())
        raise error_type(f"{path}{line}: {problem}") from None
    except UnicodeDecodeError:
        raise error_type(f"{path}: not a text file in UTF-8") from None
    except RecursionError:
        raise error_type(f"{path}: nested too deeply to be read") from None
    except ValueError as error:  # of what looks like a date, or a number with thousands of digits
        raise error_type(f"{path}: {error}") from None
    except OSError as error:
        raise error_type(f"{path}: cannot be read ({error.strerror})") from None
    if not isinstance(data, dict):
        raise error_type(f"{path}: must hold keys and values, not {type(data).__name__}")
    return data


def _text(path: Path) -> str:
    with path.open("rb") as handle:
        content = handle.read(_LARGEST_BYTES + 1)
    if len(content) > _LARGEST_BYTES:
        raise ValueError(f"larger than {_LARGEST_BYTES / 1e6:g} MB; not a file of settings")
    return content.decode("utf-8")


def _constructed(text: str) -> object:
    loader = _StrictLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        if _values(node, {}) > _LARGEST_VALUES:
            raise ValueError(f"holds more than {_LARGEST_VALUES} values once its aliases are written out")
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _values(node: yaml.Node, known: dict[int, float]) -> float:
    """Number of values below a node, each alias counted as often as it is used; infinite if one holds itself."""
    if isinstance(node, yaml.ScalarNode):
        return 1
    if id(node) not in known:
        known[id(node)] = float("inf")
        parts = node.value if isinstance(node, yaml.SequenceNode) else [part for pair in node.value for part in pair]
        known[id(node)] = 1 + sum(_values(part, known) for part in parts)
    return known[id(node)]
