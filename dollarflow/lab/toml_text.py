"""Scenarios written as TOML in the grammar in which they are read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from model.scenarios.scenario import Fixed, Scenario

TEXTS = ("title", "story", "source", "baseline")
DELETE = "\x7f"


def scenario_text(scenario: Scenario) -> str:
    """A scenario as a TOML text that reads back to the same scenario.

    Examples
    --------
    >>> print(scenario_text(Scenario(name="mine", title="Mine", parameters={"bill_share": 0.21})))
    title = "Mine"
    <BLANKLINE>
    [parameters]
    bill_share = 0.21
    <BLANKLINE>
    """
    blocks = ["\n".join(f"{key} = {written(getattr(scenario, key))}" for key in TEXTS if getattr(scenario, key))]
    horizon = scenario.horizon.model_dump(exclude_none=True)
    tables: dict[str, Mapping[str, Any]] = {
        "horizon": horizon,
        "parameters": dict(scenario.parameters),
        "switch": dict(scenario.switch),
        "exogenise": {name: _fixed(item) for name, item in scenario.exogenise},
    }
    blocks += ["\n".join([f"[{name}]", *_lines(table)]) for name, table in tables.items() if table]
    for name in ("shock", "expect"):
        for item in getattr(scenario, name):
            blocks.append("\n".join([f"[[{name}]]", *_lines(item.model_dump(exclude_none=True, by_alias=True))]))
    return "\n\n".join(blocks) + "\n"


def _fixed(item: Fixed) -> Any:
    given = {key: value for key, value in item.model_dump(exclude_none=True).items() if key != "path"}
    if item.path is not None:
        given["path"] = item.path
    return given["value"] if set(given) == {"value"} else given


def _lines(table: Mapping[str, Any]) -> Iterator[str]:
    for key, value in table.items():
        if value != "" or key != "source":
            yield f"{_key(str(key))} = {written(value)}"


def _key(name: str) -> str:
    plain = name.replace("_", "").replace("-", "")
    return name if plain.isascii() and plain.isalnum() else _string(name)


def written(value: Any) -> str:
    """A value as TOML: text, number, truth value, date, table, or dated values."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(str(key))} = {written(item)}" for key, item in value.items()) + " }"
    return "{ " + ", ".join(f'"{day.isoformat()}" = {written(number)}' for day, number in value) + " }"


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace(DELETE, "\\u007F")
