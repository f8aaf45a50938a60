import numpy as np

from glasswf.transport import kernel, loops


def test_compiled_and_plain_loops_agree():
    rng = np.random.default_rng(0)
    path = np.cumsum(rng.normal(size=(4, 3, 50)), axis=2)
    lags, strides = np.array([1, 7, 30]), np.array([1, 3, 4])
    plain, compiled = np.zeros((2, 3)), np.zeros((2, 3))
    loops.add_moments(path, lags, strides, plain)
    kernel.add_moments(path, lags, strides, compiled)
    np.testing.assert_allclose(plain, compiled, rtol=1e-12)
    for lag, stride in zip(lags.tolist(), strides.tolist(), strict=True):
        plain, compiled = (np.zeros(300, dtype=np.int64) for _ in range(2))
        loops.add_distances(path, lag, stride, 5.0, plain)
        kernel.add_distances(path, lag, stride, 5.0, compiled)
        np.testing.assert_array_equal(plain, compiled)


def test_few_displacements_do_not_wait_for_the_compiler():
    assert loops.chosen(1000) is loops
    assert loops.chosen(10**9) is kernel
