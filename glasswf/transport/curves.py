"""Slopes and exponents of displacement curves per replica and per block, and the curves as drawn."""

import numpy as np

from glasswf.transport import blocks
from glasswf.transport.blocks import Values
from glasswf.transport.ensemble import CHARGE, Cross, Ensemble
from glasswf.transport.result import MsdCurve
from glasswf.transport.uncertainty import Estimate, errors_over_replicas
from glasswf.transport.window import Window, WindowRule, exponent, log_lags, slope_weights

_DRAWN_FRACTION = 0.5  # of the run: longest lag shown


class Curves:
    """Displacement curves of an ensemble, read at log-spaced lags.

    lags: (n,) whole lags no longer than the rule allows. lags_ps: the same in ps.
    """

    def __init__(self, ensemble: Ensemble, rule: WindowRule):
        self.ensemble, self.rule = ensemble, rule
        self._longest = max(4, int(rule.max_lag_fraction * (ensemble.n_frames - 1)))
        self.lags = log_lags(self._longest)
        self.lags_ps = self.lags * ensemble.interval_ps

    def mean(self, name: str) -> np.ndarray:
        """MSD (n,) at `lags`, averaged over replicas."""
        return self._at(name, 1, self.lags).mean(axis=(0, 1))

    def every(self, name: str, longest: int) -> np.ndarray:
        """MSD (longest + 1,) at the lags of 0, 1, ... `longest` frames, averaged over replicas."""
        return self._at(name, 1, np.arange(longest + 1)).mean(axis=(0, 1))

    def slopes(self, name: str | Cross, window: Window, n_blocks: int) -> np.ndarray:
        """Slope against t (n_replicas, n_blocks) over the window, in Å²/ps or e² Å²/ps as the curves are."""
        inside = window.select(self.lags_ps)
        return self._at(name, n_blocks, self.lags[inside]) @ slope_weights(self.lags_ps[inside])

    def estimate(self, values: Values, *windows: Window) -> Estimate:
        """Mean over replicas of `values(1)`, with its error from `values(n_blocks)`, each (n_replicas, n_blocks).

        windows: those the values were fitted over; the longest decides into how many blocks the run is cut.
        """
        return blocks.estimate(self.ensemble, values, *windows)

    def ratio(self, top: Values, bottom: Values, *windows: Window) -> Estimate:
        """top/bottom, each as the values of `estimate`, with an error in which what both share cancels."""
        return blocks.ratio(self.ensemble, top, bottom, *windows)

    def exponent_error(self, name: str, window: Window) -> float:
        """Error of the exponent over a window."""
        inside = window.select(self.lags_ps)

        def exponents(n_blocks: int) -> np.ndarray:
            return exponent(self.lags_ps[inside], self._at(name, n_blocks, self.lags[inside]))

        return self.estimate(exponents, window).error

    def drawn(self, name: str, window: Window, scale: float = 1.0) -> MsdCurve:
        """The curve up to half the run, times `scale`, thinned to log-spaced lags."""
        lags = log_lags(int(_DRAWN_FRACTION * (self.ensemble.n_frames - 1)))
        lags_ps = lags * self.ensemble.interval_ps
        curves = self._at(name, 1, lags)[:, 0] * scale
        inside = window.diffusive & window.select(lags_ps)
        return MsdCurve(
            name,
            tuple(lags_ps.tolist()),
            tuple(curves.mean(axis=0).tolist()),
            errors_over_replicas(curves),
            tuple(inside.tolist()),
        )

    def drawn_charge(self, window: Window) -> MsdCurve:
        """The collective curve, per Σ z²."""
        return self.drawn(CHARGE, window, 1 / self.ensemble.squared_charges(CHARGE))

    def _at(self, name: str | Cross, n_blocks: int, lags: np.ndarray) -> np.ndarray:
        longest = int(_DRAWN_FRACTION * (self.ensemble.n_frames - 1)) if n_blocks == 1 else self._longest
        n_lags = min(longest + 1, self.ensemble.block_frames(n_blocks))
        return self.ensemble.curves(name, n_blocks, n_lags)[..., lags]
