"""The house: which room may know which, what stays out of headers, and how large a thing may grow."""

import re

RULES = {
    "arrow": "this room must not know that one: core <- net_sim <- sim <- cli and core <- net_real <- cli",
    "boost": "Boost only in net_real/src and in an asio_interop header: hide it behind an interface of core",
    "heavy-header": "toml++, spdlog and nlohmann only in .cpp files: declare your own type in the header",
    "cli11": "CLI11 only in cli and sim/src/command: let the command line fill an options struct",
    "simulated": "nobody asks whether the world is simulated: put the difference behind the environment's interfaces",
    "marker": "an unfinished-work marker: finish it, or open an issue",
    "final-newline": "the file does not end in a newline: add one",
    "pragma-once": "a header without #pragma once: make it the first directive",
    "log-words": "what a log line says is made before the logger is asked: hand it over as it is, or by in_words()",
    "function-length": "a function of more than 70 lines: split it",
    "file-length": "too long a file (500 lines, tests 700): split it by idea",
}
_ROOMS = {
    "core": {"core"},
    "net_real": {"core", "net_real"},
    "net_sim": {"core", "net_sim"},
    "sim": {"core", "net_sim", "sim"},
    "cli": {"core", "net_real", "net_sim", "sim", "cli"},
}
# A call of a logger that is given a text which had to be put together first.
_LOG_WORDS = re.compile(
    r"\blog_?\s*\.\s*(?:log|debug|info|warn|error)\s*\((?:\"[^\"]*\"|[^;\"])*?"
    r"\b(?:error_name|format_duration|format_seconds|to_string|fmt\s*::\s*format)\s*\("
)
_FUNCTION_LINES = 70
_CODE = (".cpp", ".hpp", ".h", ".py", ".sh", ".cmake", ".js", ".html", "CMakeLists.txt", "/dev", "/.ci/run")
# Put together, or this file would find itself.
_MARKERS = re.compile(r"\b(?:" + "|".join(("TO" "DO", "FIX" "ME", "X" "XX", "HA" "CK")) + r")\b")


def check_text(path, text):
    """Any file of the project."""
    room = path.split("/")[0]
    findings = [(number, "marker") for number, line in enumerate(text.split("\n"), 1) if _MARKERS.search(line)]
    lines = text.count("\n") + (not text.endswith("\n"))
    if room in _ROOMS and text and not text.endswith("\n"):
        findings.append((lines, "final-newline"))
    if ("/" + path).endswith(_CODE) and lines > (700 if room == "tests" else 500):
        findings.append((1, "file-length"))
    return findings


def check_cxx(source):
    findings = _includes(source) + _functions(source, 0, len(source.tokens))
    findings += [(token.line, "simulated") for token in source.tokens if token.text == "is_simulated"]
    findings += [(source.code.count("\n", 0, found.start()) + 1, "log-words") for found in _LOG_WORDS.finditer(source.code)]
    is_header = source.path.endswith((".hpp", ".h"))
    if is_header and not re.search(r"^\s*#\s*pragma\s+once\b", source.code, re.MULTILINE):
        findings.append((1, "pragma-once"))
    return findings


def includes(source):
    """(line, what is included) of each #include."""
    for number, line in enumerate(source.text.split("\n"), 1):
        found = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
        if found:
            yield number, found[1]


def _includes(source):
    findings = []
    room, name = source.path.split("/")[0], source.path.split("/")[-1]
    if room not in _ROOMS:
        return findings
    for line, target in includes(source):
        own = re.match(r"piccolo/(\w+)/", target)
        if (own and own[1] in _ROOMS and own[1] not in _ROOMS[room]) or target.startswith("../"):
            findings.append((line, "arrow"))
        elif target.startswith(("boost/", "asio")) and not source.path.startswith("net_real/src/"):
            if not name.startswith("asio_interop"):
                findings.append((line, "boost"))
        elif target == "nlohmann/json_fwd.hpp" and "/src/" in source.path:
            continue  # made for headers
        elif target.startswith(("toml++/", "spdlog/", "nlohmann/")) and not name.endswith(".cpp"):
            findings.append((line, "heavy-header"))
        elif target.startswith("CLI/") and not source.path.startswith(("cli/", "sim/src/command/")):
            findings.append((line, "cli11"))
    return findings


def _functions(source, here, end):
    """Functions that are too long, between two tokens of a namespace or class body."""
    findings, head = [], []
    while here < end:
        text, line = source.tokens[here]
        after = source.after_group(here)
        if text == "<" and head == ["template"]:
            here, head = max(source.after_angles(here), here + 1), []
            continue
        if text == "{" and not _initialises(head):
            if head and {"namespace", "class", "struct", "union", "enum", "extern"} & set(head) and "(" not in head:
                findings += _functions(source, here + 1, after - 1)
            elif "(" in head and source.at(after - 1) == "}":
                length = source.tokens[after - 1].line - line + 1
                if length > _FUNCTION_LINES:
                    findings.append((line, "function-length"))
            head = []
        elif text == ";":
            head = []
        else:
            head.append(text)
        here = after if text in ("(", "[", "{") else here + 1
    return findings


def _initialises(head):
    """Whether a `{` after these tokens holds a value: `x = {`, or a member of a constructor's list as in `: a_{`."""
    if "=" in head and "operator" not in head:
        return True
    initialisers = "(" in head and ":" in head[head.index("("):]
    return initialisers and bool(re.match(r"[\w>]", head[-1]))
