"""A condition cut into tokens. It never looks at what they mean together."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 20_000

_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\r\n]+ | //[^\n]*)
    | (?P<float>\d+\.\d+(?:[eE][+-]?\d+)? | \d+[eE][+-]?\d+ | \.\d+(?:[eE][+-]?\d+)?)
    | (?P<int>0[xX][0-9a-fA-F]+ | \d+)
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<string>"(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*')
    | (?P<operator>&& | \|\| | == | != | <= | >= | [<>!()\[\],.\-])
    """,
    # Digits are those of CEL; other scripts' would be read as numbers by one back end and refused by the next.
    re.VERBOSE | re.ASCII,
)
_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|X([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.))", re.DOTALL
)
_SIMPLE = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "\\": "\\",
    "?": "?",
    '"': '"',
    "'": "'",
    "`": "`",
}


class SyntaxFault(Exception):
    """Text that is no condition: words, the place in the text, and a hint."""

    def __init__(self, words: str, start: int, end: int, hint: str | None = None) -> None:
        super().__init__(words)
        self.words, self.start, self.end, self.hint = words, start, end, hint


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its kind (`float`, `int`, `name`, `string`, `operator`, `end`), its text, and where it stands."""

    kind: str
    text: str
    start: int
    end: int


def tokens_of(text: str) -> list[Token]:
    """The tokens of a condition, the last of kind `end`.

    raises  SyntaxFault
    """
    if len(text) > LONGEST:
        raise SyntaxFault(f"a condition is at most {LONGEST} characters long", 0, 1)
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _stray(text, position)
        kind = match.lastgroup or ""
        if kind != "space":
            tokens.append(Token(kind, match.group(), position, match.end()))
        position = match.end()
    tokens.append(Token("end", "", len(text), len(text)))
    return tokens


def _stray(text: str, position: int) -> SyntaxFault:
    character = text[position]
    if character in "\"'":
        return SyntaxFault("this text has no closing quote", position, len(text))
    hints = {
        "=": "equality is written `==`",
        "&": "`and` is written `&&`",
        "|": "`or` is written `||`",
        "+": "conditions do no arithmetic: compare a signal with a constant",
        "*": "conditions do no arithmetic: compare a signal with a constant",
        "/": "conditions do no arithmetic: compare a signal with a constant",
        "%": "conditions do no arithmetic: compare a signal with a constant",
        "?": "there is no `? :`: write two rules",
    }
    return SyntaxFault(f"`{character}` has no place in a condition", position, position + 1, hints.get(character))


def unquote(token: Token) -> str:
    """The text that a string token stands for.

    raises  SyntaxFault
    """
    body = token.text[1:-1]

    def replace(match: re.Match[str]) -> str:
        hexadecimal = match.group(1) or match.group(2) or match.group(3) or match.group(4)
        if hexadecimal or match.group(5):
            code = int(hexadecimal, 16) if hexadecimal else int(match.group(5), 8)
            if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
                raise SyntaxFault(f"`{match.group()}` is no character", token.start, token.end)
            return chr(code)
        simple = _SIMPLE.get(match.group(6))
        if simple is None:
            raise SyntaxFault(
                f"`{match.group()}` is no escape", token.start, token.end, "a backslash is written `\\\\`"
            )
        return simple

    return _ESCAPE.sub(replace, body)
