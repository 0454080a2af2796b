"""One seed, one story: what nodes and the simulator must not call, because it differs from run to run."""

import re
from fnmatch import fnmatchcase

ROOMS = ("core", "net_sim", "sim")

# (files, rules, why this is safe)
ALLOWED = [
    ("sim/*/campaign*", {"det-thread", "det-clock"}, "runs whole simulations side by side and times them, never looks inside"),
    ("sim/*/decision*", {"det-thread", "det-clock"}, "runs whole simulations side by side and times them, as a campaign does"),
    ("sim/src/command/*", {"det-thread", "det-clock", "det-process"}, "the command line around the runs, not in them"),
    ("sim/src/campaign_crash_notice*", {"det-thread-local"}, "which seed a thread runs, for the last words of a process"),
    ("sim/src/worker*", {"det-thread", "det-clock", "det-process"}, "a process that runs whole simulations, and memory that it shares with the campaign"),
    ("sim/*/shrink.hpp", {"det-thread"}, "a flag that somebody sets to end it early"),
    ("sim/src/shrink/trials*", {"det-thread", "det-clock"}, "runs whole simulations side by side and times them, never looks inside"),
    ("core/*/block_pool*", {"det-thread-local"}, "recycles memory; which block somebody gets is visible to nobody"),
    ("core/*/frame_pool*", {"det-thread-local"}, "counts the frames of a thread, to find those that were forgotten"),
]

RULES = {
    "det-clock": "a real clock: take the environment's Clock",
    "det-random": "foreign randomness: draw from the environment's Random, in integers",
    "det-process": "the process's surroundings: pass the value in as configuration",
    "det-sleep": "a real sleep: await the environment's Clock",
    "det-thread": "threads and what guards them: one simulation is one thread; only the campaign runs several",
    "det-thread-local": "thread_local state: two simulations may run on two threads, keep it in the environment",
    "det-float": "floating point in a decision: use integers and ratios",
    "det-libm": "libm differs between machines: use integer arithmetic",
    "det-address": "an address as a value: give the object a number",
    "det-unordered": "the order of an unordered container: iterate over something sorted, or keep a vector beside it",
}

_PATTERNS = [
    ("det-clock", r"\b(?:system|steady|high_resolution|utc|tai|file)_clock\b"),
    ("det-random", r"\brandom_device\b|\bmt19937(?:_64)?\b|\bminstd_rand0?\b|\bdefault_random_engine\b|\branlux\w+"),
    ("det-random", r"\bstd\s*::\s*(?:\w+_distribution|shuffle|sample|random_shuffle)\b"),
    ("det-process", r"\bstd\s*::\s*locale\b|\.\s*imbue\s*\("),
    ("det-sleep", r"\bstd\s*::\s*this_thread\b"),
    (
        "det-thread",
        r"\bstd\s*::\s*(?:j?thread|async|(?:recursive_|shared_|timed_)*mutex|condition_variable\w*|atomic\w*|future"
        r"|shared_future|promise|packaged_task|latch|barrier|\w+_semaphore|call_once|once_flag|lock_guard|unique_lock"
        r"|scoped_lock|shared_lock)\b",
    ),
    ("det-thread-local", r"\bthread_local\b"),
    (
        "det-libm",
        r"\bstd\s*::\s*(?:sqrt|cbrt|pow|exp2?|log|log2|log10|log1p|sin|cos|tan|a?sinh?|a?cosh?|a?tanh?|atan2|hypot|fmod"
        r"|floor|ceil|l{0,2}round|trunc|l?rint|nearbyint|ldexp|frexp)\s*[(<]|#\s*include\s*<(?:cmath|math\.h)>",
    ),
    ("det-address", r"\bstd\s*::\s*hash\s*<[^<>;]*\*\s*>|\bfmt\s*::\s*ptr\b|<<\s*(?:this\b|static_cast\s*<[^<>]*\bvoid\b)"),
    ("det-address", r"\bstd\s*::\s*(?:multi)?(?:map|set)\s*<\s*(?:const\s+)?[\w:]+(?:\s+const)?\s*\*"),
]
_FLOAT = r"\b(?:float|double)\b"
_CALLS = {
    "rand": "det-random", "srand": "det-random", "rand_r": "det-random", "drand48": "det-random",
    "lrand48": "det-random", "getrandom": "det-random", "getentropy": "det-random", "arc4random": "det-random",
    "time": "det-clock", "gettimeofday": "det-clock", "clock_gettime": "det-clock", "localtime": "det-clock",
    "getenv": "det-process", "secure_getenv": "det-process", "setlocale": "det-process", "getpid": "det-process",
    "sleep": "det-sleep", "usleep": "det-sleep", "nanosleep": "det-sleep", "pthread_create": "det-thread",
    "sqrt": "det-libm", "pow": "det-libm", "fmod": "det-libm", "log2": "det-libm", "log10": "det-libm",
}  # fmt: skip
_BEFORE_A_CALL = {"return", "co_return", "case", "else", "do", "throw"}


