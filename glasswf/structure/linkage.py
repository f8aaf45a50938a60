"""How tetrahedra are linked: by a corner, an edge or a face."""

import numpy as np

from glasswf.structure.frame_bonds import Links

DENOMINATORS = {
    "corner_sharing_links": "links", "edge_sharing_links": "links", "face_sharing_links": "links",
    "edge_sharing_tetrahedra": "formers", "edge_0": "formers", "edge_1": "formers", "edge_2": "formers",
}  # fmt: skip


def counts(links: Links) -> dict[str, float]:
    """Numbers of one frame, to be divided by those named in DENOMINATORS.

    Links share one (corner), two (edge) or three and more (face) anions. edge_0, edge_1, edge_2: formers with no, one,
    two or more links by an edge; edge_sharing_tetrahedra: with one or more.
    """
    edges = np.bincount(links.first[links.shared == 2], minlength=links.n_formers)
    return {
        "links": len(links.first) / 2,
        "corner_sharing_links": np.count_nonzero(links.shared == 1) / 2,
        "edge_sharing_links": np.count_nonzero(links.shared == 2) / 2,
        "face_sharing_links": np.count_nonzero(links.shared > 2) / 2,
        "edge_sharing_tetrahedra": np.count_nonzero(edges),
        "edge_0": np.count_nonzero(edges == 0),
        "edge_1": np.count_nonzero(edges == 1),
        "edge_2": np.count_nonzero(edges > 1),
    }
