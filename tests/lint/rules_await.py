"""g++ 12 miscompiles several places of co_await without a word. One rule covers them: co_await stands alone."""

from cxx_source import CLOSER, is_word, lambda_at

RULES = {
    "await-condition": "co_await inside a condition: name the result first, then test the name",
    "await-operator": "co_await as an operand: name the result first",
    "await-alone": "co_await must be a whole statement, the initialiser of a named variable or the operand of co_return:"
    " name the result first",
    "await-brace": "braces inside an awaited expression: name the value first, or write T(...) with a constructor",
    "await-closure": "a closure inside an awaited expression: name it and move it in, or use a function with parameters",
    "await-ternary": "?: inside an awaited expression: choose with if/else first",
    "await-capture": "a coroutine that captures: make it a function or a captureless lambda with parameters",
}
_CONDITIONS = ("if", "while", "for", "switch", "constexpr")
_OPERATORS = {"&&", "||", "?", "!", "+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "<=>", "&", "|", "^", "<<"}
_PREFIXES = {"*", "&", "-", "+", "~"}


def check(source):
    findings = []
    for index, token in enumerate(source.tokens):
        if token.text == "co_await" and source.at(index - 1) != "operator":
            place, operand = _place(source, index), _operand(source, index)
            if place:
                # Whatever follows it is then no news, but what its call holds is.
                operand = [found for found in operand if found[1] not in ("await-operator", "await-alone")]
                findings.append((token.line, place))
            findings += operand
    findings += _capturing_coroutines(source)
    return sorted(set(findings))


def _in_condition(source, index):
    around = source.parent[index]
    while around >= 0 and source.at(around) != "{":
        if source.at(around) == "(" and source.at(around - 1) in _CONDITIONS:
            return True
        around = source.parent[around]
    return False


def _statement_start(source, index):
    """Whether a statement can begin at index, judged by what stands before it."""
    before = source.at(index - 1)
    if before in ("", ";", "{", "}", "else", "do"):
        return True
    if before == ")":
        opening = source.match.get(index - 1, 0)
        is_void_cast = opening == index - 3 and source.at(index - 2) == "void"
        return source.at(opening - 1) in _CONDITIONS or (is_void_cast and _statement_start(source, opening))
    return before == ":" and not _looks_ternary(source, index - 1)


def _looks_ternary(source, colon):
    here = colon - 1
    while here >= 0 and source.at(here) not in (";", "{", "}"):
        if source.at(here) == "?":
            return True
        here -= 1
    return False


def _place(source, index):
    """The rule that the tokens before co_await break, or None."""
    before = source.at(index - 1)
    if _in_condition(source, index):
        return "await-condition"
    if before == "co_return" or _statement_start(source, index):
        return None
    if before == "=":
        return None if _names_a_variable(source, index - 1) else "await-alone"
    if before in _OPERATORS or before == ":":
        return "await-operator"
    return "await-alone"


def _names_a_variable(source, equals):
    """Whether the left side is a declaration, or a plain name to assign to: nothing that is itself evaluated."""
    here = equals - 1
    while here >= 0 and source.parent[here] == source.parent[equals] and not _statement_start(source, here + 1):
        text = source.at(here)
        if text in ("]", ")") and here in source.match:
            opening = source.match[here]
            binding = text == "]" and source.at(opening - 1) in ("auto", "&", "&&")
            attribute = text == "]" and source.at(opening + 1) == "["
            if not binding and not attribute and source.at(opening - 1) != "decltype":
                return False
            here = opening
        elif text in ("=", "?", "||", "!", "+", "-", "/", "%", "(", "["):
            return False
        here -= 1
    return here < equals - 1 and source.at(here + 1) != "."


def _operand(source, index):
    """What breaks the rule between co_await and the end of its statement."""
    findings, here, previous = [], index + 1, ""
    depth_end = []  # where the groups around `here` close
    while here < len(source.tokens):
        text, line = source.tokens[here]
        inside = bool(depth_end)
        if inside and here == depth_end[-1]:
            depth_end.pop()
        elif lambda_at(source, here):
            findings.append((line, "await-closure"))
            here = source.match.get(lambda_at(source, here)[1], len(source.tokens))
        elif text == "{":
            findings.append((line, "await-brace"))
            here = source.match.get(here, len(source.tokens))
        elif text == "?":
            findings.append((line, "await-ternary"))
        elif text in CLOSER:
            depth_end.append(source.match.get(here, len(source.tokens)))
        elif not inside and text == ";":
            return findings
        elif text == "<" and is_word(previous) and source.after_angles(here) > here:
            here = source.after_angles(here) - 1
        elif not inside and (text in (")", "]", "}", ",", ":") or text[-1:] == "=") and text not in ("==", "!=", "<=", ">="):
            return findings + [(source.tokens[index].line, "await-alone")]
        elif not inside and text in _OPERATORS and not (text in _PREFIXES and not previous):
            return findings + [(source.tokens[index].line, "await-operator")]
        previous = text
        here += 1
    return findings


def _capturing_coroutines(source):
    bodies = []  # (start, end, line of the capture or None)
    for index, token in enumerate(source.tokens):
        found = lambda_at(source, index) if token.text == "[" else None
        if found:
            captures, body = found
            bodies.append((body, source.match.get(body, len(source.tokens)), token.line if captures else None))
    findings = []
    for index, token in enumerate(source.tokens):
        if token.text in ("co_await", "co_return", "co_yield") and source.at(index - 1) != "operator":
            around = [body for body in bodies if body[0] < index < body[1]]
            innermost = max(around, key=lambda body: body[0], default=None)
            if innermost and innermost[2]:
                findings.append((innermost[2], "await-capture"))
    return findings
