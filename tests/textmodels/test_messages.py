"""Golden messages: what a reader sees for each way in which a text model can be wrong."""

from __future__ import annotations

from pathlib import Path as FilePath

import pytest

from model.periods.failure import SolveFailure
from model.textmodel import TextModelError, parse_text_model, read_text_model, solve_model

FUNCTIONS = "functions are abs, exp, log, max, min, sqrt, tanh, where"
SECTIONS = "sections are [model], [equations], [parameters], [exogenous], [initial], [shock], [identity]"
OPERAND = "a number, a name, a function or '(' may stand here"
SHOCK = "from PERIOD: name = number, or from PERIOD to PERIOD: name = number"
INITIAL = "[initial] gives values to variables of [equations] and [exogenous]"
TIMED = "a lag is Y(-1), a lead Y(+1), a product Y*(...)"
SHOCKED = "a shock changes a name of [parameters] or [exogenous]"
BASE = "[equations]\nY = C + G\nC = alpha1*Y(-1)\n[parameters]\nalpha1 = 0.6\n[exogenous]\nG = 20\n"

CASES = {
    "unknown name": (
        "[equations]\nY = C + G\nC = alpa1*Y(-1)\n[parameters]\nalpha1 = 0.6\n[exogenous]\nG = 20\n",
        "m.txt:3:5: 'alpa1' has no value (did you mean 'alpha1'?); give it an equation, or a value in [parameters] or [exogenous]\n"
        "    C = alpa1*Y(-1)\n        ^",
    ),
    "unknown name in an identity": (
        BASE + "[identity]\n  Y - Yd\n",
        "m.txt:9:7: 'Yd' has no value (did you mean 'Y'?); give it an equation, or a value in [parameters] or [exogenous]\n"
        "      Y - Yd\n          ^",
    ),
    "defined twice": (
        BASE + "[equations]\nC = 3\n",
        "m.txt:9:1: 'C' is defined twice, first in [equations] on line 3; a name has one equation or one value\n    C = 3\n    ^",
    ),
    "equation and parameter": (
        BASE + "[parameters]\nY = 3\n",
        "m.txt:9:1: 'Y' is defined twice, first in [equations] on line 2; a name has one equation or one value\n    Y = 3\n    ^",
    ),
    "initial twice": (
        BASE + "[initial]\nY = 3\nY = 4\n",
        "m.txt:10:1: 'Y' is defined twice, first in [initial] on line 9; a name has one equation or one value\n    Y = 4\n    ^",
    ),
    "initial of a stranger": (
        BASE + "[initial]\nYY = 3\n",
        f"m.txt:9:1: 'YY' is no variable of the model (did you mean 'Y'?); {INITIAL}\n    YY = 3\n    ^",
    ),
    "initial of a parameter": (
        BASE + "[initial]\nalpha1 = 3\n",
        f"m.txt:9:1: 'alpha1' is a parameter; {INITIAL}\n    alpha1 = 3\n    ^",
    ),
    "initial before its value": (
        BASE + "[initial]\nY = 2*C\nC = 3\n",
        "m.txt:9:7: 'C' is given only on line 10; values use names given already: move the line up\n    Y = 2*C\n          ^",
    ),
    "initial without value": (
        BASE + "[initial]\nY = 2*C\n",
        "m.txt:9:7: 'C' has no value in [initial] yet; give its value on a line above\n    Y = 2*C\n          ^",
    ),
    "circular values": (
        BASE + "[parameters]\na = b\n[exogenous]\nb = a\n",
        "m.txt:11:5: 'a' rests on the value given here; values use names given already: move the line up\n    b = a\n        ^",
    ),
    "value of itself": (
        BASE + "[parameters]\nk = k + 1\n",
        "m.txt:9:5: 'k' is given only on line 9; values use names given already: move the line up\n    k = k + 1\n        ^",
    ),
    "unknown function": (
        "[equations]\nY = ln(2)\n",
        f"m.txt:2:5: unknown function 'ln'; {FUNCTIONS}\n    Y = ln(2)\n        ^",
    ),
    "misspelt function": (
        "[equations]\nY = tahn(2)\n",
        f"m.txt:2:5: unknown function 'tahn' (did you mean 'tanh'?); {FUNCTIONS}\n    Y = tahn(2)\n        ^",
    ),
    "open bracket": (
        "[equations]\nY = (1 + 2*(3 + 4)  # five\n",
        "m.txt:2:5: '(' is never closed; every '(' needs its ')' on the same line\n    Y = (1 + 2*(3 + 4)  # five\n        ^",
    ),
    "closing bracket": (
        "[equations]\nY = 1 + 2)*3\n",
        "m.txt:2:10: ')' closes no bracket; take it away or open one with '('\n    Y = 1 + 2)*3\n             ^",
    ),
    "square bracket": (
        "[equations]\nY = 2*Y[-1]\n",
        "m.txt:2:8: unexpected character '['; brackets in an expression are ( )\n    Y = 2*Y[-1]\n           ^",
    ),
    "bad number": (
        "[equations]\nY = 1.2.3\n",
        "m.txt:2:5: bad number '1.2.3'; numbers look like 2, 0.025, .5 or 1e-3\n    Y = 1.2.3\n        ^",
    ),
    "missing star": (
        "[equations]\nY = 2Y(-1)\n",
        "m.txt:2:5: bad number '2Y'; a product needs its *, as in 2*Y\n    Y = 2Y(-1)\n        ^",
    ),
    "product without star": (
        "[equations]\nY = Y(-1)*2 + Y(1 - 3)\n",
        f"m.txt:2:16: '(' after the name 'Y'; {TIMED}\n    Y = Y(-1)*2 + Y(1 - 3)\n                   ^",
    ),
    "lag without sign": (
        "[equations]\nY = Y(1)\n",
        f"m.txt:2:6: '(' after the name 'Y'; {TIMED}\n    Y = Y(1)\n         ^",
    ),
    "large number": (
        "[equations]\nY = 1e400\n",
        "m.txt:2:5: the number '1e400' is too large; numbers are below 1.8e308\n    Y = 1e400\n        ^",
    ),
    "caret": (
        "[equations]\nY = Y(-1)^2\n",
        "m.txt:2:10: unexpected character '^'; a power is written **\n    Y = Y(-1)^2\n             ^",
    ),
    "unknown section": (
        "[equation]\nY = 1\n",
        f"m.txt:1:1: unknown section [equation] (did you mean 'equations'?); {SECTIONS}\n    [equation]\n    ^",
    ),
    "section not closed": (
        "[equations\nY = 1\n",
        "m.txt:1:1: '[' is never closed; a section opens with its name in brackets, as in [equations]\n    [equations\n    ^",
    ),
    "text after a section": (
        "[equations] Y = 1\n",
        "m.txt:1:12: 'Y = 1' after a section's name; a section's name stands alone on its line\n    [equations] Y = 1\n               ^",
    ),
    "before any section": (
        "\nY = 1\n",
        f"m.txt:2:1: 'Y' before any section; {SECTIONS}\n    Y = 1\n    ^",
    ),
    "shock before the first period": (
        BASE + "[shock]\nfrom 0: G = 25\n",
        "m.txt:9:6: '0' as a shock's period; periods are whole numbers from 1, the first solved period\n    from 0: G = 25\n         ^",
    ),
    "shock of a broken period": (
        BASE + "[shock]\nfrom 1.5: G = 25\n",
        "m.txt:9:6: '1.5' as a shock's period; periods are whole numbers from 1, the first solved period\n    from 1.5: G = 25\n         ^",
    ),
    "shock backwards": (
        BASE + "[shock]\nfrom 5 to 3: G = 25\n",
        "m.txt:9:11: a shock from 5 to 3; the last period is not before the first\n    from 5 to 3: G = 25\n              ^",
    ),
    "shock without from": (
        BASE + "[shock]\nG = 25\n",
        f"m.txt:9:1: 'G' where 'from' is needed; {SHOCK}\n    G = 25\n    ^",
    ),
    "shock without colon": (
        BASE + "[shock]\nfrom 5 G = 25\n",
        f"m.txt:9:8: 'G' after the period; {SHOCK}\n    from 5 G = 25\n           ^",
    ),
    "shock cut off": (
        BASE + "[shock]\nfrom 5 to\n",
        "m.txt:9:10: the line ends where a period is needed; periods are whole numbers from 1, the first solved period\n"
        "    from 5 to\n             ^",
    ),
    "shock to a variable": (
        BASE + "[shock]\nfrom 5: Y = 25\n",
        f"m.txt:9:9: 'Y' is solved by an equation; {SHOCKED}\n    from 5: Y = 25\n            ^",
    ),
    "shock to a stranger": (
        BASE + "[shock]\nfrom 5: alpha = 25\n",
        f"m.txt:9:9: 'alpha' is no parameter or exogenous variable (did you mean 'alpha1'?); {SHOCKED}\n"
        "    from 5: alpha = 25\n            ^",
    ),
    "two names on the left": (
        "[equations]\nC + I = 3\n",
        "m.txt:2:3: '+' after 'C'; a name alone stands on the left of '='\n    C + I = 3\n      ^",
    ),
    "lag on the left": (
        "[equations]\nC(-1) = 3\n",
        "m.txt:2:2: '(' after 'C'; a name alone stands on the left of '='\n    C(-1) = 3\n     ^",
    ),
    "no value": (
        "[equations]\nC\n",
        "m.txt:2:2: 'C' without a value; one equation a line, as in C = alpha1*YD + alpha2*V(-1)\n    C\n     ^",
    ),
    "empty right side": (
        "[equations]\nC =\n",
        f"m.txt:2:4: the line ends where an expression goes on; {OPERAND}\n    C =\n       ^",
    ),
    "second equals": (
        "[equations]\nC = D = 3\n",
        "m.txt:2:7: a second '='; one '=' stands in a statement; equality in a condition is written ==\n    C = D = 3\n          ^",
    ),
    "function as a name": (
        "[equations]\nlog = 3\n",
        "m.txt:2:1: 'log' is a word of the language; give the quantity another name\n    log = 3\n    ^",
    ),
    "function without brackets": (
        "[equations]\nC = log + 1\n",
        "m.txt:2:5: function 'log' without its brackets; write log(...)\n    C = log + 1\n        ^",
    ),
    "too many arguments": (
        "[equations]\nC = exp(1, 2)\n",
        "m.txt:2:5: 'exp' with 2 arguments; it takes 1 argument\n    C = exp(1, 2)\n        ^",
    ),
    "where of two": (
        "[equations]\nC = where(1 < 2, 3)\n",
        "m.txt:2:5: 'where' with 2 arguments; it takes 3 arguments; it reads where(condition, a, b)\n    C = where(1 < 2, 3)\n        ^",
    ),
    "where without condition": (
        "[equations]\nC = where(C(-1), 3, 4)\n",
        "m.txt:2:11: a number where a condition is needed; conditions compare two expressions with < <= > >= ==\n"
        "    C = where(C(-1), 3, 4)\n              ^",
    ),
    "single equals in a condition": (
        "[equations]\nC = where(C(-1) = 2, 3, 4)\n",
        "m.txt:2:17: '=' in a condition; equality in a condition is written ==\n    C = where(C(-1) = 2, 3, 4)\n                    ^",
    ),
    "condition as a number": (
        "[equations]\nC = 2*(C(-1) > 2)\n",
        "m.txt:2:7: a condition where a number is needed; conditions stand in where(condition, a, b)\n    C = 2*(C(-1) > 2)\n          ^",
    ),
    "chained comparison": (
        "[equations]\nC = where(1 < C(-1) < 2, 3, 4)\n",
        "m.txt:2:21: a chained comparison; join two comparisons with 'and', as in a < b and b < c\n"
        "    C = where(1 < C(-1) < 2, 3, 4)\n                        ^",
    ),
    "decimal comma": (
        "[parameters]\na = 0,5\n[equations]\nC = a\n",
        "m.txt:2:6: ',' outside a function; commas separate a function's arguments; decimals are written 0.5\n    a = 0,5\n         ^",
    ),
    "division by zero": (
        "[equations]\nC = 1/(2 - 2)\n",
        "m.txt:2:6: a division by zero; the divisor has to differ from zero\n    C = 1/(2 - 2)\n         ^",
    ),
    "value outside the domain": (
        "[parameters]\na = log(-1)\n[equations]\nC = a\n",
        "m.txt:2:5: a constant outside the function's domain; log takes positive numbers, sqrt numbers from 0, "
        "a negative base whole powers, 0 positive powers\n    a = log(-1)\n        ^",
    ),
    "overflow": (
        "[equations]\nC = 9**9**9\n",
        "m.txt:2:6: a constant too large for double precision; numbers are below 1.8e308\n    C = 9**9**9\n         ^",
    ),
    "lag in a value": (
        BASE + "[initial]\nY = G(-1)\n",
        "m.txt:9:5: 'G' with a time offset; values are numbers or expressions of names given already\n    Y = G(-1)\n        ^",
    ),
    "deep nesting": (
        "[equations]\nC = " + "(" * 65 + "1" + ")" * 65 + "\n",
        "m.txt:2:69: an expression nested more than 64 deep; name its inner parts in equations of their own\n    "
        + ("C = " + "(" * 65 + "1" + ")" * 65)[18:118]
        + "\n    "
        + " " * 50
        + "^",
    ),
    "model without key": (
        "[model]\nSIM\n[equations]\nC = 1\n",
        "m.txt:2:1: 'SIM' in [model]; key = text, as in name = SIM\n    SIM\n    ^",
    ),
    "column named period": (
        "[equations]\nperiod = 1\n",
        "m.txt:2:1: 'period' is the first column of results; give the variable another name\n    period = 1\n    ^",
    ),
    "empty": ("", "m.txt: the file is empty; a model needs [equations] with one line for each variable"),
    "only a comment": ("# nothing\n\n", "m.txt: the file is empty; a model needs [equations] with one line for each variable"),
    "no equations": ("[parameters]\na = 1\n", "m.txt: no equation; a model needs [equations] with one line for each variable"),
}


