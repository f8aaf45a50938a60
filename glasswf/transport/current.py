"""The autocorrelation of the charge current and its running integral."""

from functools import cache

import numpy as np
from scipy import fft

from glasswf.transport.blocks import Values
from glasswf.transport.conductivity import prefactor
from glasswf.transport.ensemble import Ensemble
from glasswf.transport.result import CurrentCurve
from glasswf.transport.uncertainty import errors_over_replicas
from glasswf.transport.window import Window


def autocorrelation(vectors: np.ndarray, n_lags: int) -> np.ndarray:
    """⟨J(0)·J(t)⟩ (n_lags,) of vectors (n_frames, 3) over all time origins, at lags of 0, 1, ... frames."""
    n_frames = len(vectors)
    size = fft.next_fast_len(n_frames + n_lags, real=True)
    spectrum = fft.rfft(vectors, size, axis=0)
    power = (spectrum.real**2 + spectrum.imag**2).sum(axis=1)
    return fft.irfft(power, size)[:n_lags] / (n_frames - np.arange(n_lags))


class CurrentIntegral:
    """Autocorrelation of J = Σ_i z_i v_i and its running integral times e²/(3 V k_B T), per replica and per block.

    lags_ps: (n_lags,), every one up to the longest.
    """

    def __init__(self, ensemble: Ensemble, temperature_k: float, n_lags: int):
        self.ensemble = ensemble
        self.lags_ps = np.arange(n_lags) * ensemble.interval_ps
        self._scale = prefactor(ensemble.volume_a3, temperature_k) / 3
        self._currents = [ensemble.current(index) for index in range(ensemble.n_replicas)]
        self._correlations = cache(self._correlations)

    def correlation(self) -> np.ndarray:
        """Autocorrelation (n_lags,) in e² Å²/ps², averaged over replicas."""
        return self._correlations(1).mean(axis=(0, 1))

    def running(self, n_blocks: int, every: int = 1) -> np.ndarray:
        """Integral (n_replicas, n_blocks, n) in S/cm up to each lag, from each `every`-th lag alone."""
        from scipy import integrate  # a third of a second, for those who dumped velocities

        step = every * self.ensemble.interval_ps
        values = self._correlations(n_blocks)[..., ::every]
        return self._scale * integrate.cumulative_trapezoid(values, dx=step, axis=-1, initial=0)

    def averaged(self, window: Window) -> Values:
        """The integral (S/cm), averaged over upper limits in the window."""
        inside = np.flatnonzero(window.select(self.lags_ps))
        return lambda n_blocks: self.running(n_blocks)[..., inside].mean(axis=-1)

    def changed(self, window: Window) -> Values:
        """Slope of the integral (S/cm) against ln t over the window."""
        inside = np.flatnonzero(window.select(self.lags_ps))
        x = np.log(self.lags_ps[inside])
        x -= x.mean()
        return lambda n_blocks: self.running(n_blocks)[..., inside] @ x / (x @ x)

    def discretisation_error(self, window: Window) -> float:
        """Error (S/cm) of the trapezoidal rule over the window, a third of what twice the interval would add."""
        inside = window.select(self.lags_ps)[::2]
        added = self.running(1, every=2) - self.running(1)[..., ::2]
        return float(abs(added[..., inside].mean()) / 3)

    def drawn(self, stop_ps: float) -> CurrentCurve:
        """The curves up to a lag; errors from replicas, None for one."""
        shown = self.lags_ps <= stop_ps
        mean, running = self.correlation()[shown], self.running(1)[:, 0, shown]
        return CurrentCurve(
            tuple(self.lags_ps[shown].tolist()),
            tuple((mean / (mean[0] or 1.0)).tolist()),
            tuple(running.mean(axis=0).tolist()),
            errors_over_replicas(running),
        )

    def _correlations(self, n_blocks: int) -> np.ndarray:
        n_lags = min(len(self.lags_ps), self.ensemble.block_frames(n_blocks))
        parts = self.ensemble.blocks(n_blocks)
        return np.array([[autocorrelation(current[part], n_lags) for part in parts] for current in self._currents])
