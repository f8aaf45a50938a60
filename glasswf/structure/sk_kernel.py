"""Compiled loop over atoms and wave vectors; imported where it is called, as numba takes half a second."""

import numpy as np
from numba import njit

_ANY_ORDER = {"reassoc", "contract"}  # sums may be taken in any order, so that they fill the vector registers
_ATOMS = 384  # at once: their cosines and sines stay in the cache (measured)


@njit(cache=True)
def add_products(fractions, triples, sums):
    """Add the eight products of cosines and sines of 2π n x along the three axes, summed over atoms.

    fractions: (3, n) positions in units of the box. triples: (m, 3) integers n >= 0. sums: (m, 8), in the order ccc,
    ccs, csc, css, scc, scs, ssc, sss of the axes x, y, z.
    """
    highest = np.zeros(3, dtype=np.int64)
    for axis in range(3):
        highest[axis] = triples[:, axis].max()
    cosines = np.empty((3, highest.max() + 1, _ATOMS))
    sines = np.empty_like(cosines)
    for start in range(0, fractions.shape[1], _ATOMS):
        part = fractions[:, start : start + _ATOMS]
        n = part.shape[1]
        for axis in range(3):
            _powers(part[axis], highest[axis], cosines[axis], sines[axis])
        for index in range(len(triples)):
            i, j, k = triples[index]
            _add(cosines[0, i, :n], sines[0, i, :n], cosines[1, j, :n], sines[1, j, :n], cosines[2, k, :n],
                 sines[2, k, :n], sums[index])  # fmt: skip


@njit(cache=True)
def _powers(fractions, highest, cosines, sines):
    """Cosines and sines (., n) of 2π n x for n up to the highest, each from the one before."""
    for atom in range(len(fractions)):
        phase = 2 * np.pi * (fractions[atom] - np.floor(fractions[atom]))
        cosine, sine = np.cos(phase), np.sin(phase)
        c, s = 1.0, 0.0
        for n in range(highest + 1):
            cosines[n, atom], sines[n, atom] = c, s
            c, s = c * cosine - s * sine, s * cosine + c * sine


@njit(cache=True, fastmath=_ANY_ORDER)
def _add(cx, sx, cy, sy, cz, sz, sums):
    ccc, ccs, csc, css, scc, scs, ssc, sss = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for atom in range(len(cx)):
        cc, cs, sc, ss = cx[atom] * cy[atom], cx[atom] * sy[atom], sx[atom] * cy[atom], sx[atom] * sy[atom]
        c, s = cz[atom], sz[atom]
        ccc += cc * c
        ccs += cc * s
        csc += cs * c
        css += cs * s
        scc += sc * c
        scs += sc * s
        ssc += ss * c
        sss += ss * s
    sums[0] += ccc
    sums[1] += ccs
    sums[2] += csc
    sums[3] += css
    sums[4] += scc
    sums[5] += scs
    sums[6] += ssc
    sums[7] += sss
