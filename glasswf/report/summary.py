"""The head of the report: what the run says about the anomaly, and how far it can be trusted."""

from collections.abc import Mapping, Sequence

from glasswf import anomaly
from glasswf.figures.caption import spread
from glasswf.figures.tables import Results


def verdicts(tests: Sequence[Mapping]) -> list[dict]:
    """One entry per system scanned over m: `settled` and one `text` that gives the verdict with its p-value."""
    systems = dict.fromkeys(each["system"] for each in tests)
    return [_verdict(name, [each for each in tests if each["system"] == name]) for name in systems]


def limits(results: Results) -> list[str]:
    """Sentences on what the size and length of this run allow, counted from its tables."""
    rows = results.tables["diffusivity"]
    if not rows:
        return ["There are no diffusivities in these results."]
    found = [row for row in rows if row["diffusive"] is True]
    atoms, sodium = (spread(row[key] for row in rows) for key in ("n_atoms", "n_na"))
    points = {(row["system"], row["label"], row["temperature_k"]) for row in rows}
    return [
        f"Cells of {atoms} atoms, of which {sodium} are Na; "
        f"{spread(row['n_replicas'] for row in rows)} replicas of each of {len(points)} state points.",
        f"{len(found)} of {len(rows)} diffusivities ({100 * len(found) / len(rows):.0f} %) come from a diffusive window"
        + (f" ({_by_species(rows)}); the others are open symbols or upper bounds." if len(found) < len(rows) else "."),
        *_few_sodium(rows),
        *_errors(found),
    ]


def tested_rows(tests: Sequence[Mapping]) -> list[dict]:
    """Rows of the table of tests: series, points used, verdict, position and size of the largest D."""
    return [_tested(each) for each in tests]


def _verdict(name: str, tests: Sequence[Mapping]) -> dict:
    critical = tests[0]["m_critical"]
    done = [each for each in tests if "anomaly" in each]
    settled = [each for each in done if each["anomaly"].settled]
    expectation = f"m_c = {critical:.2f}" if critical else "no threshold expected at this x"
    if not done:
        text = f"not tested: no species has {anomaly.FEWEST} or more diffusive points on one isotherm"
    elif settled:
        where = ", ".join(f"{each['species']} at {each['temperature_k']:g} K near m = {each['anomaly'].position:.2f}"
                          for each in settled)  # fmt: skip
        text = f"a maximum of D inside the scan is settled for {len(settled)} of {len(done)} series ({where})"
    else:
        least = min(each["anomaly"].p_value for each in done)
        text = (f"whether D passes a maximum is not settled by this scan: a monotone change describes all {len(done)} "
                f"series within their errors (smallest p = {least:.2g}; settled below {anomaly.LEVEL:g})")  # fmt: skip
    return {"system": name, "settled": bool(settled), "text": f"{text}; {expectation}."}


def _tested(each: Mapping) -> dict:
    row = {key: each[key] for key in ("system", "species", "temperature_k", "n_left_out")}
    found = each.get("anomaly")
    if not found:
        return {
            **row,
            "settled": False,
            "verdict": f"not tested: {each['reason']}",
            "position": "–",
            "size": "–",
            "n": "–",
        }
    return {
        **row,
        "n": found.n_points,
        "settled": found.settled,
        "verdict": found.verdict,
        "position": f"{found.position:.2f} ({found.position_low:.2f} to {found.position_high:.2f})",
        "size": f"{100 * found.size:+.0f} ± {100 * found.size_err:.0f} %",
    }


def _by_species(rows: Sequence[Mapping]) -> str:
    counts = {}
    for row in rows:
        good, total = counts.get(row["species"], (0, 0))
        counts[row["species"]] = (good + (row["diffusive"] is True), total + 1)
    return ", ".join(f"{species} {good} of {total}" for species, (good, total) in counts.items())


def _few_sodium(rows: Sequence[Mapping]) -> list[str]:
    fewest = min(row["n_na"] for row in rows)
    if fewest >= 100:
        return []
    return [f"With as few as {fewest} Na atoms in a cell, D of Na and the collective conductivity scatter between "
            "replicas: read trends over several points, not single ones."]  # fmt: skip


def _errors(found: Sequence[Mapping]) -> list[str]:
    shares = sorted(
        row["diffusivity_err_cm2_s"] / row["diffusivity_cm2_s"]
        for row in found
        if row["diffusivity_err_cm2_s"] and row["diffusivity_cm2_s"]
    )
    if not shares:
        return ["No diffusivity has an error estimate."]
    middle = shares[len(shares) // 2]
    return [f"The median error of a diffusive D is {100 * middle:.0f} %; a change smaller than that is not seen."]
