"""What a caller set beside the scenario, in words."""

from __future__ import annotations

from collections.abc import Mapping

SET = "set "
FILES = {"exogenous": "own paths (--exogenous)", "opening": "own opening values (--opening)"}
ANCHORED = (
    "rates of the opening's column are calibration's unless the file gives them, and answer from the first period on; "
    "portfolios are anchored in the opening (holders want what they hold there), the demand for reserves is not"
)
"""What an opening of one's own means for behaviour."""


def in_words(overrides: Mapping[str, str]) -> str:
    """The caller's settings after a ``with``; empty where there are none.

    Examples
    --------
    >>> in_words({"set tga_floor": "1200.0", "opening": "sha256:ab"})
    'with tga_floor = 1200, own opening values (--opening)'
    """
    parts = []
    for key, value in overrides.items():
        if key.startswith(SET):
            parts.append(f"{key.removeprefix(SET)} = {_number(value)}")
        else:
            parts.append(FILES.get(key, f"{key} {value}"))
    return f"with {', '.join(parts)}" if parts else ""


def _number(text: str) -> str:
    try:
        return f"{float(text):g}"
    except ValueError:
        return text
