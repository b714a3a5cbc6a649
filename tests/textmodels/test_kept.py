"""Text models whose program is kept: the same bits, words and equations as from the text, and nothing that is broken or another's."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from copy import copy, deepcopy
from dataclasses import replace
from pathlib import Path as FilePath

import numpy as np
import pytest

from dollarflow.solve_command import DONE, FAILED, solve_file
from model.compiler import cache
from model.compiler.compilation import _compiled
from model.periods.failure import SolveFailure
from model.periods.newton import Options
from model.periods.path import Path
from model.textmodel import TextModel, keep_pattern, kept, parse_text_model, program_of, read_text_model, solve_model, solve_text_model

MODELS = sorted((FilePath(__file__).parent / "models").glob("*.txt"))
SIM, PC = (FilePath(__file__).parent / "models" / f"{name}.txt" for name in ("SIM", "PC"))
ROOT = FilePath(__file__).parents[2]
PERIODS = 20
LEADS = "[equations]\nY = G + a*E\nE = 0.5*Y(-1) + 0.3*E(+1)\n[parameters]\na = 0.2\n[exogenous]\nG = 20\n"
ROOTLESS = "[equations]\nY = C + G\nC = Y\n[exogenous]\nG = 20\n"
UNDEFINED = "[equations]\nY = G\n[exogenous]\nG = 20\n[identity]\nlog(Y - 100)\n"
QUICK = ("DIS", "INSOUT", "LP", "PC", "SIM")


@pytest.fixture(autouse=True)
def folder(tmp_path: FilePath, monkeypatch: pytest.MonkeyPatch) -> FilePath:
    where = tmp_path / "kept"
    monkeypatch.setenv(cache.VARIABLE, str(where))
    _compiled.cache_clear()
    return where


def written(place: FilePath, text: str) -> FilePath:
    place.write_text(text, encoding="utf-8")
    return place


def again(file: FilePath) -> TextModel:
    """The model in a file whose description has to be there."""
    model = read_text_model(file)
    assert list(model.programs) == ["llvm"]
    return model


def same(a: Path, b: Path) -> bool:
    """Whether two paths are equal to the last bit, with all that is said of them."""
    numbers = ("values", "parameter_rows", "residuals", "hidden_gaps", "hidden_scales", "certificates")
    words = ("columns", "parameter_names", "hidden_names", "regimes", "statistics", "consistency", "system")
    return all(getattr(a, n).tobytes() == getattr(b, n).tobytes() for n in numbers) and all(getattr(a, n) == getattr(b, n) for n in words)


@pytest.mark.parametrize("file", [pytest.param(f, id=f.stem, marks=() if f.stem in QUICK else pytest.mark.slow) for f in MODELS])
def test_a_kept_model_solves_to_the_same_bits(file: FilePath) -> None:
    first = read_text_model(file)
    path = solve_model(first, PERIODS)
    second = again(file)
    assert second == first
    assert same(solve_model(second, PERIODS), path)
    assert (second.system, second.paths(PERIODS)[1].keys()) == (first.system, first.paths(PERIODS)[1].keys())
    keep_pattern(first)
    third = again(file)
    assert path.consistency.consistent or third.programs["llvm"].known is not None
    assert same(solve_model(third, PERIODS), path)


def test_an_inconsistent_opening_is_repaired_without_equations(folder: FilePath, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[list[str]] = []
    for _ in range(2):
        said.append([])
        solve_file(PC, PERIODS, say=said[-1].append)
    assert "the smallest repair of the opening" in said[0][-1]
    with monkeypatch.context() as blind:
        blind.setattr(kept, "_parsed", lambda *_: pytest.fail("read although it is kept"))
        said.append([])
        solve_file(PC, PERIODS, say=said[-1].append)
    derivatives = again(PC).programs["llvm"].modules[1].key
    (folder / f"{derivatives}.o").unlink()
    assert again(PC).programs["llvm"].known is None
    said.append([])
    solve_file(PC, PERIODS, say=said[-1].append)
    assert said == [said[0]] * 4


def test_a_kept_program_has_everything_that_a_compiled_one_has() -> None:
    compiled = program_of(read_text_model(SIM))
    found = program_of(again(SIM))
    for name in (
        "columns",
        "unknowns",
        "lags",
        "leads",
        "shapes",
        "sizes",
        "parameter_names",
        "equation_names",
        "equations",
        "hidden_names",
        "plan",
    ):
        assert getattr(found, name) == getattr(compiled, name), name
    assert (found.pattern.rows.tolist(), found.pattern.columns.tolist()) == (
        compiled.pattern.rows.tolist(),
        compiled.pattern.columns.tolist(),
    )
    for name in ("condition_columns", "lagged_columns", "unknown_columns", "accumulated"):
        assert getattr(found, name).tolist() == getattr(compiled, name).tolist(), name
    row = np.linspace(1.0, 2.0, 2 * found.width).reshape(2, -1)
    out = np.zeros((2, len(found.pattern.rows)))
    for numbers, program in zip(out, (found, compiled), strict=True):
        program.pattern.kernel(row[1].ctypes.data, np.array([0.6, 0.4, 0.2]).ctypes.data, numbers.ctypes.data)
    assert out[0].tobytes() == out[1].tobytes()


def test_a_solved_model_and_its_path_can_be_pickled() -> None:
    path = solve_text_model(SIM, PERIODS)
    model = again(SIM)
    assert same(solve_model(pickle.loads(pickle.dumps(model)), PERIODS), path)
    assert same(pickle.loads(pickle.dumps(solve_model(model, PERIODS))), path)


@pytest.mark.parametrize("warm", [False, True])
@pytest.mark.parametrize("change", ["replaced", "overwritten", "copied", "pickled"])
def test_a_changed_model_leaves_the_files_own_numbers_alone(tmp_path: FilePath, warm: bool, change: str) -> None:
    """SIM's stationary income is G/θ, of the file's numbers whatever somebody did to a model that he read from it."""
    file = written(tmp_path / "SIM.txt", SIM.read_text(encoding="utf-8"))
    if warm:
        solve_text_model(file, 1)
    model = read_text_model(file)
    if change in ("copied", "pickled"):
        model = deepcopy(copy(model)) if change == "copied" else pickle.loads(pickle.dumps(model))
    if change == "replaced":
        model = replace(model, exogenous={**model.exogenous, "Gd": 60.0})
    else:
        vars(model)["exogenous"]["Gd"] = 60.0
    path = solve_model(model, 60, shock=False)
    keep_pattern(model)
    assert path["Y"][-1] == pytest.approx(60 / 0.2, rel=1e-3)
    later = read_text_model(file)
    assert later.exogenous["Gd"] == 20.0
    assert solve_model(later, 60, shock=False)["Y"][-1] == pytest.approx(20 / 0.2, rel=1e-3)


def test_a_model_with_other_equations_is_compiled_anew() -> None:
    """With consumption out of income alone, C = α₁·YD, income is G/(1 − α₁(1 − θ)) from the first period on."""
    solve_text_model(SIM, 1)
    model = read_text_model(SIM)
    other = parse_text_model(SIM.read_text(encoding="utf-8").replace(" + alpha2*Hh(-1)", "").replace("alpha2 ", "unused "))
    path = solve_model(replace(model, origin=other.origin, parameters=other.parameters), 3, shock=False)
    share = model.parameters["alpha1"] * (1 - model.parameters["theta"])
    assert path["Y"][1:] == pytest.approx(20 / (1 - share))


def test_another_backend_reads_the_text() -> None:
    path = solve_text_model(SIM, PERIODS)
    found = solve_model(again(SIM), PERIODS, options=Options(missing=0.0, backend="python"))
    assert found.values.tobytes() == path.values.tobytes()


def test_leads_are_solved_from_a_kept_program(tmp_path: FilePath) -> None:
    file = written(tmp_path / "leads.txt", LEADS)
    path = solve_text_model(file, PERIODS)
    assert same(solve_model(again(file), PERIODS), path)


def test_a_failure_has_the_same_words(tmp_path: FilePath) -> None:
    file = written(tmp_path / "rootless.txt", ROOTLESS)
    words = []
    for _ in range(2):
        with pytest.raises(SolveFailure) as failure:
            solve_text_model(file, 3)
        words.append(str(failure.value))
    assert again(file).programs
    assert words[0] == words[1]


@pytest.mark.parametrize("verbose", [False, True])
def test_the_command_says_the_same(verbose: bool) -> None:
    said: list[list[str]] = []
    for _ in range(2):
        said.append([])
        assert solve_file(SIM, PERIODS, verbose=verbose, say=said[-1].append) == DONE
    assert said[0] == said[1]


@pytest.mark.parametrize("damage", ["truncated", "flipped", "empty", "other", "code lost", "all lost"])
def test_what_is_broken_is_made_anew(folder: FilePath, damage: str) -> None:
    path = solve_text_model(SIM, PERIODS)
    model = again(SIM)
    description, code = folder / f"{model.key}.o", folder / f"{model.programs['llvm'].modules[0].key}.o"
    whole = description.read_bytes()
    if damage == "truncated":
        description.write_bytes(whole[:-1])
    elif damage == "flipped":
        description.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
    elif damage == "empty":
        description.write_bytes(b"")
    elif damage == "other":
        shutil.copy(code, description)
    elif damage == "code lost":
        code.unlink()
    else:
        shutil.rmtree(folder)
    _compiled.cache_clear()
    fresh = read_text_model(SIM)
    assert fresh.programs == {}
    assert same(solve_model(fresh, PERIODS), path)
    again(SIM)


def test_a_cache_that_is_off_or_no_folder_keeps_nothing(tmp_path: FilePath, monkeypatch: pytest.MonkeyPatch) -> None:
    path = solve_text_model(SIM, PERIODS)
    for place in ("off", str(written(tmp_path / "file", ""))):
        monkeypatch.setenv(cache.VARIABLE, place)
        assert same(solve_text_model(SIM, PERIODS), path)
        assert read_text_model(SIM).programs == {}


def test_a_changed_text_is_another_model(tmp_path: FilePath) -> None:
    """SIM's stationary income is G/θ: a third of the tax rate gives three times the income."""
    file = written(tmp_path / "SIM.txt", SIM.read_text(encoding="utf-8"))
    assert solve_text_model(file, 60, shock=False)["Y"][-1] == pytest.approx(20 / 0.2, rel=1e-3)
    written(file, SIM.read_text(encoding="utf-8").replace("theta = 0.2", "theta = 0.4"))
    assert read_text_model(file).programs == {}
    assert solve_text_model(file, 60, shock=False)["Y"][-1] == pytest.approx(20 / 0.4, rel=1e-3)


