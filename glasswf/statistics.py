"""Means, slopes and their errors for correlated time series."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

_BLOCKS = 8
FEWEST_FRAMES = 10  # from which deviations in time are told


def block_means(series: ArrayLike, n_blocks: int = _BLOCKS) -> NDArray[np.float64]:
    """Means (n_blocks,) of equal consecutive blocks; samples that do not fill the last block are left out."""
    series = np.asarray(series, dtype=float)
    length = len(series) // n_blocks
    return series[: length * n_blocks].reshape(n_blocks, length).mean(axis=1)


def mean_and_error(series: ArrayLike) -> tuple[float, float]:
    """Mean of a correlated series and its standard error from eight blocks; the error is NaN below 16 samples."""
    series = np.asarray(series, dtype=float)
    if len(series) < 2 * _BLOCKS:
        return float(series.mean()), float("nan")
    return float(series.mean()), float(block_means(series).std(ddof=1) / np.sqrt(_BLOCKS))


def slope_and_error(times: ArrayLike, series: ArrayLike) -> tuple[float, float]:
    """Least-squares slope of a correlated series and its standard error, both over the means of eight blocks.

    Blocks longer than the correlation time are independent, which single samples are not. NaN below 16 samples.
    """
    if len(np.asarray(series)) < 2 * _BLOCKS:
        return float("nan"), float("nan")
    t, y = block_means(times), block_means(series)
    t, y = t - t.mean(), y - y.mean()
    slope = (t @ y) / (t @ t)
    variance = ((y - slope * t) ** 2).sum() / (_BLOCKS - 2)
    return float(slope), float(np.sqrt(variance / (t @ t)))
