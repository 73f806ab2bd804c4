"""Text to a condition, every node with its place. It never checks names or types."""

from __future__ import annotations

from assay.engine.language.expression.lexer import SyntaxFault, Token, tokens_of, unquote
from assay.engine.language.expression.syntax import (
    COMPARISONS,
    FUNCTIONS,
    METHODS,
    And,
    Call,
    Compare,
    Expression,
    In,
    ListLiteral,
    Literal,
    Name,
    Not,
    Or,
)

DEEPEST = 60
RESERVED = frozenset(
    "as break const continue else for function if import let loop package namespace return var void while in".split()
)
# Words that are constants or signs of their own, wherever they stand.
KEYWORDS = frozenset(("true", "false", "null", "in"))
_MISSING = "a missing signal is unknown by itself; ask for a value"
_MEMBERS = "ask a set with `in`, `sets.contains` or `sets.intersects`"
_FOREIGN = {
    "matches": "regular expressions are left out on purpose: use `contains`, `startsWith` or `endsWith`",
    "has": _MISSING,
    "exists": _MEMBERS,
    "exists_one": _MEMBERS,
    "all": _MEMBERS,
    "filter": _MEMBERS,
    "map": _MEMBERS,
}
_WORDS = {"and": "`and` is written `&&`", "or": "`or` is written `||`", "not": "`not` is written `!`"}


