"""The expression parser: tokens of one line to a syntax tree, by binding power.

From loose to tight: ``or``, ``and``, ``not``, comparisons (not chained), ``+ -``, ``* /``, sign, ``**`` (from the
right). Conditions stand only in the first place of ``where`` and under ``and``, ``or``, ``not``.
"""

from __future__ import annotations

from collections.abc import Collection

from model.language.names import nearest
from model.textmodel.errors import TextModelError
from model.textmodel.syntax import (
    CONDITIONS,
    LEVELS,
    Call,
    Comparison,
    Junction,
    Name,
    Negation,
    Negative,
    Node,
    Number,
    Power,
    Series,
)
from model.textmodel.tokens import Line, Token, tokens

FUNCTIONS = {"exp": 1, "log": 1, "sqrt": 1, "abs": 1, "tanh": 1, "min": 2, "max": 2, "where": 3}
MANY = ("min", "max")
WORDS = ("and", "or", "not")
COMPARISONS = ("<", "<=", ">", ">=", "==")
DEPTH = 64
GREATEST_OFFSET = 10_000
OPERAND = "a number, a name, a function or '(' may stand here"
INFIX = {
    "or": LEVELS["or"],
    "and": LEVELS["and"],
    **dict.fromkeys(COMPARISONS, LEVELS["compare"]),
    **dict.fromkeys("+-", LEVELS["sum"]),
    **dict.fromkeys("*/", LEVELS["product"]),
    "**": LEVELS["power"],
}


def functions_listed() -> str:
    """The allowed functions as a sentence."""
    return "functions are " + ", ".join(sorted(FUNCTIONS))


