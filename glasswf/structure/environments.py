"""Surroundings of the mobile ions: anions by their role in the network, and other mobile ions."""

import numpy as np

from glasswf.structure.frame_bonds import FrameBonds

FOLDS = range(3, 9)
DENOMINATORS = (
    dict.fromkeys(("mobile_coordination", "mobile_by_bridging", "mobile_by_non_bridging", "mobile_by_free"), "mobile")
    | {f"mobile_{fold}fold": "mobile" for fold in FOLDS}
    | {"mobile_other": "mobile", "mobile_mobile": "mobile"}
)


def counts(around: FrameBonds, network: FrameBonds) -> dict[str, float]:
    """Numbers of one frame, to be divided by the number of mobile ions.

    around: contacts of mobile ions (in the place of formers) with anions. network: bonds of formers with the same
    anions. An anion with two or more formers counts as bridging, with one as non-bridging, with none as free.
    """
    formers = network.formers_of_anion[around.anion]
    folds = {f"mobile_{fold}fold": np.count_nonzero(around.anions_of_former == fold) for fold in FOLDS}
    return {
        "mobile": around.n_formers,
        "mobile_coordination": len(around.anion),
        "mobile_by_bridging": np.count_nonzero(formers > 1),
        "mobile_by_non_bridging": np.count_nonzero(formers == 1),
        "mobile_by_free": np.count_nonzero(formers == 0),
        **folds,
        "mobile_other": around.n_formers - sum(folds.values()),
    }
