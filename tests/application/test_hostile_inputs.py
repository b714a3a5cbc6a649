"""Inputs that would break the accounts or the calendar are refused with one message, and nothing is written."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from calibration.parameters import parameter_values
from dollarflow import opening_state, simulate
from model.periods.inputs import InputError
from tests.application import toy
from tests.application.conftest import Outcome

Command = Callable[..., Outcome]
MODEL = "[equations]\nx = 0.5*x(-1) + 1\n"
SHOCK = 'title = "t"\n[[shock]]\nvariable = "dt"\n{}\n'
TARGET = (
    'title = "t"\n[instrument]\nvariable = "dt"\nfrom = "2025-11-05"\nto = "2025-12-03"\n'
    '[[target]]\nvariable = "sofr"\nvalue = 0.04\n[horizon]\nperiods = 6\n'
)


def written(place: Path, text: str) -> Path:
    place.write_text(text, encoding="utf-8")
    return place


@pytest.mark.parametrize(
    ("words", "content"),
    [
        (["--set", "dt=1"], ""),
        (["--exogenous", "f.csv"], "date,dt\n2025-11-05,1\n"),
        (["--exogenous", "f.toml"], "dt = 0.02\n"),
        (["--opening", "f.csv"], "variable,value\ndt,1\n"),
        (["f.toml"], SHOCK.format("set = 1.0")),
        (["f.toml"], SHOCK.format("scale = 2.0")),
        (["f.toml"], SHOCK.format('path = { "2025-11-05" = 1.0 }')),
        (["f.toml"], 'title = "t"\n[exogenise]\ndt = { value = 1.0 }\n'),
    ],
)
def test_the_length_of_a_period_is_no_input_of_a_run(words: list[str], content: str, command: Command, tmp_path: Path) -> None:
    if words[-1].startswith("f."):
        words = [*words[:-1], str(written(tmp_path / words[-1], content))]
    code, out, err = command("run", *words, "--periods", "4", "--out", tmp_path / "out")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "'dt'" in err
    assert "clock" in err
    assert not (tmp_path / "out").exists()


def test_the_length_of_a_period_is_no_instrument_and_no_listed_input(command: Command, tmp_path: Path) -> None:
    code, _, err = command("target", written(tmp_path / "f.toml", TARGET))
    assert (code, err.count("\n")) == (2, 1)
    assert "'dt' is the length of a period, which the clock and the dates set" in err
    assert command("inputs", "dt")[0] == 2
    assert "\ndt\n" not in command("inputs", "--quiet")[1]
    with pytest.raises(InputError, match="length of a period"):
        simulate(toy.system(), toy.opening(), exogenous={"dt": 1.0})


@pytest.mark.parametrize("words", [["export"], ["graph", "--period", "1"], ["compare"], ["figure"], ["export", "--format", "json"]])
@pytest.mark.parametrize("name", ["path.csv", "manifest.json"])
def test_no_output_replaces_a_file_of_a_result_folder(
    words: list[str], name: str, sound_folder: Path, command: Command, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(sound_folder, tmp_path / "copy"))
    before = {item.name: item.read_bytes() for item in folder.iterdir()}
    given: dict[str, list[str | Path]] = {"compare": [folder, folder], "figure": ["corridor", folder]}
    code, out, err = command(words[0], *given.get(words[0], [folder]), *words[1:], "--out", folder / name)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert f"{folder / name}: " in err
    assert {item.name: item.read_bytes() for item in folder.iterdir()} == before


@pytest.mark.parametrize("through_link", [False, True])
def test_a_text_model_is_not_replaced_by_its_own_path(through_link: bool, command: Command, tmp_path: Path) -> None:
    model = written(tmp_path / "model.csv", MODEL)
    out = model
    if through_link:
        out = tmp_path / "other.csv"
        out.symlink_to(model)
    code, _, err = command("solve", model, "--periods", "2", "--out", out)
    assert (code, err) == (2, f"dollarflow: will not write {out}: it is the file that is read; name another\n")
    assert model.read_text() == MODEL


def test_a_forecast_does_not_replace_the_paths_that_it_was_given(command: Command, tmp_path: Path) -> None:
    paths = written(tmp_path / "exogenous.csv", "date,rmp_purchases\n2026-01-07,20\n")
    code, _, err = command("forecast", "--exogenous", paths, "--draws", "2", "--periods", "1", "--out", tmp_path)
    assert (code, err) == (2, f"dollarflow: will not write {paths}: it is the file that is read; name another\n")


@pytest.mark.parametrize("words", [["figure", "corridor"], ["compare"]])
def test_altered_figures_are_drawn_and_compared_with_a_warning_or_not_at_all(
    words: list[str], sound_folder: Path, command: Command, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(sound_folder, tmp_path / "copy"))
    lines = (folder / "path.csv").read_text().split("\n")
    place = lines[0].split(",").index("iorb")
    for value, one_line in (("0.9", False), ("nan", True)):
        row = lines[2].split(",")
        row[place] = value
        written(folder / "path.csv", "\n".join([*lines[:2], ",".join(row), *lines[3:]]))
        code, out, err = command(*words, folder, *([folder] if words == ["compare"] else []), "--out", tmp_path / "f.csv")
        warned = f"dollarflow: warning: path.csv of {folder} is not as written; dollarflow audit {folder} says where\n"
        if one_line:
            assert (code, out, err.count("\n")) == (2, "", 1)
            assert "path.csv line 3, column iorb: 'nan' is not a number" in err
        else:
            assert err.startswith(warned)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("price_notes,0", "every period works 'price_notes' out anew"),
        ("bills__treasury__private,-500", "bills__treasury__private=-500: no holding is negative"),
        ("notes__treasury__private__face,-500", "no holding is negative"),
        ("yield_bonds,4.6", "rates are decimals per year"),
        ("yield_bonds,0.045", "the balance sheet of banks does not close"),
    ],
)
def test_an_opening_that_cannot_be_is_refused_before_it_is_solved(row: str, words: str, command: Command, tmp_path: Path) -> None:
    file = written(tmp_path / "opening.csv", f"variable,value\n{row}\n")
    code, out, err = command("run", "--opening", file, "--periods", "1", "--out", tmp_path / "out")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err
    assert not (tmp_path / "out").exists()


def test_an_opening_at_another_yield_is_valued_at_it(command: Command, tmp_path: Path) -> None:
    state, decay, length = opening_state("2025-10-29"), parameter_values()["a_bonds"].value, 1 / 52
    repaid = 1 - math.exp(-decay * length)

    def worth(holder: str, rate: float) -> float:
        face, coupon = (state[f"bonds__treasury__{holder}__{part}"] for part in ("face", "coupon"))
        return (coupon * length + repaid * face) / (rate * length + repaid)

    equity = {"banks": "bank_equity__banks__private", "hedge_funds": "hedge_fund_equity__hedge_funds__private"}
    rows = [f"{name},{state[name] + worth(h, 0.045) - worth(h, state['yield_bonds'])!r}" for h, name in equity.items()]
    file = written(tmp_path / "opening.csv", "\n".join(["variable,value", "yield_bonds,0.045", *rows]) + "\n")
    assert command("run", "--opening", file, "--periods", "1", "--out", tmp_path / "out", "--quiet") == (0, "", "")
    opened = next(line for line in (tmp_path / "out" / "holdings.csv").read_text().splitlines() if "bonds,treasury,private" in line)
    assert float(opened.split(",")[5]) == pytest.approx(worth("private", 0.045), rel=1e-12)


BIG = "1" + "0" * 400


@pytest.mark.parametrize(
    ("words", "name", "content", "said"),
    [
        (["run"], "s.toml", f'title = "t"\n[parameters]\na_notes = {BIG}\n', "s.toml:3: broken TOML: the whole number 1000"),
        (["run"], "s.toml", f'title = "t"\n[horizon]\nperiods = {"9" * 23}\n', "s.toml:3: broken TOML: the whole number 9999"),
        (["run"], "s.toml", f'title = "t"\n[parameters]\na_notes = {"9" * 5000}\n', "s.toml:3: broken TOML: a number has too many digits"),
        (["run"], "s.toml", 'title = "t"\n[[shock]]\nvariable = "qe_bills"\nset = 1e308\n', "allowed: -1e+15 to 1e+15"),
        (["run"], "s.toml", f"a = {'[' * 5000}", "s.toml:1: brackets are nested too deep"),
        (["run", "--exogenous"], "f.toml", f"iorb_gap = {BIG}\n", "f.toml:1: broken TOML: the whole number"),
        (["run", "--exogenous"], "f.csv", f"date,iorb_gap\n2025-11-05,{'1' * 200_000}\n", "f.csv:2: field larger than field limit"),
        (["run", "--opening"], "f.csv", f"variable,value\nbacklog,{'1' * 200_000}\n", "f.csv:2: field larger than field limit"),
        (["target"], "t.toml", TARGET.replace("value = 0.04", "value = 1e308"), "t.toml:8: target.value: 1e+308 is out of bounds"),
    ],
)
def test_a_hostile_file_is_refused_with_file_line_and_reason(
    words: list[str], name: str, content: str, said: str, command: Command, tmp_path: Path
) -> None:
    file = written(tmp_path / name, content)
    code, out, err = command(*words, file, *(["--out", str(tmp_path / "out")] if words[0] == "run" else []))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err


@pytest.mark.parametrize("section", ["versions", "scenario", "clock", "hashes", "solver", "certificates", "audit"])
def test_a_manifest_with_a_section_of_another_kind_is_refused(section: str, sound_folder: Path, command: Command, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(sound_folder, tmp_path / "copy"))
    manifest = json.loads((folder / "manifest.json").read_text())
    written(folder / "manifest.json", json.dumps({**manifest, section: 5}))
    code, out, err = command("report", folder, "--out", tmp_path / "r.html")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "manifest.json: " in err
    assert command("audit", folder)[0] == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize(("redirected", "code", "said"), [(">/dev/full", 1, "cannot write on standard output: "), (">&-", 0, "")])
def test_a_full_or_closed_standard_output_is_told_in_one_line(redirected: str, code: int, said: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f"'{sys.executable}' -m dollarflow scenarios {redirected}"], capture_output=True, text=True, check=False
    )
    assert done.returncode == code
    assert done.stderr.count("\n") == code
    assert said in done.stderr


def test_a_folder_with_the_manifest_of_something_else_is_left_alone(command: Command, tmp_path: Path) -> None:
    written(tmp_path / "manifest.json", '{"mine": 1}')
    code, out, err = command("run", "--periods", "1", "--out", tmp_path)
    assert (code, out) == (2, "")
    assert err == f"dollarflow: will not write to {tmp_path}: its manifest.json is not a result's; name a new or an empty folder\n"
    assert [item.name for item in tmp_path.iterdir()] == ["manifest.json"]


@pytest.mark.parametrize(
    ("words", "name", "content", "said"),
    [
        (["run"], "s.toml", 'title = "t"\nbaseline = "nope"\n', "s.toml:2: baseline: the library has no scenario 'nope'"),
        (["run"], "s.toml", 'title = "t"\nhorizon = 3\n', "s.toml:2: horizon is 3; write its keys under [horizon]"),
        (["run"], "s.toml", 'title = "t"\n[shock]\nvariable = "qe_bills"\nset = 1\n', "write [[shock]] with two brackets"),
        (["run"], "s.toml", 'title = "t"\n[horizon]\nend = "9999-12-31"\n', "periods to 9999-12-31 from 2025-10-29 reach beyond"),
        (["run"], "s.toml", 'title = "t"\n[[expect]]\nvariable = "sofr"\nsign = "+"\ndate = "2040-01-01"\n', "is outside the horizon"),
        (["run", "--clock", "quarterly"], "s.toml", 'title = "t"\n[horizon]\nend = "2025-12-05"\n', "before its first quarterly date"),
        (["run", "--exogenous"], "f.csv", "date,iorb_gap\n", "the file gives no value of any variable"),
        (["run", "--exogenous"], "f.toml", "", "the file gives no value of any variable"),
        (["run", "--exogenous"], "f.csv", "date,bill_share\n2025-11-05,0.2\n", "bill_share: it is a parameter; give it with --set"),
        (["run", "--set", "bill_share=٠.٢", "--exogenous"], "f.toml", "iorb_gap = 0.001\n", "'٠.٢' is not a number"),
        (["run", "--set", "bill_share=1_0", "--exogenous"], "f.toml", "iorb_gap = 0.001\n", "'1_0' is not a number"),
        (["run", "--set", "bill_share=1.0000001", "--exogenous"], "f.toml", "iorb_gap = 0.001\n", "bill_share=1.0000001: out of bounds"),
        (
            ["target"],
            "t.toml",
            'title = "t"\n[instrument]\nvariable = "x"\n[target]\nvariable = "y"\nvalue = 1\n',
            "write [[target]] with two",
        ),
    ],
)
def test_a_slip_is_answered_with_what_to_write(
    words: list[str], name: str, content: str, said: str, command: Command, tmp_path: Path
) -> None:
    file = written(tmp_path / name, content)
    code, out, err = command(*words, file, *(["--out", str(tmp_path / "out")] if words[0] == "run" else []))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err


def test_a_byte_order_mark_is_read_over(command: Command, tmp_path: Path) -> None:
    scenario = written(tmp_path / "s.toml", '\ufefftitle = "t"\n[horizon]\nperiods = 1\n')
    paths = written(tmp_path / "f.csv", "\ufeffdate,iorb_gap\n2025-11-05,0.0015\n")
    assert command("run", scenario, "--exogenous", paths, "--out", tmp_path / "out", "--quiet") == (0, "", "")


def test_an_identity_without_a_value_fails_and_a_shock_after_the_end_is_told(command: Command, tmp_path: Path) -> None:
    text = "[equations]\nx = 0.5*x(-1) + k\n[parameters]\nk = 1\n[shock]\nfrom 9: k = 2\n[identity]\nlog(0 - x)\n"
    code, out, err = command("solve", written(tmp_path / "m.txt", text), "--periods", "3")
    assert code == 1
    assert "the shock on k begins in period 9, after the last one, 3" in out
    assert "has no value in period 1" in err


@pytest.mark.parametrize(
    ("content", "settings", "message"),
    [
        ("date,tga,add__tga_target\n2025-11-05,500,300\n", (), "tga sets add__tga_target; leave out add__tga_target, or tga"),
        ("date,rmp_purchases\n2025-11-05,40\n", ("--set", "qe_bills=100"), "leave out --set qe_bills, or rmp_purchases"),
    ],
)
def test_a_plain_word_beside_what_it_sets_is_refused(
    content: str, settings: tuple[str, ...], message: str, command: Command, tmp_path: Path
) -> None:
    file = written(tmp_path / "plan.csv", content)
    code, _, err = command("run", "--exogenous", file, *settings, "--periods", "2", "--out", tmp_path / "out")
    assert (code, err.count("\n")) == (2, 1)
    assert message in err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("name", "content", "words", "message"),
    [
        ("o.csv", "variable,value\ndate,2025-12-31\ndate,2025-12-31\n", (), "'date' is given twice"),
        ("o.csv", "variable,value\n", (), "gives no value of any variable"),
        ("o.json", "variable,value\n", (), "write a .csv or a .toml file"),
        ("o.csv", "variable,value\ndate,2025-12-31\niorb,0.04\n", ("--start", "2025-10-29"), "its date 2025-12-31 is not --start"),
    ],
)
def test_an_opening_file_says_one_thing(
    name: str, content: str, words: tuple[str, ...], message: str, command: Command, tmp_path: Path
) -> None:
    code, _, err = command("run", "--opening", written(tmp_path / name, content), *words, "--periods", "2", "--out", tmp_path / "out")
    assert (code, err.count("\n")) == (2, 1)
    assert message in err


def _cut(lines: list[str]) -> list[str]:
    return [*lines[:1], ""]


def _quoted(lines: list[str]) -> list[str]:
    return [*lines[:3], '"' + lines[3], *lines[4:]]


def _narrow(lines: list[str]) -> list[str]:
    return [line.rpartition(",")[0] for line in lines[:-1]] + [""]


@pytest.mark.parametrize(
    ("change", "words", "codes"),
    [
        (_cut, "no rows below its header", {"audit": 1, "compare": 2, "export": 2}),
        (_quoted, "a quotation mark stands in it", {"audit": 1, "export": 2, "graph": 2}),
        (_narrow, "lacks the column", {"compare": 2}),
    ],
)
def test_a_path_that_was_cut_or_quoted_is_told(
    change: Callable[[list[str]], list[str]], words: str, codes: dict[str, int], sound_folder: Path, command: Command, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(sound_folder, tmp_path / "copy"))
    path = folder / "path.csv"
    path.write_text("\n".join(change(path.read_text().split("\n"))))
    arguments: dict[str, list[str | Path]] = {
        "audit": [folder],
        "compare": [sound_folder, folder],
        "export": [folder, "--out", tmp_path / "e.csv"],
        "graph": [folder, "--period", "0", "--out", tmp_path / "g.json"],
    }
    for name, expected in codes.items():
        code, _, err = command(name, *arguments[name])
        assert code == expected, (name, err)
        assert words in err
    assert not (tmp_path / "e.csv").exists()