@pytest.mark.parametrize("case", CASES)
def test_message(case: str) -> None:
    text, expected = CASES[case]
    with pytest.raises(TextModelError) as caught:
        parse_text_model(text, "m.txt")
    assert str(caught.value) == expected


def test_missing_file(tmp_path: FilePath) -> None:
    with pytest.raises(TextModelError, match="no such file; give the path of a text model"):
        read_text_model(tmp_path / "none.txt")


def test_folder(tmp_path: FilePath) -> None:
    with pytest.raises(TextModelError, match="a folder"):
        read_text_model(tmp_path)


def test_not_utf8(tmp_path: FilePath) -> None:
    file = tmp_path / "latin.txt"
    file.write_bytes("[equations]\nY = 1  # Größe\n".encode("latin-1"))
    with pytest.raises(TextModelError) as caught:
        read_text_model(file)
    assert str(caught.value) == f"{file}:2:12: byte 0xf6, which is not UTF-8; save the file as UTF-8 text"


def test_binary(tmp_path: FilePath) -> None:
    file = tmp_path / "binary.txt"
    file.write_bytes(b"\x00\x01[equations]\x00")
    with pytest.raises(TextModelError, match="before any section"):
        read_text_model(file)


@pytest.mark.parametrize(
    ("lines", "place", "message"),
    [
        ("name = a\nname = b\n", "m.txt:3:1: ", "'name' stands twice in [model]"),
        ("name = a\0b\n", "m.txt:2:1: ", "a control character in [model]"),
    ],
)
def test_the_head_of_a_model_says_each_thing_once_and_in_print(lines: str, place: str, message: str) -> None:
    with pytest.raises(TextModelError) as error:
        parse_text_model("[model]\n" + lines + BASE, "m.txt")
    assert str(error.value).startswith(place + message)


def test_an_equation_without_a_value_is_named_and_not_the_block_that_reads_it() -> None:
    text = "[equations]\nA = log(Z(-1))\nY = C + A\nC = 0.5*Y + 10\nZ = -1\n[initial]\nZ = 1\n"
    with pytest.raises(SolveFailure, match="equation 'A' has no value") as caught:
        solve_model(parse_text_model(text), 3)
    assert caught.value.diagnosis.period == 2
    assert caught.value.diagnosis.equation == "A"
