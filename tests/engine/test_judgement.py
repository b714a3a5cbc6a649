"""What is said of identities is worked out when it is read, once, and never decides what was solved."""

from __future__ import annotations

import copy
import pickle
from itertools import count
from unittest.mock import Mock

import numpy as np
import pytest

from model.language.later import Later
from model.periods.path import Path
from model.solving.repairs import repair_opening
from model.solving.solver import Options, solve
from tests.engine.builders import BMW_OPENING, BMW_PARAMETERS, bmw


def off() -> Path:
    """A path from an opening whose money issued is one more than the money held."""
    opening = BMW_OPENING | {"Ms": BMW_OPENING["Ms"] + 1.0}
    return solve(bmw(), opening, parameters=BMW_PARAMETERS, exogenous={}, periods=30, parameter_paths={"a0": np.full(31, 25.0)})


def test_a_value_is_computed_once_and_travels_as_a_value() -> None:
    calls = count(1)
    later = Later(lambda: next(calls))
    assert (later.value, later.value, pickle.loads(pickle.dumps(later)).value, copy.deepcopy(later).value) == (1, 1, 1, 1)
    assert next(calls) == 2


def test_solving_looks_for_no_repair_until_somebody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Mock(side_effect=repair_opening)
    monkeypatch.setattr("model.solving.forward.repair_opening", asked)
    path = off()
    assert path.residuals[1:].max() < 1e-13
    assert path.hidden_gaps[1:, 0].min() == pytest.approx(1.0)
    assert not asked.called
    assert path.certificates.max() < 1e-12
    assert path.consistency.repairs
    assert asked.call_count == 1


def test_a_path_that_travels_is_judged_as_at_home() -> None:
    path = off()
    other = pickle.loads(pickle.dumps(path))
    assert other.certificates.tobytes() == path.certificates.tobytes()
    assert other.consistency == path.consistency
    with pytest.raises(ValueError, match="read-only"):
        path.certificates[1] = 0.0


def test_certificates_are_at_least_the_residuals_and_without_a_proof_the_gaps() -> None:
    path = off()
    assert np.all(path.certificates >= path.residuals)
    raw = solve(
        bmw(),
        BMW_OPENING | {"Ms": BMW_OPENING["Ms"] + 1.0},
        parameters=BMW_PARAMETERS | {"a0": 25.0},
        exogenous={},
        periods=3,
        options=Options(repair=False),
    )
    assert not raw.consistency.repairs
    assert raw.certificates[1] == pytest.approx(1.0 / raw.hidden_scales[1, 0])