def test_two_files_of_one_text_keep_their_names(tmp_path: FilePath) -> None:
    files = [written(tmp_path / f"{name}.txt", UNDEFINED) for name in ("one", "two")]
    for file in (*files, *files):
        said: list[str] = []
        assert solve_file(file, 2, say=said.append, complain=said.append) == FAILED
        assert said[0].startswith(f"{file.stem}: ")
        assert str(file) in said[-1]
        assert read_text_model(file).name == file.stem
        assert read_text_model(file).system.name == file.stem


@pytest.mark.parametrize("module", ["textmodel/meaning.py", "language/system.py", "compiler/rules.py"])
def test_changed_modules_give_a_text_another_meaning(tmp_path: FilePath, monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    for part in ("language", "compiler", "textmodel"):
        shutil.copytree(ROOT / "model" / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    known = read_text_model(SIM).key
    monkeypatch.setattr(kept, "__file__", str(tmp_path / "textmodel" / "kept.py"))

    def key() -> str:
        kept._meaning.cache_clear()
        return read_text_model(SIM).key

    assert key() == known
    with (tmp_path / module).open("a", encoding="utf-8") as stream:
        stream.write("# another meaning\n")
    assert key() not in (known, "")
    monkeypatch.undo()
    kept._meaning.cache_clear()


def test_the_second_process_imports_neither_sympy_nor_pydantic(tmp_path: FilePath) -> None:
    code = (
        "import sys; from dollarflow.cli import call; print(call(sys.argv[1:])); print('sympy' in sys.modules, 'pydantic' in sys.modules)"
    )
    found: list[tuple[list[str], bytes]] = []
    for place in (tmp_path / "kept", tmp_path / "kept", "off"):
        out = tmp_path / f"{len(found)}.csv"
        command = [sys.executable, "-c", code, "solve", str(SIM), "--out", str(out), "--quiet"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), cache.VARIABLE: str(place)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        found.append((done.stdout.split(), out.read_bytes()))
    assert [words for words, _ in found] == [["0", "True", "False"], ["0", "False", "False"], ["0", "True", "False"]]
    assert found[0][1] == found[1][1] == found[2][1]


def test_the_description_is_plain_numbers_and_texts() -> None:
    """What is kept is made of builtin types, so that nothing is run when it is read."""

    def plain(part: object) -> bool:
        if isinstance(part, dict):
            return all(plain(k) and plain(v) for k, v in part.items())
        if isinstance(part, tuple):
            return all(map(plain, part))
        return type(part) in (str, int, float, bool, type(None))

    assert plain(program_of(read_text_model(SIM)).description.taken_apart())
