"""Files of what varies: read as written, refused by line."""

from __future__ import annotations

from datetime import date

import pytest

from dollarflow.ensembles.variation import Process, check_window
from dollarflow.ensembles.variation_files import read_variation
from model.scenarios.places import BadFile
from tests.application import toy

VALUES = {"a_notes": 0.18, "beta": 0.4, "dividend_share": 0.05}
RANGES = {"beta": (0.1, 0.9)}
GOOD = """
title = "rates"
[[parameter]]
name = "beta"
distribution = "normal"
sd = 0.1

[[parameter]]
name = "a_notes"
distribution = "triangular"
low = 0.1
high = 0.3
source = "judgement"

[[shock]]
variable = "yield_anchor"
process = "ar1"
sd = 0.001
persistence = 0.9
from = 2025-11-05
also = { spending = 2.0 }

[[correlation]]
between = ["beta", "a_notes"]
value = -0.5
"""


def test_a_file_says_what_varies() -> None:
    found = read_variation(GOOD, "vary.toml", toy.system(), VALUES, RANGES)
    beta, notes = (f.distribution for f in found.factors)
    assert (beta.mean, beta.sd, beta.low, beta.high) == (0.4, 0.1, 0.1, 0.9)
    assert (notes.low, notes.mode, notes.high) == (0.1, 0.18, 0.3)
    (shock,) = found.processes
    assert (shock.variable, shock.kind, shock.sd, shock.persistence, shock.also) == (
        "yield_anchor",
        "ar1",
        0.001,
        0.9,
        (("spending", 2.0),),
    )
    assert str(shock.start) == "2025-11-05"
    assert found.correlations == (("beta", "a_notes", -0.5),)
    assert found.labels == ("beta", "a_notes", "yield_anchor")


PARAMETER = '[[parameter]]\nname = "{}"\ndistribution = "{}"\n{}\n'
SHOCK = '[[shock]]\nvariable = "{}"\nprocess = "{}"\nsd = {}\n{}\n'


def test_a_window_lies_in_the_run() -> None:
    """A window beyond the end may reach past it only where the caller chose the length."""
    days = (date(2025, 10, 29), date(2025, 11, 5), date(2025, 11, 12))
    check_window(Process("x", "iid", 1.0, end=date(2026, 1, 1)), days, clip=True)
    for start, end, message in (
        (date(2030, 1, 1), None, "from 2030-01-01 is outside the horizon, 2025-10-29 to 2025-11-12"),
        (None, date(2026, 1, 1), "to 2026-01-01 is outside the horizon"),
        (date(2025, 11, 6), date(2025, 11, 11), "no period ends between 2025-11-06 and 2025-11-11"),
    ):
        with pytest.raises(ValueError, match=message):
            check_window(Process("x", "iid", 1.0, start=start, end=end), days, clip=False)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "vary.toml: nothing varies"),
        (PARAMETER.format("betta", "uniform", "low = 0\nhigh = 1"), "vary.toml:2: no parameter is named 'betta' (did you mean 'beta'?)"),
        (PARAMETER.format("qe", "uniform", "low = 0\nhigh = 1"), "vary.toml:2: 'qe' is exogenous: give it under [[shock]]"),
        (PARAMETER.format("beta", "uniform", "low = 0\nhihg = 1"), "vary.toml:5: unknown key 'hihg' (did you mean 'high'?)"),
        (PARAMETER.format("beta", "gaussian", "sd = 1"), "vary.toml:3: parameter.distribution is 'gaussian'; allowed: 'normal'"),
        (PARAMETER.format("beta", "normal", ""), "vary.toml:1: beta: a normal number needs sd"),
        (PARAMETER.format("beta", "normal", 'sd = "wide"'), "vary.toml:4: parameter.sd: 'wide' is not a finite number"),
        (PARAMETER.format("beta", "uniform", "mean = 0.3"), "vary.toml:4: a uniform number has no mean"),
        (PARAMETER.format("beta", "uniform", "low = 0.8\nhigh = 0.2"), "vary.toml:1: beta: low 0.8 is not below high 0.2"),
        (PARAMETER.format("beta", "normal", "sd = 0.1") * 2, "vary.toml: parameter 'beta' is given twice"),
        (
            SHOCK.format("deposit_rate", "iid", "1", ""),
            "vary.toml:2: 'deposit_rate' is solved for; shock its add-factor 'add__deposit_rate'",
        ),
        (SHOCK.format("spendign", "iid", "1", ""), "vary.toml:2: no exogenous variable is named 'spendign' (did you mean 'spending'?)"),
        (SHOCK.format("spending", "ar1", "1", ""), "vary.toml:1: spending: process ar1 needs persistence"),
        (SHOCK.format("spending", "ar1", "1", "persistence = 1.5"), "vary.toml:1: spending: persistence 1.5 is outside"),
        (SHOCK.format("spending", "iid", "-1", ""), "vary.toml:1: spending: sd -1 is not a finite number above 0"),
        (GOOD.replace('"a_notes"]', '"a_nots"]'), "'a_nots' is no [[parameter]] of this file (did you mean 'a_notes'?)"),
        (GOOD.replace("value = -0.5", "value = 1.5"), "the correlation of beta and a_notes is 1.5; allowed: between -1 and 1"),
        (GOOD + '[[correlation]]\nbetween = ["a_notes", "beta"]\nvalue = 0.5\n', "the correlation of a_notes and beta is given twice"),
        (GOOD.replace("sd = 0.001", "sd = 0.001\nto = 2025-11-01"), "from 2025-11-05 comes after to 2025-11-01"),
        (GOOD.replace("{ spending = 2.0 }", "{ yield_anchor = 1.0 }"), "also names 'yield_anchor' itself"),
        ("[[parameter]\n", "vary.toml:1: broken TOML"),
    ],
)
def test_faults_are_refused_by_line(text: str, message: str) -> None:
    with pytest.raises(BadFile) as refused:
        read_variation(text, "vary.toml", toy.system(), VALUES, RANGES)
    assert message in str(refused.value)
