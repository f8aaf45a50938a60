"""σ of one melt against 1000/T with the parts of Na and the network: Legrand Figs. 3(b) and 14(b).

The left panel holds self parts, which add up to σ_NE; the right one collective parts, which add up to the collective σ.
"""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glasswf.figures import caption, fits, marks, references
from glasswf.figures.melt import composition_rows, same
from glasswf.figures.numbers import plain
from glasswf.figures.scan import AXIS, inverse
from glasswf.figures.style import CONDUCTIVITY_COLOUR, OKABE_ITO, PAGE_MM, new_figure, species_colour
from glasswf.figures.tables import COLLECTIVE, NERNST_EINSTEIN, Results, trusted
from glasswf.landmarks import DEPOLYMERISED_WITHIN, DEPOLYMERISED_X

# route in the table of parts, kind of the σ they add up to, its name, name of the panel
_PANELS = (
    ("self", NERNST_EINSTEIN, "Nernst-Einstein", r"$\sigma$ Nernst-Einstein, self parts"),
    ("collective", COLLECTIVE, "collective", r"$\sigma$ collective, collective parts"),
)
_VALUE = ("conductivity_s_cm", "conductivity_err_s_cm")


def select(results: Results) -> dict[str, list[dict]]:
    """σ, its parts and fits at x = 0.50, m = 2, or the nearest composition at m = 2."""
    return _select(results, composition_rows(results, "conductivity_parts"))


def select_depolymerised(results: Results) -> dict[str, list[dict]]:
    """The same at x = 0.60, within 0.02."""
    return _select(results, composition_rows(results, "conductivity_parts", DEPOLYMERISED_X, DEPOLYMERISED_WITHIN))


def _select(results: Results, parts: list[dict]) -> dict[str, list[dict]]:
    kinds = [kind for _, kind, _, _ in _PANELS]
    sigma = [row for row in same(results, "conductivity", parts[0]) if row["kind"] in kinds]
    lines = [row for row in same(results, "arrhenius", parts[0]) if row["quantity"].removeprefix("sigma_") in kinds]
    return {"conductivity": sigma, "conductivity_parts": parts, "arrhenius": lines}


def part_colour(name: str) -> str:
    """Colour of a part: that of the species, black for the network, purple for what couples two."""
    ends = set(name.split("-"))
    if len(ends) > 1:
        return OKABE_ITO["purple"]
    return OKABE_ITO["black"] if ends == {"network"} else species_colour(ends.pop())


def part_marker(name: str) -> str:
    """Marker of a part, told apart where colours are not."""
    if len(set(name.split("-"))) > 1:
        return "D"
    return "s" if "network" in name else "o"


def paint(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """σ and its parts, a panel per route."""
    sigma, parts = chosen["conductivity"], chosen["conductivity_parts"]
    figure = new_figure(PAGE_MM, 92)
    (panels,) = marks.grid(figure, 1, 2)
    drawn = []
    for axes, (route, kind, _, name) in zip(panels, _PANELS, strict=True):
        total = [row for row in sigma if row["kind"] == kind]
        lines = [row for row in chosen["arrhenius"] if row["quantity"] == f"sigma_{kind}"]
        mine = [row for row in parts if row["route"] == route]
        drawn += _panel(axes, total, lines, mine)
        marks.name_panel(axes, name, right=True)
        axes.set_xlabel(AXIS[None])
    marks.log_limits(panels[0], drawn, headroom=0.12)
    panels[0].set_ylabel(r"$\sigma$ (S cm$^{-1}$)")
    marks.legend(figure, _keys(sigma, parts), 4)
    return figure, _caption(results, chosen)


def _panel(axes: Axes, total: Sequence[dict], lines: Sequence[dict], parts: Sequence[dict]) -> list[marks.Point]:
    drawn = marks.points(total, inverse, *_VALUE)
    marks.draw_points(axes, drawn, CONDUCTIVITY_COLOUR, "v", "none")
    for fit in lines:
        fits.draw_fit(axes, fit, total, CONDUCTIVITY_COLOUR)
    for name in _names(parts):
        made = marks.points([row for row in parts if row["part"] == name], inverse, *_VALUE)
        marks.draw_points(axes, made, part_colour(name), part_marker(name), "--", width=0.7)
        drawn += made
    return drawn


def _names(parts: Sequence[dict]) -> list[str]:
    return list(dict.fromkeys(row["part"] for row in parts))


def _keys(sigma: Sequence[dict], parts: Sequence[dict]) -> list:
    keys = [marks.key(r"$\sigma$", CONDUCTIVITY_COLOUR, "v", "-")]
    labels: dict[tuple[str, str], list[str]] = {}
    for name in _names(parts):
        labels.setdefault((part_colour(name), part_marker(name)), []).append(name)
    keys += [marks.key(", ".join(names), *look, "--", linewidth=0.7) for look, names in labels.items()]
    return keys + marks.open_key([*sigma, *parts])


def _caption(results: Results, chosen: dict[str, list[dict]]) -> str:
    sigma, parts, lines = chosen["conductivity"], chosen["conductivity_parts"], chosen["arrhenius"]
    first = parts[0]
    text = f"Conductivity of {caption.composition(first)} against inverse temperature, and the parts of Na and network."
    energies = "; ".join(f"{name} {fits.energy(lines, f'sigma_{kind}')}" for _, kind, name, _ in _PANELS)
    printed = references.of_composition("activation_energy", first["x"], first["m"], of="sigma")
    beside = f" (printed: {references.printed(printed[0])} eV)" if printed else ""
    sentences = [text, caption.CONDUCTIVITY, caption.SELF_PARTS, caption.COLLECTIVE_PARTS, caption.FITS,
                 caption.FIT_BANDS, f"E_A of σ: {energies}{beside}.", _ratio(parts), caption.error_bars(sigma),
                 caption.OPEN, caption.unseen([*sigma, *parts], "conductivity_s_cm")]  # fmt: skip
    return " ".join(filter(None, [*sentences, caption.conditions(results, sigma or parts)]))


def _ratio(parts: Sequence[dict]) -> str:
    """Network over mobile part on the self route at the lowest trusted temperature, beside the printed ratio."""
    own = [row for row in parts if row["route"] == "self" and trusted(row) and (row["conductivity_s_cm"] or 0) > 0]
    both = {
        row["temperature_k"]: row for row in own if row["part"] == "network"
    }  # fmt: skip
    sodium = {row["temperature_k"]: row for row in own if row["part"] == "Na" and row["temperature_k"] in both}
    ours = "σ_network/σ_Na is not to be had here"
    if sodium:
        coldest = min(sodium)
        ratio = both[coldest]["conductivity_s_cm"] / sodium[coldest]["conductivity_s_cm"]
        ours = f"σ_network/σ_Na of the self parts is {plain(ratio, 2)} at {coldest:g} K"
    found = references.of_composition("conductivity_split", parts[0]["x"], parts[0]["m"])
    printed = f" (printed: {references.printed(found[0])} at {found[0]['temperature_k']:g} K)" if found else ""
    return f"{ours}{printed}."
