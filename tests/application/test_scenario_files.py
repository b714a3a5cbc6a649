"""Scenario files: what is read, what is refused, with the line and the way out."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from dollarflow import dollar_system, opening_state, simulate
from model.periods.inputs import InputError
from model.scenarios.places import BadFile
from model.scenarios.scenario import Scenario, read_scenario
from model.scenarios.shocks import Drivers, apply, exogenise
from tests.application import toy

DATES = tuple(date.fromordinal(date(2025, 10, 29).toordinal() + 7 * i) for i in range(7))
HEAD = 'title = "A test"\n'


def drivers() -> Drivers:
    state = toy.opening()
    paths = {name: np.full(7, value) for name, value in state.exogenous.items()}
    return Drivers(state.parameters, {**paths, "dt": np.full(7, 1 / 52)})


def applied(text: str, clip: bool = False) -> Drivers:
    scenario = read_scenario(HEAD + text, "test")
    return apply(scenario, exogenise(scenario, toy.system()), DATES, drivers(), toy.opening().values, clip=clip)


def test_file_reads_into_an_immutable_scenario() -> None:
    text = """
title = "A test"
story = "s"
source = "o"
baseline = "baseline"
[horizon]
start = 2025-10-29
periods = 6
clock = "weekly"
[parameters]
beta = 0.5
[[shock]]
variable = "iorb"
from = "2025-11-05"
to = 2025-11-19
add = -0.01
[switch]
calendar = false
[exogenise]
deposit_rate = 0.02
[[expect]]
variable = "deposits"
date = 2025-11-26
sign = "+"
low = 1
unit = "bn"
source = "x"
"""
    scenario = read_scenario(text, "test")
    assert scenario.parameters == (("beta", 0.5),)
    assert scenario.shock[0].start == date(2025, 11, 5)
    assert scenario.exogenise[0][1].value == 0.02
    with pytest.raises(ValueError, match="frozen"):
        scenario.title = "other"


def test_shock_changes_the_periods_that_end_in_its_window() -> None:
    path = applied('[[shock]]\nvariable = "iorb"\nfrom = 2025-11-06\nto = 2025-11-26\nadd = -0.01\n').exogenous["iorb"]
    assert path == pytest.approx([0.04, 0.04, 0.03, 0.03, 0.03, 0.04, 0.04])


def test_flow_counts_for_its_share_of_the_days() -> None:
    path = applied('[[shock]]\nvariable = "qe"\nfrom = 2025-11-08\nto = 2025-11-14\nset = 70.0\n').exogenous["qe"]
    assert path == pytest.approx([0, 0, 50, 20, 0, 0, 0])
    assert path.sum() == 70


@pytest.mark.parametrize(("action", "value"), [("set = 10.0", 10.0), ("add = 10.0", 40.0), ("scale = 0.5", 15.0)])
def test_actions(action: str, value: float) -> None:
    path = applied(f'[[shock]]\nvariable = "spending"\n{action}\n').exogenous["spending"]
    assert path.tolist() == [30.0] + [value] * 6


def test_dated_path_holds_each_value_until_the_next() -> None:
    path = applied('[[shock]]\nvariable = "iorb"\npath = { "2025-11-12" = 0.03, "2025-11-28" = 0.02 }\n').exogenous["iorb"]
    assert path.tolist() == [0.04, 0.04, 0.03, 0.03, 0.03, 0.02, 0.02]


def test_parameter_shock_gives_a_parameter_path_and_periods_may_be_numbers() -> None:
    path = applied('[[shock]]\nvariable = "beta"\nfrom = 2\nto = 3\nset = 0.6\n').parameter_paths["beta"]
    assert path.tolist() == [0.4, 0.4, 0.6, 0.6, 0.4, 0.4, 0.4]


def test_add_factor_is_reached_by_the_equations_name() -> None:
    path = applied('[[shock]]\nvariable = "add__deposit_rate"\nfrom = 2025-12-03\nset = 0.001\n').exogenous["add__deposit_rate"]
    assert path.tolist() == [0, 0, 0, 0, 0, 0.001, 0.001]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[exogenise]\nsofr = 0.04\n", ":3: 'sofr' follows from the definition 'sofr', which would no longer hold"),
        ("[exogenise]\nreserves__fed__banks = 3000\n", ":3: 'reserves__fed__banks' follows from the identity"),
        ("[exogenise]\nqe_notes = 5\n", ":3: 'qe_notes' is given from outside already; change it with a [[shock]]"),
        ("[parameters]\nqe_notes = 5\n", ":3: 'qe_notes' is no parameter; it is given from outside"),
        ('[exogenise]\ndeposit_rate = { path = { "2035-01-01" = 0.02 } }\n', ":3: 2035-01-01 is outside the horizon"),
        (
            '[[shock]]\nvariable = "qe_notes"\nto = 2025-11-05\npath = { "2025-11-12" = 9 }\n',
            ":5: 2025-11-12 comes after the window's end, 2025-11-05",
        ),
        ('[[expect]]\nvariable = "sofr"\nsign = "+"\nunit = "bn"\n', ":5: 'sofr' is no amount of dollars"),
        ('[[expect]]\nvariable = "reserves"\nsign = "+"\nunit = "bp"\n', ":5: 'reserves' is an amount"),
        ('[[expect]]\nvariable = "sofr"\nsign = "+"\nfrom = 2025-11-12\nto = 2025-11-05\n', ": from 2025-11-12 comes after to"),
        ("switch = [1]\n", ":2: switch is [1]; write a table"),
        ("parameters = 5\n", ":2: parameters is 5; write a table"),
        ("exogenise = 4\n", ":2: exogenise is 4; write a table"),
    ],
)
def test_what_would_do_nothing_or_contradict_itself_is_refused(text: str, message: str) -> None:
    with pytest.raises((BadFile, InputError)) as error:
        simulate(dollar_system(), opening_state("2025-10-29"), read_scenario(HEAD + text, "test"), periods=4)
    assert message in str(error.value)


def test_a_rate_that_replaces_its_spread_keeps_its_definition() -> None:
    item = read_scenario(HEAD + '[exogenise]\nsofr = { value = 0.04, dropping = "sofr_iorb" }\n', "test")
    run = simulate(dollar_system(), opening_state("2025-10-29"), item, periods=2)
    assert run.sound
    np.testing.assert_allclose(run["sofr"][1:], 0.04)
    np.testing.assert_allclose(run["sofr_iorb"][1:], 0.04 - run["iorb"][1:], atol=1e-12)


def test_dated_values_never_write_the_opening() -> None:
    item = read_scenario(HEAD + '[exogenise]\ndeposit_rate = { path = { "2025-10-29" = 0.02 } }\n', "test")
    opening = opening_state("2025-10-29")
    run = simulate(dollar_system(), opening, item, periods=2)
    np.testing.assert_allclose(run["deposit_rate"], [opening["deposit_rate"], 0.02, 0.02])


def test_exogenised_variable_follows_its_path_and_the_accounts_still_close() -> None:
    scenario = read_scenario(HEAD + "[exogenise]\ndeposit_rate = 0.025\n", "test")
    run = toy.run(scenario=scenario)
    assert run["deposit_rate"].tolist() == [0.016] + [0.025] * 6
    assert run.sound


def test_adjoining_shocks_are_allowed() -> None:
    path = applied(
        '[[shock]]\nvariable = "qe"\nfrom = 2025-11-01\nto = 2025-11-08\nset = 70.0\n'
        '[[shock]]\nvariable = "qe"\nfrom = 2025-11-09\nto = 2025-11-12\nset = 35.0\n'
    ).exogenous["qe"]
    assert path[2] == pytest.approx(70 * 3 / 7 + 35 * 4 / 7)


def test_windows_reach_beyond_the_end_only_where_the_caller_shortened_the_run() -> None:
    text = '[[shock]]\nvariable = "iorb"\nfrom = 2025-12-03\nto = 2026-06-03\nset = 0.03\n'
    assert applied(text, clip=True).exogenous["iorb"].tolist() == [0.04] * 5 + [0.03] * 2
    with pytest.raises(BadFile, match="outside the horizon"):
        applied(text)


GOLDEN = [
    (
        "titel = 1\n",
        "test.toml:2: unknown key 'titel' (did you mean 'title'?); known: title, story, source, baseline, horizon, parameters, shock,"
        " switch, exogenise, expect",
    ),
    ("[horizon]\nperiods = -3\n", "test.toml:3: horizon.periods is -3: input should be greater than or equal to 0"),
    ('[horizon]\nclock = "yearly"\n', "test.toml:3: horizon.clock is 'yearly'; allowed: 'weekly', 'monthly', 'quarterly' or 'daily'"),
    ("[horizon]\nstart = 2025-10-29\nperiods = 2\nend = 2026-01-01\n", "test.toml:2: horizon: give periods or end, not both"),
    ('[[shock]]\nvariable = "iorb"\n', "test.toml:2: shock: give exactly one of set, add, scale, path; here none"),
    ('[[shock]]\nvariable = "iorb"\nset = 1\nadd = 2\n', "test.toml:2: shock: give exactly one of set, add, scale, path; here set and add"),
    (
        '[[shock]]\nvariable = "iorb"\nvalue = 1\n',
        "test.toml:4: unknown key 'value' (did you mean 'variable'?); known: variable, from, to, set, add, scale, path",
    ),
    ('[[shock]]\nvariable = "iorb"\nset = "much"\n', "test.toml:4: shock.set: 'much' is not a finite number"),
    ('[[shock]]\nvariable = "iorb"\nset = nan\n', "test.toml:4: shock.set: nan is not a finite number"),
    ('[[shock]]\nvariable = "iorb"\nfrom = "soon"\nset = 0.01\n', "test.toml:4: shock.from: 'soon' is not a date; write 2025-12-31"),
    (
        '[[shock]]\nvariable = "iorb"\nfrom = 2025-12-01\nto = 2025-11-01\nset = 0.01\n',
        "test.toml:2: shock: from 2025-12-01 comes after to 2025-11-01",
    ),
    ('[[shock]]\nvariable = "iorbb"\nset = 0.01\n', "test.toml:3: unknown variable 'iorbb' (did you mean 'iorb'?)"),
    (
        '[[shock]]\nvariable = "deposit_rate"\nset = 0.01\n',
        "test.toml:3: 'deposit_rate' is solved for; shock its add-factor 'add__deposit_rate' or list it under [exogenise]",
    ),
    (
        '[[shock]]\nvariable = "iorb"\nfrom = 2031-01-01\nset = 0.01\n',
        "test.toml:4: from 2031-01-01 is outside the horizon, 2025-10-29 to 2025-12-10",
    ),
    ('[[shock]]\nvariable = "iorb"\nfrom = 9\nset = 0.01\n', "test.toml:4: from period 9 is outside the horizon, periods 1 to 6"),
    (
        '[[shock]]\nvariable = "iorb"\npath = { "2027-01-01" = 0.03 }\n',
        "test.toml:4: 2027-01-01 is outside the horizon, 2025-10-29 to 2025-12-10",
    ),
    (
        '[[shock]]\nvariable = "iorb"\nfrom = 2025-11-06\nto = 2025-11-09\nset = 0.01\n',
        "test.toml:2: no period ends between 2025-11-06 and 2025-11-09; lengthen the window or take a finer clock",
    ),
    (
        '[[shock]]\nvariable = "iorb"\nset = 3.9\n',
        "test.toml:4: iorb = 3.9 is out of bounds; rates are decimals per year, -1 to 1 (0.039 is 3.9 %)",
    ),
    ('[[shock]]\nvariable = "beta"\nadd = 0.9\n', "test.toml:2: beta = 1.3 is out of bounds; allowed: 0 to 1"),
    ("[parameters]\nbeta = -0.5\n", "test.toml:3: beta = -0.5 is out of bounds; allowed: 0 to 1"),
    ("[parameters]\nbetta = 0.5\n", "test.toml:3: unknown parameter 'betta' (did you mean 'beta'?)"),
    ('[parameters]\nbeta = "half"\n', "test.toml:3: parameters.beta: 'half' is not a finite number"),
    ("[exogenise]\ndeposit_rat = 0.02\n", "test.toml:3: 'deposit_rat' is not an endogenous variable (did you mean 'deposit_rate'?)"),
    (
        '[[shock]]\nvariable = "iorb"\nset = 0.01\n[[shock]]\nvariable = "iorb"\nfrom = 2025-11-19\nadd = 0.01\n',
        "test.toml:5: overlaps the shock on 'iorb' of line 2 on 2025-11-19",
    ),
    ("[[shock]\n", "test.toml:2: broken TOML: expected ']]' at the end of an array declaration (column 8)"),
    ('[[expect]]\nvariable = "iorb"\n', "test.toml:2: expect: give sign, low or high"),
    ('[[expect]]\nvariable = "iorb"\nsign = "up"\n', "test.toml:4: expect.sign is 'up'; allowed: '+', '-' or '0'"),
]


@pytest.mark.parametrize(("text", "message"), GOLDEN, ids=[message[:60] for _, message in GOLDEN])
def test_refusal_names_the_line_and_what_is_allowed(text: str, message: str) -> None:
    with pytest.raises(BadFile) as caught:
        applied(text)
    assert str(caught.value) == message


def test_missing_title_is_refused() -> None:
    with pytest.raises(BadFile, match=r"^test\.toml: title is missing$"):
        read_scenario('story = "none"\n', "test")


def test_scenarios_without_anything_leave_everything_as_it_is() -> None:
    before, after = drivers(), apply(Scenario(name="n", title="n"), toy.system(), DATES, drivers(), {})
    assert after.parameters == before.parameters
    assert all((after.exogenous[name] == path).all() for name, path in before.exogenous.items())
