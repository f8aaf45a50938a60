"""What every caption must say: formula, error bars, open symbols, size, replicas, force field, charges, density."""

from collections.abc import Iterable, Mapping, Sequence

from glasswf.figures.tables import Results

NOT_RECORDED = "not recorded"
CONDUCTIVITY = (
    "Collective conductivity: σ = e²/(6tVk_BT) Σ_ij z_i z_j ⟨Δr_i·Δr_j⟩, eq. (5) of Phys. Rev. Lett. 134, 036303; "
    "Nernst-Einstein: σ_NE = e²/(Vk_BT) Σ_k N_k z_k² D_k."
)
SELF_PARTS = (
    "Self parts: σ_k = e²/(Vk_BT) N_k z_k² D_k, eq. (7) of Legrand et al. with the N_k that is missing there; "
    "network: the sum over all other species. They add up to σ_NE."
)
COLLECTIVE_PARTS = (
    "Collective parts: e² Σ z_k z_l L_kl with the Onsager coefficients L_kl in the barycentric frame; they add up "
    "to the collective σ."
)
GREEN_KUBO = "Green-Kubo: σ = e²/(3Vk_BT) ∫⟨J(0)·J(t)⟩dt, J = Σ z_i v_i, up to its plateau."
FITS = (
    "Lines: weighted Arrhenius fits through the diffusive points, or Vogel-Tammann-Fulcher fits where the criterion "
    "prefers them."
)
FIT_BANDS = "Bands: 68 % interval of the Arrhenius fits."
DIFFUSIVITY = "D_k = (1/6) d⟨Δr_k²⟩/dt over the diffusive window of the multi-origin MSD."
OPEN = (
    "Open symbols: state points that have not reached the diffusive regime (not diffusive) or failed a gate of their "
    "runs; an arrow pointing down marks an upper bound."
)
THRESHOLD = (
    "Broken line: m_c = (4−12x)/(1−x), where the constraint count of eq. (1) of Phys. Rev. Lett. 134, 036303 vanishes."
)


def unseen(rows: Iterable[Mapping], value: str) -> str:
    """Sentence on values that a logarithmic axis cannot show, or nothing."""
    count = sum(row[value] is not None and row[value] <= 0 for row in rows)
    return (
        f"{count} values that are not positive within this run have no place on the logarithmic axis." if count else ""
    )


def composition(row: Mapping) -> str:
    """Which composition, as "NS (x = 0.50, m = 2.00)"."""
    return f"{row['system']} (x = {row['x']:.2f}, m = {row['m']:.2f})"


def conditions(results: Results, rows: Sequence[Mapping]) -> str:
    """One sentence with the conditions of the run, each "not recorded" where provenance.json does not tell."""
    settings = results.provenance.get("settings") or {}
    forcefield = (results.provenance.get("forcefield") or {}).get("name", NOT_RECORDED)
    parts = [
        f"N = {spread(row.get('n_atoms') for row in rows)} atoms",
        f"{spread(row.get('n_replicas') for row in rows)} replicas per point",
        f"force field {forcefield}",
        f"charge compensation {described(settings.get('charge_compensation'))}",
        f"density {described(settings.get('density_per_a3'))} Å⁻³",
    ]
    return "; ".join(parts) + "."


def error_bars(rows: Iterable[Mapping]) -> str:
    """How the error bars were obtained, as the tables say it."""
    methods = sorted({str(row["error_method"]) for row in rows if row.get("error_method") is not None})
    return f"Error bars: 68 % interval of the mean ({', '.join(methods) or 'method ' + NOT_RECORDED})."


def spread(values: Iterable) -> str:
    """Format "600" or "1-3", or "not recorded" if there is no number."""
    numbers = sorted({value for value in values if value is not None})
    if not numbers:
        return NOT_RECORDED
    return f"{numbers[0]:g}" if len(numbers) == 1 else f"{numbers[0]:g}-{numbers[-1]:g}"


def described(setting: object) -> str:
    """A setting as text: a scalar, one value per system ("NS9: 0.04, NS: 0.043"), or "not recorded"."""
    if isinstance(setting, Mapping):
        return ", ".join(f"{key}: {described(value)}" for key, value in setting.items()) or NOT_RECORDED
    if isinstance(setting, list | tuple):
        return ", ".join(map(described, setting)) or NOT_RECORDED
    if setting is None:
        return NOT_RECORDED
    return f"{setting:.4g}" if isinstance(setting, float) else str(setting)
