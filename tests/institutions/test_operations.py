"""Array operations against numpy's and scipy's own functions, and their limits at width zero."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from model.compiler.operations import OPERATIONS

POINTS = np.array([-40.0, -1.5, -1e-9, 0.0, 1e-9, 0.7, 35.0])


@pytest.mark.parametrize("width", [0.01, 1.0, 3.0])
def test_smooth_operations_are_the_textbook_functions(width: float) -> None:
    with np.errstate(over="ignore"):
        np.testing.assert_allclose(
            OPERATIONS["softplus"](POINTS, width), width * np.logaddexp(0.0, POINTS / width), rtol=1e-14, atol=1e-300
        )
        np.testing.assert_allclose(OPERATIONS["logistic"](POINTS, width), expit(POINTS / width), rtol=1e-14)


def test_width_zero_is_the_kink_and_the_step() -> None:
    np.testing.assert_array_equal(OPERATIONS["softplus"](POINTS, 0.0), np.maximum(POINTS, 0.0))
    np.testing.assert_array_equal(OPERATIONS["logistic"](POINTS, 0.0), np.heaviside(POINTS, 0.5))


def test_widths_may_differ_between_members() -> None:
    widths = np.array([0.0, 1.0])
    np.testing.assert_allclose(OPERATIONS["softplus"](np.array([2.0, 2.0]), widths), [2.0, np.log1p(np.exp(2.0))], rtol=1e-15)
