"""C++ source without its comments and literals, and as tokens: enough to judge a line, far from a parser."""

import re
from typing import NamedTuple

_LEXICAL = re.compile(
    r"""(?P<comment>//(?:\\\n|[^\n])*|/\*.*?\*/)
      | (?P<raw>\b(?:u8|[uUL])?R"(?P<mark>[^()\s\\]{0,16})\(.*?\)(?P=mark)")
      | (?P<number>(?<!\w)\.?\d(?:'?[\w.])*)
      | (?P<string>"(?:\\.|[^"\\\n])*")
      | (?P<char>'(?:\\.|[^'\\\n])*')""",
    re.DOTALL | re.VERBOSE,
)
_TOKEN = re.compile(
    r"[A-Za-z_]\w*|\.?\d(?:'?[\w.])*|\"\"|''"
    r"|<=>|->|::|&&|\|\||[<>=!+\-*/%&|^]=|\+\+|--|<<|\.\.\.|\S"
)
CLOSER = {"(": ")", "[": "]", "{": "}"}


class Token(NamedTuple):
    text: str
    line: int


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


class Source:
    """One C++ file: `text` as written, `code` without comments and literals, `tokens` without preprocessor lines too."""

    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.literals = []  # (line, text between the quotes)
        self.code = _LEXICAL.sub(self._strip, text)
        directives = re.sub(r"^[ \t]*#(?:\\\n|[^\n])*", lambda m: _blank(m[0]), self.code, flags=re.MULTILINE)
        self.tokens = self._tokenize(directives)
        self.match, self.parent = self._pair()

    def _strip(self, found):
        kind = found.lastgroup if found.lastgroup != "mark" else "raw"
        if kind == "number":
            return found[0]
        if kind == "comment":
            return _blank(found[0])
        line = self.text.count("\n", 0, found.start()) + 1
        self.literals.append((line, found[0]))
        quote = "''" if kind == "char" else '""'
        return quote + _blank(found[0])[len(quote):]

    @staticmethod
    def _tokenize(code):
        return [
            Token(found[0], number)
            for number, line in enumerate(code.split("\n"), 1)
            for found in _TOKEN.finditer(line)
        ]

    def _pair(self):
        """match: index of an opening bracket's partner and back; parent: index of the bracket around each token."""
        match, parent, stack = {}, [], []
        for index, token in enumerate(self.tokens):
            if token.text in CLOSER.values():
                if stack and CLOSER[self.tokens[stack[-1]].text] == token.text:
                    match[index] = stack[-1]
                    match[stack.pop()] = index
            parent.append(stack[-1] if stack else -1)
            if token.text in CLOSER:
                stack.append(index)
        return match, parent

    def at(self, index):
        """The token's text, or "" outside of the file."""
        return self.tokens[index].text if 0 <= index < len(self.tokens) else ""

    def after_group(self, index):
        """The index behind the group that opens at index; the end of the file if it is never closed."""
        return self.match.get(index, len(self.tokens)) + 1

    def after_angles(self, index):
        """The index behind a template argument list that opens at index, or index if that `<` is a comparison."""
        depth, here = 0, index
        while here < len(self.tokens):
            text = self.at(here)
            if text == "<":
                depth += 1
            elif text == ">":
                depth -= 1
                if depth == 0:
                    return here + 1
            elif text in CLOSER and text != "{":
                here = self.after_group(here)
                continue
            elif text in (";", "{", "}", ")", "]", "&&", "||", "?", "==", "!="):
                return index
            here += 1
        return index


def is_word(text):
    return bool(re.match(r"[A-Za-z_]\w*$", text))


def lambda_at(source, index):
    """(captures anything, index of its body's `{`) if a lambda's `[` stands at index, else None."""
    before, inside = source.at(index - 1), source.at(index + 1)
    subscript = is_word(before) and before not in ("return", "co_return", "co_await", "co_yield", "case", "else")
    binding = before in ("&", "&&") and source.at(index - 2) == "auto"
    if source.at(index) != "[" or inside == "[" or before == "[" or subscript or binding or before in (")", "]", '""'):
        return None
    here = source.after_group(index)
    if source.at(here) == "<":
        here = source.after_angles(here)
    if source.at(here) == "(":
        here = source.after_group(here)
    while here < len(source.tokens) and source.at(here) not in ("{", ";", ")", "}", ","):
        text = source.at(here)
        if text == "<":
            here = max(source.after_angles(here), here + 1)
        else:
            here = source.after_group(here) if text in CLOSER else here + 1
    return (inside != "]", here) if source.at(here) == "{" else None
