"""Machine code: kernels as LLVM text, compiled without any relaxation of floating-point rules."""

from __future__ import annotations

import hashlib
import marshal
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from model.compiler import cache
from model.compiler.engine import Code, function_names, link, processor, surroundings
from model.compiler.plan import BlockPlan, Plan
from model.compiler.routines import ELIMINATE, HELPERS
from model.compiler.rules import Node
from model.compiler.stores import Store, children
from model.compiler.tape import Tape

CHUNK = 1500
"""Nodes after which a kernel continues in a new machine function: compile time stays linear in size."""

LARGE = 400_000
"""Characters of LLVM text above which only the period loop is optimised: a third of the compile time, the same bits."""
WRITERS = ("machine", "driver", "torn", "elimination", "emitter", "plan", "routines")
"""Modules whose text decides what the same tape compiles to."""

_CALLS = {name: f"@{name}" for name in ("exp", "log", "pow", "tanh", "sin", "cos")} | {
    "sqrt": "@llvm.sqrt.f64",
    "abs": "@llvm.fabs.f64",
    "hypot": "@f_hypot",
    "softplus": "@f_softplus",
    "logistic": "@f_logistic",
}
_FCMP = {"lt": "olt", "le": "ole", "gt": "ogt", "ge": "oge", "eq": "oeq", "ne": "une", "min": "ole", "max": "oge"}
_SIGNATURE = "(ptr noalias %row, ptr noalias %par, ptr noalias %out)"


def _literal(value: float) -> str:
    return f"0x{struct.unpack('<Q', struct.pack('<d', value))[0]:016X}"


class _Writer:
    """Writes one machine function of LLVM text."""

    def __init__(self, tape: Tape, stride: int) -> None:
        self.ops, self.stride = tape.ops, stride
        self.lines: list[str] = []
        self.names: dict[Node, str] = {}
        self.count = 0

    def line(self, text: str) -> str:
        self.count += 1
        name = f"%v{self.count}"
        self.lines.append(f"  {name} = {text}")
        return name

    def name(self, node: Node) -> str:
        """The register or literal that holds a node, written on first use; children first, without recursion."""
        stack = [node]
        while stack:
            top = stack[-1]
            if top in self.names:
                stack.pop()
                continue
            missing = [c for c in children(self.ops[top]) if c not in self.names]
            if missing:
                stack.extend(reversed(missing))
            else:
                self.names[top] = self._write(self.ops[top])
                stack.pop()
        return self.names[node]

    def _write(self, op: tuple[Any, ...]) -> str:
        kind = op[0]
        if kind == "const":
            return _literal(op[1])
        if kind == "bool":
            return "true" if op[1] else "false"
        if kind == "load":
            pointer = self.line(f"getelementptr double, ptr %row, i64 {op[1] + op[2] * self.stride}")
            return self.line(f"load double, ptr {pointer}")
        if kind == "par":
            pointer = self.line(f"getelementptr double, ptr %par, i64 {op[1]}")
            return self.line(f"load double, ptr {pointer}")
        names = [self.names[c] for c in op[1:]]
        if kind in ("add", "mul"):
            total = names[0]
            for following in names[1:]:
                total = self.line(f"f{kind} double {total}, {following}")
            return total
        if kind == "div":
            return self.line(f"fdiv double {names[0]}, {names[1]}")
        if kind == "neg":
            return self.line(f"fneg double {names[0]}")
        if kind == "select":
            return self.line(f"select i1 {names[0]}, double {names[1]}, double {names[2]}")
        if kind in ("min", "max"):
            first = self.line(f"fcmp {_FCMP[kind]} double {names[0]}, {names[1]}")
            chosen = self.line(f"select i1 {first}, double {names[0]}, double {names[1]}")
            broken = self.line(f"fcmp uno double {names[0]}, {names[0]}")
            return self.line(f"select i1 {broken}, double {names[0]}, double {chosen}")
        if kind in _FCMP:
            return self.line(f"fcmp {_FCMP[kind]} double {names[0]}, {names[1]}")
        if kind in ("and", "or"):
            return self.line(f"{kind} i1 {names[0]}, {names[1]}")
        if kind == "not":
            return self.line(f"xor i1 {names[0]}, true")
        return self.line(f"call double {_CALLS[kind]}({', '.join('double ' + n for n in names)})")

    def store(self, store: Store, load: Node | None) -> None:
        value = self.name(store.node)
        pointer = self.line(f"getelementptr double, ptr {'%row' if store.in_row else '%out'}, i64 {store.position}")
        self.lines.append(f"  store double {value}, ptr {pointer}")
        if load is not None:
            self.names[load] = value


