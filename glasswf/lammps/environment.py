"""Numbers that the environment gives."""

from glasswf.errors import LammpsError


def above_zero(variable: str, text: str, what: str = "number") -> float:
    """Value of a variable of the environment; LammpsError, which calls it `what`, if it is no number above zero."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not value > 0:
        raise LammpsError(f"{variable}: {text!r} is no {what} above zero")
    return value
