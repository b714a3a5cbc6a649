"""Matching, order and tearing against networkx and against systems whose structure is known."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.compiler.compilation import StructureError, compile_system
from model.language.structure import Shape, blocks, components, feedback_vertices, match
from tests.engine.builders import bmw, equation, implicit, sim, system, variables

GRAPHS = st.integers(1, 12).flatmap(lambda n: st.lists(st.lists(st.integers(0, n - 1), max_size=4, unique=True), min_size=n, max_size=n))


@settings(max_examples=150, deadline=None)
@given(GRAPHS)
def test_components_come_in_an_order_that_can_be_solved(graph: list[list[int]]) -> None:
    reference = nx.DiGraph([(v, w) for v, ws in enumerate(graph) for w in ws])
    reference.add_nodes_from(range(len(graph)))
    found = components(graph)
    assert {frozenset(c) for c in found} == {frozenset(c) for c in nx.strongly_connected_components(reference)}
    place = {v: i for i, c in enumerate(found) for v in c}
    assert all(place[w] <= place[v] for v, w in reference.edges)


@settings(max_examples=150, deadline=None)
@given(GRAPHS)
def test_removing_the_feedback_vertices_leaves_no_cycle(graph: list[list[int]]) -> None:
    reference = nx.DiGraph([(v, w) for v, ws in enumerate(graph) for w in ws])
    reference.remove_nodes_from(feedback_vertices(graph))
    assert nx.is_directed_acyclic_graph(reference)


@settings(max_examples=150, deadline=None)
@given(GRAPHS)
def test_matchings_are_maximum(graph: list[list[int]]) -> None:
    shapes = [Shape(f"e{i}", tuple(sorted(us))) for i, us in enumerate(graph)]
    bipartite = nx.Graph([(("e", i), ("u", u)) for i, us in enumerate(graph) for u in us])
    bipartite.add_nodes_from(("e", i) for i in range(len(graph)))
    best = nx.bipartite.maximum_matching(bipartite, [("e", i) for i in range(len(graph))])
    assert sum(u >= 0 for u in match(shapes, len(graph))) == len(best) // 2


def test_a_recursive_system_has_no_simultaneous_block() -> None:
    a, b, c = variables("a b c")
    program = compile_system(system(equation(c, a + b), equation(b, 2 * a), equation(a, 3)))
    assert [len(s.tears) for s in program.shapes] == [0, 0, 0]


def test_textbook_models_are_torn_to_one_unknown() -> None:
    assert [len(s.tears) for s in compile_system(sim()).shapes if s.tears] == [1]
    assert [len(s.tears) for s in compile_system(bmw()).shapes if s.tears] == [1]


def test_a_market_keeps_demands_explicit_and_solves_for_the_price() -> None:
    d1, d2, p, s = variables("d1 d2 p s")
    program = compile_system(system(equation(d1, 1 / p), equation(d2, 2 / p**2), implicit("clearing", d1 + d2, s), equation(s, 3)))
    torn = [b for b in program.shapes if b.tears]
    assert [program.unknowns[u] for u in torn[0].tears] == ["p"]
    assert [program.equation_names[e] for e in torn[0].residuals] == ["clearing"]


def test_an_identity_is_solved_for_the_unknown_that_it_isolates() -> None:
    a, b, c = variables("a b c")
    program = compile_system(system(equation(a, 5), equation(b, 2), implicit("sum", a, b + c)))
    assert all(not s.tears for s in program.shapes)


def test_both_parts_of_a_mismatch_are_named() -> None:
    a, b, c, d = variables("a b c d")
    wrong = system(implicit("first", a, 1), implicit("second", a, 2), implicit("third", b + c + d, 0), implicit("fourth", c, b))
    with pytest.raises(StructureError) as caught:
        compile_system(wrong)
    text = str(caught.value)
    assert "over-determined: 2 equations (first, second) for 1 unknown (a)" in text
    assert "under-determined: 2 equations (fourth, third) for 3 unknowns (b, c, d)" in text


def test_counts_that_differ_are_reported() -> None:
    a, b = variables("a b")
    with pytest.raises(StructureError, match=r"1 equations for 2 unknowns.*\n.*under-determined.*\(a, b\)"):
        compile_system(system(equation(a, b)))


def test_the_left_side_is_preferred_whatever_the_order() -> None:
    shapes = [Shape("e0", (0, 1), own=1), Shape("e1", (0, 1), own=0)]
    assert match(shapes, 2) == [1, 0]
    assert len(blocks(shapes, ["u", "v"])) == 1
