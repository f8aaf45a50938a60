"""Reference of every configuration key, generated from the models: `python -m glasswf.config.reference`."""

import types
import typing
from collections.abc import Iterator

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from glasswf.config.models import Config

_HEAD = """# Configuration

All keys, from the typed models in `glasswf/config/models.py` (this page is made by `make docs`). `glasswf validate`
checks a file and shows what it resolves to; `glasswf validate --schema` prints the JSON schema for editors.
"""


def markdown() -> str:
    """The page docs/configuration.md."""
    sections = [_section(model) for model in _models(Config, [])]
    return "\n".join([_HEAD, *sections])


def _models(model: type[BaseModel], seen: list) -> list[type[BaseModel]]:
    """`model` and every model its fields lead to, each once, in reading order."""
    if model not in seen:
        seen.append(model)
        for field in model.model_fields.values():
            for inner in _inner_models(field.annotation):
                _models(inner, seen)
    return seen


def _inner_models(annotation) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from _inner_models(argument)


def _section(model: type[BaseModel]) -> str:
    summary = " ".join((model.__doc__ or "").split())
    rows = [_row(name, field) for name, field in model.model_fields.items()]
    table = ["| key | type | default | meaning |", "|---|---|---|---|", *rows]
    return "\n".join([f"## {model.__name__.removesuffix('Block')}", "", summary, "", *table, ""])


def _row(name: str, field: FieldInfo) -> str:
    return f"| `{name}` | {_type(field.annotation)} | {_default(field)} | {field.description or ''} |"


def _default(field: FieldInfo) -> str:
    if field.default_factory is not None:
        value = field.default_factory()
        return "see below" if isinstance(value, BaseModel) else f"`{value}`"
    if field.default is PydanticUndefined:
        return "required"
    return "–" if field.default is None else f"`{field.default}`"


def _type(annotation) -> str:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _type(arguments[0])
    if origin is typing.Literal:
        return " or ".join(f"`{value}`" for value in arguments)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_type(part) for part in arguments if part is not type(None))
    if origin is list:
        return f"list of {_type(arguments[0])}"
    if origin is dict:
        return "mapping"
    names = {float: "number", int: "integer", str: "text"}
    return names.get(annotation, getattr(annotation, "__name__", str(annotation)).removesuffix("Block"))


if __name__ == "__main__":
    print(markdown())
