"""Published values beside ours: deviation, and the differences in conditions that may explain it. Never tuned."""

import math
from collections.abc import Mapping

from glasswf.data import published
from glasswf.figures.tables import Results
from glasswf.reached import QUANTITIES, NotReachedError


def rows(results: Results) -> list[dict]:
    """One mapping per published value, those that the results reach first.

    Keys: id, text, unit, source, place, published (value or [low, high]), ours, ours_err, ratio (ours over published;
    None unless both are positive), sigma (deviation in combined standard errors; 0 inside a published range), status
    ("compared", "not reached" or "not computed"), note (how ours was found, or what is missing) and reason (the note
    and the differences in conditions).
    """
    made = [_row(entry, results) for entry in published()["values"]]
    return sorted(made, key=lambda row: ("compared", "not reached", "not computed").index(row["status"]))


def _row(entry: Mapping, results: Results) -> dict:
    source = published()["sources"][entry["source"]]
    row = {key: entry.get(key) for key in ("id", "text", "unit", "place")}
    row |= {"source": source["short"], "published": entry.get("range", entry.get("value")), "ours": None,
            "ours_err": None, "ratio": None, "sigma": None}  # fmt: skip
    if entry["quantity"] not in QUANTITIES:
        return {**row, "status": "not computed", **_reason("this analysis does not compute it")}
    try:
        ours, error, note = QUANTITIES[entry["quantity"]](entry, results)
    except NotReachedError as missing:
        return {**row, "status": "not reached", **_reason(f"not reached by this configuration: {missing}")}
    causes = [] if entry.get("theory") else differences(source["conditions"], results)
    found = {"ours": ours, "ours_err": error, **_compared(entry, ours, error)}
    return {**row, **found, "status": "compared", **_reason(note, *causes)}


def _reason(note: str, *causes: str) -> dict:
    return {"note": note, "reason": "; ".join(filter(None, [note, *causes]))}


def sources(results: Results) -> list[dict]:
    """The papers with their citation and what differs between their conditions and ours."""
    return [
        {
            "source": source["short"],
            "citation": source["citation"],
            "differences": differences(source["conditions"], results),
        }
        for source in published()["sources"].values()
    ]


def _compared(entry: Mapping, ours: float | str, error: float | None) -> dict:
    """Ratio and deviation of ours from the published value or from the nearest end of the published range."""
    if isinstance(ours, str) or ("value" not in entry and "range" not in entry):
        return {}
    low, high = entry.get("range", [entry.get("value")] * 2)
    nearest = min(max(ours, low), high)
    ratio = ours / nearest if ours > 0 and nearest > 0 else None
    spread = math.hypot(error or 0.0, entry.get("half_digit", 0.0))
    return {"ratio": ratio, "sigma": (ours - nearest) / spread if error and spread else None}


def differences(conditions: Mapping, results: Results) -> list[str]:
    """What differs between a paper's conditions and ours, one phrase each."""
    settings = results.provenance.get("settings") or {}
    name = (results.provenance.get("forcefield") or {}).get("name")
    phrases = []
    if name and conditions.get("forcefield") and name not in conditions.get("forcefield_names", []):
        phrases.append(f"force field {name}; theirs: {conditions['forcefield']}")
    labels = {"n_atoms": "N", "density_per_a3": "number density (Å⁻³)", "cooling_rate_k_ps": "cooling rate (K/ps)"}
    for key, label in labels.items():
        ours, theirs = settings.get(key), conditions.get(key)
        if isinstance(ours, int | float) and theirs is not None and not math.isclose(ours, theirs, rel_tol=1e-3):
            phrases.append(f"{label} {ours:g}, theirs {theirs:g}")
        elif ours is not None and key in conditions and theirs is None:
            phrases.append(f"{label} not stated by them")
    if (
        settings.get("charge_compensation")
        and "charge_compensation" in conditions
        and not conditions["charge_compensation"]
    ):
        phrases.append(f"charge compensation {settings['charge_compensation']}, not stated by them")
    return phrases
