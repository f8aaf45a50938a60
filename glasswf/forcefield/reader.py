"""Loading force-field files: by name from the library or by path, strictly, with one clear line for every mistake."""

import warnings
from itertools import combinations_with_replacement
from pathlib import Path

from pydantic import ValidationError

from glasswf.errors import ForceFieldError
from glasswf.forcefield.collapse import collapse_warnings
from glasswf.forcefield.model import ForceField
from glasswf.yamlfile import read_mapping

_LIBRARY = Path(__file__).with_name("library")


class ForceFieldWarning(UserWarning):
    """The force field can be used, but something in it is dangerous."""


def names() -> tuple[str, ...]:
    """Names of the sets in the library."""
    return tuple(sorted(path.stem for path in _LIBRARY.glob("*.yaml")))


def load(name_or_path: str | Path) -> ForceField:
    """Force field of the library by name, or of a user's YAML file by path (anything with a folder or a .yaml ending).

    Raises ForceFieldError with file and key. Warns (ForceFieldWarning) where atoms could fall through a low barrier.
    """
    path = _locate(name_or_path, Path())
    content = _merge(path, ())
    _check_pairs(path, content)
    force_field = _validate(path, content)
    messages = collapse_warnings(force_field)
    for message in messages:
        warnings.warn(f"{path.name}: {message}", ForceFieldWarning, stacklevel=2)
    return force_field.model_copy(update={"warnings": messages})


def _locate(name_or_path: str | Path, folder: Path) -> Path:
    path = Path(name_or_path)
    if path.suffix in (".yaml", ".yml") or len(path.parts) > 1:
        path = folder / path.expanduser()
        if not path.is_file():
            raise ForceFieldError(f"force field file {path} does not exist")
        return path
    if str(name_or_path) not in names():
        raise ForceFieldError(
            f"unknown force field {str(name_or_path)!r}; the library has {', '.join(names())}; give a path for your own"
        )
    return _LIBRARY / f"{name_or_path}.yaml"


def _merge(path: Path, seen: tuple[Path, ...]) -> dict:
    """Content of the file; keys it does not give come from the set it extends."""
    content = read_mapping(path, ForceFieldError)
    base = content.pop("extends", None)
    if base is None:
        return content
    if not isinstance(base, str):
        raise ForceFieldError(f"{path}: extends: {base!r} is not a name or path of a force field")
    base_path = _locate(base, path.parent)
    if base_path.resolve() in (path.resolve(), *seen):
        raise ForceFieldError(f"{path}: extends: {base} leads back to this file")
    return _merge(base_path, (*seen, path.resolve())) | content


def _validate(path: Path, content: dict) -> ForceField:
    if "warnings" in content:
        raise ForceFieldError(f"{path}: warnings: unknown key")
    try:
        return ForceField.model_validate(content)
    except ValidationError as error:
        raise ForceFieldError(f"{path}: {_first_problem(error)}") from None


def _first_problem(error: ValidationError) -> str:
    problem = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in problem["loc"] if part not in _NOT_KEYS)
    if problem["type"] == "extra_forbidden":
        return f"{key}: unknown key"
    if problem["type"] == "missing":
        return f"{key}: is missing"
    message = problem["msg"].removeprefix("Value error, ").removeprefix("Input ")
    message = message.replace("tuple", "list").replace("dictionary", "mapping")
    if problem["type"] == "value_error" or isinstance(problem["input"], dict | list):
        return f"{key}: {message}" if key else message
    return f"{key}: {message[0].lower()}{message[1:]}, not {problem['input']!r}"


# pydantic puts the tried member of a union into the location; it is no key of the file
_NOT_KEYS = ("[key]", "Buckingham", "literal['coulomb']", "angle-abrupt", "angle-conservative")


def _check_pairs(path: Path, content: dict) -> None:
    """Every pair of the charged elements exactly once, in either order."""
    pairs, charges = content.get("pairs"), content.get("charges")
    if not isinstance(pairs, dict) or not isinstance(charges, dict):
        return  # the typed model says what they should be
    for key in pairs:
        _check_pair_name(path, key, pairs, charges)
    known = {frozenset(key.split("-")) for key in pairs}
    for first, second in combinations_with_replacement(charges, 2):
        if frozenset((first, second)) not in known:
            raise ForceFieldError(
                f"{path}: pairs: {first}-{second} is missing; give its Buckingham terms, or `coulomb` if it has none"
            )
    for number, term in enumerate(content.get("three_body") or ()):
        for role in ("centre", "ends"):
            if isinstance(term, dict) and role in term and term[role] not in charges:
                raise ForceFieldError(
                    f"{path}: three_body.{number}.{role}: {term[role]} is not among the elements {', '.join(charges)}"
                )


def _check_pair_name(path: Path, key: object, pairs: dict, charges: dict) -> None:
    ends = str(key).split("-")
    if len(ends) != 2:
        raise ForceFieldError(f"{path}: pairs.{key}: a pair is written like Na-S")
    if unknown := [end for end in ends if end not in charges]:
        raise ForceFieldError(f"{path}: pairs.{key}: {unknown[0]} has no charge in charges")
    reverse = f"{ends[1]}-{ends[0]}"
    if reverse != key and reverse in pairs:
        same = "and" if pairs[reverse] == pairs[key] else "with different values as"
        raise ForceFieldError(f"{path}: pairs.{key}: given twice, {same} {reverse}; keep one of them")
