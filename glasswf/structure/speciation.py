"""What formers and anions are: bridging, terminal and free anions, Q^n, coordination, homopolar bonds."""

import numpy as np

from glasswf.structure.frame_bonds import FrameBonds

_LARGEST_Q = 4
FOLDS = (3, 4, 5)
DENOMINATORS = (
    {f"q{n}": "formers" for n in range(_LARGEST_Q + 1)}
    | {"q5plus": "formers", "mean_n": "formers"}
    | dict.fromkeys(("bridging", "non_bridging", "free_anion", "triply_bonded"), "anions")
    | {f"former_{fold}fold": "formers" for fold in FOLDS}
    | {"former_other": "formers", "former_former": "formers", "homopolar": "anions", "close_anions": "anions"}
)


def counts(bonded: FrameBonds) -> dict[str, float]:
    """Numbers of one frame, to be divided by those named in DENOMINATORS.

    An anion is bridging with two formers, triply bonded with three or more, non-bridging with one, free with none.
    Q^n is a former with n anions that have two or more formers; mean_n is their number over all formers (eq. (8) of
    Legrand et al. 2025, ⟨n⟩ = Σ n p_n).
    """
    of_anion, of_former = bonded.formers_of_anion, bonded.anions_of_former
    n = np.bincount(bonded.former[of_anion[bonded.anion] > 1], minlength=bonded.n_formers)
    anions = {
        "free_anion": np.count_nonzero(of_anion == 0),
        "non_bridging": np.count_nonzero(of_anion == 1),
        "bridging": np.count_nonzero(of_anion == 2),
        "triply_bonded": np.count_nonzero(of_anion > 2),
    }
    species = {f"q{k}": np.count_nonzero(n == k) for k in range(_LARGEST_Q + 1)}
    species |= {"q5plus": np.count_nonzero(n > _LARGEST_Q), "mean_n": n.sum()}
    folds = {f"former_{fold}fold": np.count_nonzero(of_former == fold) for fold in FOLDS}
    folds["former_other"] = bonded.n_formers - sum(folds.values())
    return {"formers": bonded.n_formers, "anions": bonded.n_anions, **anions, **species, **folds}


def homopolar_counts(
    bonded: FrameBonds, pairs: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray], cutoff_a: float
) -> dict[str, float]:
    """Pairs of anions closer than `cutoff_a` (Å): all (close_anions), and those without a common former (homopolar).

    pairs: first, second, lengths in Å, and images of the second, each (n, ...), every pair in both directions.
    """
    first, second, lengths, images = pairs
    near = lengths < cutoff_a
    shared = bonded.share_a_former(first[near], second[near], images[near])
    return {"close_anions": len(shared) / 2, "homopolar": np.count_nonzero(~shared) / 2}
