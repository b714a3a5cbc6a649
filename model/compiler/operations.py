"""A tape's elementary operations on numpy arrays: the values of machine code, element by element, but for the last bit of libm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def _softplus(x: Any, w: Any) -> Any:
    kink = np.maximum(x, 0.0)
    width = np.where(np.asarray(w) > 0, w, 1.0)
    return np.where(np.asarray(w) > 0, kink + width * np.log1p(np.exp(-(np.abs(x) / width))), kink)


def _logistic(x: Any, w: Any) -> Any:
    width = np.where(np.asarray(w) > 0, w, 1.0)
    strict = np.where(np.asarray(x) > 0, 1.0, np.where(np.asarray(x) < 0, 0.0, 0.5))
    return np.where(np.asarray(w) > 0, 1.0 / (1.0 + np.exp(-(np.asarray(x) / width))), strict)


OPERATIONS: dict[str, Callable[..., Any]] = {
    "div": np.divide,
    "neg": np.negative,
    "abs": np.abs,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "tanh": np.tanh,
    "sin": np.sin,
    "cos": np.cos,
    "pow": np.power,
    "hypot": np.hypot,
    "softplus": _softplus,
    "logistic": _logistic,
    "min": np.minimum,
    "max": np.maximum,
    "select": np.where,
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "eq": np.equal,
    "ne": np.not_equal,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
}