def _functions(tape: Tape, stride: int, name: str, stores: Iterable[Store]) -> Iterable[str]:
    """The text of a kernel: chunks, and a function that calls them in order."""
    chunks: list[str] = []
    writer = _Writer(tape, stride)

    def close() -> str:
        body = "\n".join(writer.lines)
        chunks.append(f"{name}.{len(chunks)}")
        return f'define internal void @"{chunks[-1]}"{_SIGNATURE} noinline {{\n{body}\n  ret void\n}}'

    for store in stores:
        writer.store(store, tape.load(store.position, 0) if store.in_row else None)
        if writer.count > CHUNK:
            yield close()
            writer = _Writer(tape, stride)
    if not chunks:
        body = "\n".join(writer.lines)
        yield f'define void @"{name}"{_SIGNATURE} {{\n{body}\n  ret void\n}}'
        return
    if writer.lines:
        yield close()
    calls = "\n".join(f'  call void @"{c}"(ptr %row, ptr %par, ptr %out)' for c in chunks)
    yield f'define void @"{name}"{_SIGNATURE} {{\n{calls}\n  ret void\n}}'


def compile_kernels(tape: Tape, stride: int, kernels: dict[str, Sequence[Store]], plan: Plan | None = None) -> Code:
    """The functions of each kernel, ``eliminate`` and a plan's ``advance`` and ``sweep``.

    Code that was compiled before, by this or another process, is taken from the cache.
    """
    key = _key(tape, stride, kernels, plan)
    code = cache.load(key)
    if code is None:
        code = _compiled(tape, stride, kernels, plan, processor())
        cache.store(key, code)
    return link(key, code, function_names(kernels, plan))


def _key(tape: Tape, stride: int, kernels: dict[str, Sequence[Store]], plan: Plan | None) -> str:
    """A digest of everything that the code depends on."""
    digest = hashlib.sha256()
    stores = [(name, [(s.node, s.position, s.in_row) for s in stores]) for name, stores in kernels.items()]
    writers = [Path(__file__).with_name(f"{name}.py").read_bytes() for name in WRITERS]
    for part in (surroundings(), writers, stride, stores, tape.ops):
        digest.update(marshal.dumps(part, 2))
    digest.update(repr(plan).encode())
    return digest.hexdigest()


def _compiled(tape: Tape, stride: int, kernels: dict[str, Sequence[Store]], plan: Plan | None, processor: tuple[str, str]) -> bytes:
    """The object code."""
    import llvmlite.binding as llvm

    from model.compiler.elimination import eliminate_text, follow_text

    text = [HELPERS, ELIMINATE]
    for name, stores in kernels.items():
        text.extend(_functions(tape, stride, name, stores))
    for step in () if plan is None else plan.steps:
        if isinstance(step, BlockPlan):
            text.extend(eliminate_text(step))
            text.extend(follow_text(step))
    source = "\n".join(text)
    large = len(source) > LARGE
    machine = llvm.Target.from_default_triple().create_target_machine(*processor, opt=1 if large else 2, jit=True)

    def improve(module: Any) -> Any:
        builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=2))
        builder.getModulePassManager().run(module, builder)
        return module

    module = llvm.parse_assembly(source)
    if plan is not None:
        from model.compiler.driver import driver_text

        driver = llvm.parse_assembly(driver_text(plan))
        module.link_in(improve(driver) if large else driver)
    return bytes(machine.emit_object(module if large else improve(module)))