def parse_expression(text: str) -> Expression:
    """The condition that a text says.

    raises  SyntaxFault, with the place in the text
    """
    parser = _Parser(tokens_of(text))
    expression = parser.disjunction(0)
    parser.finish()
    return expression


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.at = tokens, 0

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.token
        self.at += 1
        return token

    @property
    def done(self) -> int:
        """Where the last token taken ends, a closing bracket included: a node's own parts may end before it."""
        return self.tokens[self.at - 1].end

    def is_next(self, *texts: str) -> bool:
        return self.token.kind == "operator" and self.token.text in texts

    def expect(self, text: str) -> Token:
        if not self.is_next(text):
            raise self.unexpected(f"expected `{text}`")
        return self.take()

    def unexpected(self, wanted: str) -> SyntaxFault:
        token = self.token
        if token.kind == "end":
            return SyntaxFault(f"the condition ends here, but {wanted}", token.start, token.end)
        before = self.tokens[self.at - 1].text if self.at else ""
        hint = _WORDS.get(token.text) or _WORDS.get(before)
        return SyntaxFault(f"`{token.text}` cannot stand here: {wanted}", token.start, token.end, hint)

    def finish(self) -> None:
        if self.token.kind == "end":
            return
        if self.is_next(*COMPARISONS) or self.token.text == "in":
            hint = "join two comparisons with `&&`"
            raise SyntaxFault("comparisons cannot be chained", self.token.start, self.token.end, hint)
        raise self.unexpected("expected `&&`, `||` or the end")

    def disjunction(self, depth: int) -> Expression:
        if depth > DEEPEST:
            raise SyntaxFault("this is nested too deeply", self.token.start, self.token.end, "split the rule")
        start = self.token.start
        operands = [self.conjunction(depth)]
        while self.is_next("||"):
            self.take()
            operands.append(self.conjunction(depth))
        return operands[0] if len(operands) == 1 else Or(tuple(operands), start, self.done)

    def conjunction(self, depth: int) -> Expression:
        start = self.token.start
        operands = [self.relation(depth)]
        while self.is_next("&&"):
            self.take()
            operands.append(self.relation(depth))
        return operands[0] if len(operands) == 1 else And(tuple(operands), start, self.done)

    def relation(self, depth: int) -> Expression:
        start = self.token.start
        left = self.unary(depth)
        if self.is_next(*COMPARISONS):
            operator = self.take().text
            right = self.unary(depth)
            return Compare(operator, left, right, start, self.done)
        if self.token.kind == "name" and self.token.text == "in":
            self.take()
            right = self.unary(depth)
            return In(left, right, start, self.done)
        return left

    def unary(self, depth: int) -> Expression:
        if depth > DEEPEST:
            raise SyntaxFault("this is nested too deeply", self.token.start, self.token.end, "split the rule")
        if self.is_next("!"):
            bang = self.take()
            operand = self.unary(depth + 1)
            return Not(operand, bang.start, self.done)
        if self.is_next("-"):
            minus = self.take()
            if self.token.kind not in ("int", "float"):
                raise self.unexpected("expected a number after `-`")
            return self.number(minus)
        return self.primary(depth)

    def primary(self, depth: int) -> Expression:
        token = self.token
        if token.kind in ("int", "float"):
            return self.number(None)
        if token.kind == "string":
            self.take()
            return Literal(unquote(token), token.start, token.end)
        if self.is_next("("):
            self.take()
            inner = self.disjunction(depth + 1)
            self.expect(")")
            return inner
        if self.is_next("["):
            return self.list_literal()
        if token.kind == "name":
            return self.name_or_call(depth)
        raise self.unexpected("expected a signal, a constant or `(`")

    def number(self, minus: Token | None) -> Literal:
        token = self.take()
        start = minus.start if minus else token.start
        sign = -1 if minus else 1
        if token.kind == "float":
            decimal = sign * float(token.text)
            if decimal in (float("inf"), float("-inf")):
                raise SyntaxFault(f"`{token.text}` is too large", start, token.end)
            return Literal(decimal, start, token.end)
        whole = sign * int(token.text, 16 if token.text[:2].lower() == "0x" else 10) if len(token.text) < 40 else 2**64
        if not -(2**63) <= whole < 2**63:
            raise SyntaxFault(f"`{token.text}` does not fit into 64 bits", start, token.end)
        return Literal(whole, start, token.end)

    def list_literal(self) -> ListLiteral:
        opening = self.take()
        items: list[Literal] = []
        while not self.is_next("]"):
            item = self.unary(0)
            if not isinstance(item, Literal):
                raise SyntaxFault("a list holds constants only", item.start, item.end, "compare signals one by one")
            items.append(item)
            if not self.is_next(","):
                break
            self.take()
        closing = self.expect("]")
        return ListLiteral(tuple(items), opening.start, closing.end)

    def name_or_call(self, depth: int) -> Expression:
        first = self.take()
        if first.text in ("true", "false"):
            return Literal(first.text == "true", first.start, first.end)
        if first.text == "null":
            raise SyntaxFault("there is no `null`", first.start, first.end, _MISSING)
        if first.text in RESERVED:
            raise SyntaxFault(f"`{first.text}` is a reserved word", first.start, first.end)
        parts = [first]
        while self.is_next("."):
            self.take()
            if self.token.kind != "name":
                raise self.unexpected("expected a name after `.`")
            parts.append(self.take())
        if not self.is_next("("):
            return Name(".".join(part.text for part in parts), first.start, parts[-1].end)
        return self.call(parts, depth)

    def call(self, parts: list[Token], depth: int) -> Call:
        path = ".".join(part.text for part in parts)
        last = parts[-1]
        receiver: list[Expression] = []
        function = path
        if path not in FUNCTIONS and last.text in METHODS and len(parts) > 1:
            receiver = [Name(".".join(part.text for part in parts[:-1]), parts[0].start, parts[-2].end)]
            function = last.text
        elif path not in FUNCTIONS:
            if last.text in _FOREIGN:
                hint = _FOREIGN[last.text]
            elif last.text == "size" and len(parts) > 1:
                hint = f"write `size({'.'.join(part.text for part in parts[:-1])})`"
            else:
                hint = "known are " + ", ".join(f"`{name}`" for name in (*METHODS, *FUNCTIONS))
            raise SyntaxFault(f"there is no function `{last.text}`", last.start, last.end, hint)
        self.expect("(")
        arguments: list[Expression] = []
        while not self.is_next(")"):
            arguments.append(self.disjunction(depth + 1))
            if not self.is_next(","):
                break
            self.take()
        closing = self.expect(")")
        wanted = 1 if function in ("size", "timestamp", "duration") else 2
        if len(receiver) + len(arguments) != wanted:
            takes = "one argument" if wanted - len(receiver) == 1 else "two arguments"
            words = f"`{function}` takes {takes}, not {len(arguments)}"
            raise SyntaxFault(words, parts[0].start, closing.end)
        return Call(function, (*receiver, *arguments), parts[0].start, closing.end)
