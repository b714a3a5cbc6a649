"""Text models whose program was made before: what solving needs of them is kept beside the machine code, and read instead of the text.

A description holds names and numbers of a model and of its program, nothing symbolic; the text is read, and its equations are made, when
somebody asks for them. It is kept under a digest of the text, the file's name, the modules that give the text its meaning, and the
versions of what they rest on, so that nothing has to be invalidated.
"""

from __future__ import annotations

import hashlib
import marshal
import sys
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

import numpy as np

from model.compiler import cache
from model.compiler.description import Description
from model.compiler.engine import surroundings
from model.compiler.kernels import default_backend, kept_kernels
from model.compiler.pattern import JACOBIAN, Pattern
from model.compiler.program import Program
from model.language.later import Later
from model.textmodel.errors import TextModelError
from model.textmodel.model import Shock, TextModel

if TYPE_CHECKING:
    from model.compiler.symbolic import Symbolic

FORMAT = "text model 2"
MEANING = ("language", "compiler", "textmodel")
"""Folders whose modules decide what a text means and how it is solved."""


def read_text(path: FilePath) -> str:
    """The text of a file.

    Raises
    ------
    TextModelError
        A file that cannot be opened, is not UTF-8 or holds nothing.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise TextModelError("no such file", "give the path of a text model", str(path)) from None
    except IsADirectoryError:
        raise TextModelError("a folder", "give the path of a text model", str(path)) from None
    except OSError as error:
        raise TextModelError(f"cannot be read ({error.strerror})", "give the path of a readable text model", str(path)) from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1
        byte = f"byte 0x{raw[error.start]:02x}, which is not UTF-8"
        raise TextModelError(byte, "save the file as UTF-8 text", str(path), line, column) from None


def read_text_model(path: str | FilePath) -> TextModel:
    """The model in a file.

    Raises
    ------
    TextModelError
        Also for a file that cannot be read, is empty or is not UTF-8.
    """
    text = read_text(FilePath(path))
    key = _key(text, FilePath(path).stem)
    found = _taken(key, text, str(path))
    if found is None:
        model = _parsed(text, str(path))
        return _marked(model, key, _numbers(model), {}) if key else model
    return found


def program_of(model: TextModel, backend: str = "") -> Program:
    """The compiled system of a text model, from its description where that was kept; else it is kept from now on.

    Raises
    ------
    StructureError
        Unknowns and equations do not match one to one.
    CompileError
        An expression that equations cannot contain.
    """
    chosen = backend or default_backend()
    if chosen not in model.programs:
        from model.compiler.compilation import compile_system

        program = model.programs[chosen] = compile_system(model.system, chosen)
        if model.key and chosen == "llvm":
            _keep(model, program)
    return model.programs[chosen]


def keep_pattern(model: TextModel) -> None:
    """Keep where derivatives stand as well, if some were needed since the model was read: the repair of an opening needs them."""
    program = model.programs.get("llvm")
    if model.key and program is not None and program.fresh is not None:
        _keep(model, program)


def _parsed(text: str, file: str) -> TextModel:
    from model.textmodel.reader import parse_text_model

    return parse_text_model(text, file)


def _key(text: str, name: str) -> str:
    """A digest of everything that a description depends on; empty where none is kept, or where modules are no files."""
    if cache.folder() is None or default_backend() != "llvm":
        return ""
    try:
        digest = hashlib.sha256(_meaning())
    except OSError:
        return ""
    digest.update(marshal.dumps((FORMAT, name, text, sys.version, np.__version__, surroundings()), 2))
    return digest.hexdigest()


@lru_cache(maxsize=1)
def _meaning() -> bytes:
    """A digest of the modules that give a text its meaning, and of sympy's version, which is read and not imported."""
    digest = hashlib.sha256()
    place = find_spec("sympy")
    files = [FilePath(place.origin).with_name("release.py")] if place is not None and place.origin else []
    for folder in MEANING:
        files.extend(sorted((FilePath(__file__).parents[1] / folder).glob("*.py")))
    for file in files:
        digest.update(marshal.dumps((file.name, file.read_bytes()), 2))
    return digest.digest()


def _numbers(model: TextModel) -> bytes:
    """A model's names, numbers and shocks, in the form in which they are kept."""
    shocks = tuple((s.name, s.value, s.first, s.last) for s in model.shocks)
    known = (model.name, dict(model.notes), model.order, dict(model.opening), dict(model.parameters), dict(model.exogenous), shocks)
    return marshal.dumps(known)


def _marked(model: TextModel, key: str, numbers: bytes, programs: dict[str, Program]) -> TextModel:
    """The model with what belongs to the text that it was read from."""
    vars(model).update(key=key, numbers=numbers, programs=programs)
    return model


def _keep(model: TextModel, program: Program) -> None:
    """Keep what solving needs."""
    found = program.fresh
    places = () if found is None else (found.key, *(a.tolist() for a in (found.rows, found.columns, found.offsets, program.accumulated)))
    cache.store(model.key, marshal.dumps((model.numbers, program.description.taken_apart(), program.modules[0].key, places)))


def _taken(key: str, text: str, file: str) -> TextModel | None:
    """The model whose description is kept under a key; None where it is not, or its machine code is not."""
    data = cache.load(key) if key else None
    if data is None:
        return None
    numbers, parts, code, places = marshal.loads(data)
    description = Description.put_together(parts)
    kernels = kept_kernels(code, description.kernels, description.plan)
    if kernels is None:
        return None
    modules, known = [kernels], None
    if places:
        derivatives, *entries, stocks = places
        found = kept_kernels(derivatives, (JACOBIAN,), None)
        if found is not None:
            modules.append(found)
            rows, columns, offsets = (np.array(a, dtype=np.int64) for a in entries)
            known = Pattern(rows, columns, offsets, found[JACOBIAN]), np.array(stocks, dtype=np.bool_)
    origin = Later(lambda: _parsed(text, file).system)

    def symbolic() -> Symbolic:
        from model.compiler.compilation import compile_system

        return compile_system(origin.value, "llvm").symbolic.value

    program = Program("llvm", description, modules, Later(symbolic), known)
    name, notes, order, opening, parameters, exogenous, shocks = marshal.loads(numbers)
    model = TextModel(name, notes, order, opening, parameters, exogenous, tuple(Shock(*s) for s in shocks), origin)
    return _marked(model, key, numbers, {"llvm": program})


__all__ = ["keep_pattern", "program_of", "read_text", "read_text_model"]
