"""What a caller set beside the scenario, in words."""

from __future__ import annotations

from collections.abc import Mapping

SET = "set "
FILES = {"exogenous": "own paths (--exogenous)", "opening": "own opening values (--opening)"}
ANCHORED = (
    "behaviour is anchored in the opening: demand for reserves and other preferences are set so that the opening's rates and holdings are "
    "what is wanted, so an opening with fewer reserves alone is no scarcity; use a shock for that, or set the opening's sofr_iorb too"
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