class Parser:
    """A cursor over one line's tokens.

    Parameters
    ----------
    line
        The line; errors point into it.
    known
        Names that carry a time index, so that ``x(1)`` is told from an unknown function.
    """

    def __init__(self, line: Line, known: Collection[str] = (), start: int = 0, found: list[Token] | None = None) -> None:
        self.line = line
        self.known = known
        self.tokens = tokens(line) if found is None else found
        self.index = start
        self.depth = 0

    @property
    def current(self) -> Token:
        """The token under the cursor."""
        return self.tokens[self.index]

    def advance(self) -> Token:
        """Move on; returns the token passed over."""
        token = self.current
        self.index += 1
        return token

    def fail(self, what: str, allowed: str, token: Token | None = None) -> TextModelError:
        """An error at a token, by default the current one."""
        return self.line.error(what, allowed, (token or self.current).column)

    def takes(self, text: str) -> bool:
        """Pass over an operator if it is that one."""
        if self.current.kind == "operator" and self.current.text == text:
            self.index += 1
            return True
        return False

    def whole(self) -> Node:
        """The expression that reaches to the end of the line, a number and not a condition."""
        node = self.number_valued(self.current)
        token = self.current
        if token.kind == "end":
            return node
        if token.text == ")":
            raise self.fail("')' closes no bracket", "take it away or open one with '('")
        if token.text == "=":
            raise self.fail("a second '='", "one '=' stands in a statement; equality in a condition is written ==")
        if token.text == ",":
            raise self.fail("',' outside a function", "commas separate a function's arguments; decimals are written 0.5")
        raise self.fail(f"{token.text!r} after a complete expression", "an operator (+ - * / **) or the end of the line may stand here")

    def number_valued(self, token: Token) -> Node:
        """An expression that is not a condition."""
        node = self.expression(0)
        if isinstance(node, CONDITIONS):
            raise self.fail("a condition where a number is needed", "conditions stand in where(condition, a, b)", token)
        return node

    def condition(self, token: Token) -> Node:
        """An expression that is a condition."""
        return self.as_condition(self.expression(0), token)

    def as_condition(self, node: Node, token: Token) -> Node:
        """The node itself if it is a condition."""
        if self.current.text == "=":
            raise self.fail("'=' in a condition", "equality in a condition is written ==")
        if not isinstance(node, CONDITIONS):
            raise self.fail("a number where a condition is needed", "conditions compare two expressions with < <= > >= ==", token)
        return node

    def expression(self, power: int) -> Node:
        """The longest expression whose operators bind at least as tightly as ``power``."""
        start = self.current
        left = self.operand()
        while (binding := INFIX.get(self.current.text, 0)) >= max(power, 1):
            left = self.joined(left, start, binding)
        return left

    def deeper(self, token: Token) -> None:
        """Count one more level of brackets, functions, signs or powers."""
        self.depth += 1
        if self.depth > DEPTH:
            raise self.fail(f"an expression nested more than {DEPTH} deep", "name its inner parts in equations of their own", token)

    def joined(self, left: Node, start: Token, binding: int) -> Node:
        """The node of ``left`` and what the operator under the cursor joins to it."""
        operator = self.current
        if operator.text in ("and", "or"):
            operands = [self.as_condition(left, start)]
            while self.current.kind == "name" and self.current.text == operator.text:
                self.advance()
                first = self.current
                operands.append(self.as_condition(self.expression(binding + 1), first))
            return Junction(operator.text, tuple(operands), operator.column)
        self.number_only(left, start)
        if operator.text in COMPARISONS:
            self.advance()
            right = self.right_of(binding + 1)
            if self.current.text in COMPARISONS:
                raise self.fail("a chained comparison", "join two comparisons with 'and', as in a < b and b < c")
            return Comparison(operator.text, left, right, operator.column)
        if operator.text == "**":
            self.deeper(self.advance())
            power = Power(left, self.right_of(LEVELS["sign"]), operator.column)
            self.depth -= 1
            return power
        rest: list[tuple[str, Node]] = []
        while self.current.kind == "operator" and INFIX.get(self.current.text) == binding:
            sign = self.advance().text
            rest.append((sign, self.right_of(binding + 1)))
        return Series(left, tuple(rest), operator.column)

    def right_of(self, power: int) -> Node:
        """An operand to the right of an operator; never a condition."""
        start = self.current
        return self.number_only(self.expression(power), start)

    def number_only(self, node: Node, token: Token) -> Node:
        """The node itself unless it is a condition."""
        if isinstance(node, CONDITIONS):
            raise self.fail("a condition where a number is needed", "conditions stand in where(condition, a, b)", token)
        return node

    def operand(self) -> Node:
        """A number, a name, a call, a bracket, or one of these with a sign or ``not``."""
        token = self.current
        if token.kind == "end":
            raise self.fail("the line ends where an expression goes on", OPERAND)
        self.advance()
        if token.kind == "number":
            value = float(token.text)
            whole = token.text.isdigit() and value < 2**53
            return Number(int(token.text) if whole else value, token.column)
        if token.kind == "name" and token.text != "not":
            return self.named(token)
        if token.text not in ("(", "-", "+", "not"):
            raise self.fail(f"{token.text!r} where an expression is needed", OPERAND, token)
        self.deeper(token)
        first = self.current
        node: Node
        if token.text == "(":
            node = self.expression(0)
            self.close(token)
        elif token.text == "not":
            node = Negation(self.as_condition(self.expression(LEVELS["not"]), first), token.column)
        else:
            node = self.right_of(LEVELS["sign"])
            node = Negative(node, token.column) if token.text == "-" else node
        self.depth -= 1
        return node

    def close(self, opened: Token) -> None:
        """Pass over the ``)`` that belongs to a bracket."""
        if self.takes(")"):
            return
        if self.current.kind == "end":
            raise self.fail("'(' is never closed", "every '(' needs its ')' on the same line", opened)
        if self.current.text == "=":
            raise self.fail("'=' inside brackets", "equality in a condition is written ==")
        raise self.fail(f"{self.current.text!r} inside a bracket", "an operator (+ - * / **) or ')' may stand here")

    def named(self, token: Token) -> Node:
        """A call, or a name at a time."""
        called = self.current.kind == "operator" and self.current.text == "("
        if token.text in WORDS:
            raise self.fail(f"{token.text!r} where an expression is needed", OPERAND, token)
        if token.text in FUNCTIONS:
            if not called:
                raise self.fail(f"function {token.text!r} without its brackets", f"write {token.text}(...)", token)
            return self.call(token)
        if not called:
            return Name(token.text, 0, token.column)
        return self.timed(token)

    def timed(self, token: Token) -> Name:
        """``x(-1)`` or ``x(+1)``, the cursor at the bracket."""
        ahead = self.tokens[self.index + 1 : self.index + 4]
        shape = [t.text for t in ahead]
        if len(shape) == 3 and shape[0] in ("+", "-") and shape[1].isdigit() and shape[2] == ")":
            offset = int(shape[0] + shape[1])
            if offset == 0 or abs(offset) > GREATEST_OFFSET:
                raise self.fail(f"time offset {shape[0]}{shape[1]}", f"offsets run from 1 to {GREATEST_OFFSET} with their sign", ahead[0])
            self.index += 4
            return Name(token.text, offset, token.column)
        if token.text in self.known:
            shown = f"'(' after the name {token.text!r}"
            raise self.fail(shown, f"a lag is {token.text}(-1), a lead {token.text}(+1), a product {token.text}*(...)")
        guess = nearest(token.text, [*FUNCTIONS, *self.known])
        raise self.fail(f"unknown function {token.text!r}{guess}", functions_listed(), token)

    def call(self, token: Token) -> Call:
        """A function with its arguments, the cursor at the bracket."""
        name = token.text
        opened = self.advance()
        self.deeper(token)
        arguments: list[Node] = []
        while True:
            start = self.current
            if start.text == ")" and start.kind == "operator":
                break
            arguments.append(self.condition(start) if name == "where" and not arguments else self.number_valued(start))
            if not self.takes(","):
                break
            if self.current.text == ")":
                raise self.fail("')' after a comma", OPERAND)
        self.close(opened)
        self.depth -= 1
        needed = FUNCTIONS[name]
        if len(arguments) != needed and not (name in MANY and len(arguments) >= needed):
            many = " or more" if name in MANY else ""
            plural = "" if needed == 1 and not many else "s"
            form = "; it reads where(condition, a, b)" if name == "where" else ""
            count = f"{len(arguments)} argument{'' if len(arguments) == 1 else 's'}"
            raise self.fail(f"{name!r} with {count}", f"it takes {needed}{many} argument{plural}{form}", token)
        return Call(name, tuple(arguments), token.column)


def parse(text: str, known: Collection[str] = (), file: str = "<text>") -> Node:
    """The syntax tree of one expression.

    Parameters
    ----------
    text
        The expression.
    known
        Names that carry a time index; they only sharpen messages.
    file
        Shown in messages.

    Raises
    ------
    TextModelError
        Whatever is wrong with the text; no other exception.

    Examples
    --------
    >>> from model.textmodel.syntax import show
    >>> show(parse("alpha1*YD + alpha2*(Hh(-1))"))
    'alpha1*YD + alpha2*Hh(-1)'
    """
    return Parser(Line(file, 1, text), known).whole()