def check(source, neighbours):
    """neighbours: the project's own headers that this file includes, whose unordered members it may iterate over."""
    if not source.path.startswith(tuple(room + "/" for room in ROOMS)):
        return []
    patterns = list(_PATTERNS)
    if not source.path.startswith("core/"):
        patterns.append(("det-float", _FLOAT))
    findings = [
        (source.code.count("\n", 0, found.start()) + 1, rule)
        for rule, pattern in patterns
        for found in re.finditer(pattern, source.code)
    ]
    findings += [(line, "det-address") for line, text in source.literals if re.search(r"%p|\{[^{}]*:[^{}]*p\}", text)]
    findings += _calls(source) + _unordered(source, neighbours)
    pardoned = set().union(*(rules for files, rules, _ in ALLOWED if fnmatchcase(source.path, files)))
    return sorted({found for found in findings if found[1] not in pardoned})


def _calls(source):
    """Calls of C functions by name: neither members, nor other namespaces' functions, nor declarations."""
    findings = []
    for index, token in enumerate(source.tokens):
        rule = _CALLS.get(token.text)
        if not rule or source.at(index + 1) != "(":
            continue
        before, qualifier = source.at(index - 1), source.at(index - 2)
        if before == "::":
            is_call = qualifier == "std" or not re.match(r"[\w>]", qualifier)
        else:
            is_call = before not in (".", "->", ">", "&", "*", "co_await", "~") and (
                before in _BEFORE_A_CALL or not re.match(r"[A-Za-z_]", before)
            )
        if is_call:
            findings.append((token.line, rule))
    return findings


def unordered_names(source):
    """Variables and members that this file declares as std::unordered_*, also through its own aliases."""
    aliases, names = set(), set()
    for index, token in enumerate(source.tokens):
        if not (re.match(r"unordered_(?:multi)?(?:map|set)$", token.text) or token.text in aliases):
            continue
        here = index + 1
        if source.at(here) == "<":
            here = source.after_angles(here)
        start = index - 2 if source.at(index - 1) == "::" else index
        if source.at(start - 1) == "=" and source.at(start - 3) == "using":
            aliases.add(source.at(start - 2))
            continue
        while source.at(here) in ("const", "&", "*"):
            here += 1
        if re.match(r"[A-Za-z_]", source.at(here)) and source.at(here + 1) != "(":
            names.add(source.at(here))
    return names


def _unordered(source, neighbours):
    names = unordered_names(source).union(*(unordered_names(header) for header in neighbours))
    findings = []
    for index, token in enumerate(source.tokens):
        if token.text == "for" and source.at(index + 1) == "(":
            close = source.match.get(index + 1, 0)
            has_range = any(
                source.at(here) == ":" and source.parent[here] == index + 1 for here in range(index + 2, close)
            )
            if has_range and source.at(close - 1) in names:
                findings.append((token.line, "det-unordered"))
        elif token.text in names and source.at(index + 1) in (".", "->") and source.at(index + 2) in ("begin", "cbegin"):
            findings.append((token.line, "det-unordered"))
    return findings
