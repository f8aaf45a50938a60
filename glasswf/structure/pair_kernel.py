"""Compiled loop over close pairs; imported where it is called, as numba takes half a second."""

import numpy as np
from numba import njit

_ANY_ORDER = {"reassoc", "contract"}  # sums may be taken in any order, so that they fill the vector registers


@njit(cache=True)
def add_column_pairs(x, y, z, first_bin, starts, inner, n_columns, offsets, heights, lengths, per_width, counts):
    """Count each pair of atoms once by the species of the two and by r · per_width.

    x, y, z: (n,) positions and their images along z, sorted by column of the (x, y) plane, then by z. first_bin: (n,)
    bin of r = 0 of the species of each in a row of `counts`. starts: (n_columns + 1,) where each column begins. inner:
    (n_columns, 2) atoms of each column inside the box. n_columns: (2,) along x and y. offsets: (m, 2) columns to look
    at from each, of every two opposite ones one; the first is the column itself. heights: (m,) farthest z of a pair.
    lengths: (3,) of the box. counts: (n_species, n), with a last bin for each species that takes longer distances.
    """
    n_bins = counts.shape[1] // counts.shape[0] - 1
    found = np.empty(len(x), dtype=np.int32)
    for column in range(len(inner)):
        for index in range(len(offsets)):
            image_x, column_x = _image(column // n_columns[1] + offsets[index, 0], n_columns[0])
            image_y, column_y = _image(column % n_columns[1] + offsets[index, 1], n_columns[1])
            other = column_x * n_columns[1] + column_y
            shift_x, shift_y, height = image_x * lengths[0], image_y * lengths[1], heights[index]
            low, stop = starts[other], starts[other + 1]
            high = low
            for atom in range(inner[column, 0], inner[column, 1]):
                z0 = z[atom]
                if index == 0:
                    low = atom + 1
                while low < stop and z[low] < z0 - height:
                    low += 1
                high = max(low, high)
                while high < stop and z[high] <= z0 + height:
                    high += 1
                near = slice(low, high)
                bins = found[: high - low]
                x0, y0 = x[atom] - shift_x, y[atom] - shift_y
                _bins(x0, y0, z0, x[near], y[near], z[near], first_bin[near], n_bins, per_width, bins)
                row = counts[first_bin[atom] // (n_bins + 1)]
                for place in bins:
                    row[np.uint32(place)] += 1


@njit(cache=True, inline="always")
def _image(column, n_columns):
    """Which image of the box a column lies in, and its number there."""
    image = column // n_columns
    return image, column - image * n_columns


@njit(cache=True, fastmath=_ANY_ORDER)
def _bins(x0, y0, z0, x, y, z, first_bin, n_bins, per_width, bins):
    """Place in a row of counts of the distance from one point to each of others; apart, so that it is vectorised."""
    beyond = np.float64(n_bins)
    for other in range(len(bins)):
        dx, dy, dz = x[other] - x0, y[other] - y0, z[other] - z0
        distance = np.sqrt(dx * dx + dy * dy + dz * dz) * per_width
        bins[other] = first_bin[other] + np.int32(min(distance, beyond))
