"""What the program says, in the words of this package: options are arguments, and what is in memory has no path."""

from __future__ import annotations

import re
from typing import Mapping, Match

#: Options that take no value.
_FLAGS = {"allow-estimates", "allow-fill", "auto", "replace", "transposed"}
#: A command with what it takes, which is for a shell.
_COMMAND = re.compile(r"logitree [a-z]+(?: (?:--?[a-z][a-z-]*|[A-Z][A-Z…]+|-(?!\S)|'[^']*'|[^\s.,;:]*[./][^\s;:]*[^\s.,;:]))+")
#: The name of a command, where there is a function or a method instead.
_NAME = re.compile(r"\blogitree (build|compare|evaluate|export|levels|support|update)\b")
#: An option as the parser of the command line names it, with what stands for its value.
_NAMED = re.compile(r"'--?([a-z][a-z-]*)(?: <[^>]*>)?'")
#: An option, and what follows it if that is a value and no word of the sentence.
_OPTION = re.compile(
    r"(?<![\w-])(?:--([a-z][a-z-]*[a-z])|-(k))"
    r"(?: ('[^']*'|[\w.]+(?:[,/][\w.-]+)+|fail|skip|(?:log-)?probabilities|logits|b?float\d+(?:-be)?|\d[\d.]*(?:[KMG]iB)?)(?![\w-]))?"
)
_HELP = re.compile(r"Help: +-\S+ <[^>]*> +")


def in_python(message: str, called: Mapping[str, str]) -> str:
    """What the program says, as it is said here.

    Args:
        called: What to call files that stand for what is in memory, by their paths.
    """
    # What a value may be is in the help of its option, unless all of them were listed.
    beside = ("Usage: logitree", "  See 'logitree", "Help: " if "Please provide one of" in message else "Usage: ")
    text = "\n".join(_HELP.sub("", line) for line in message.split("\n") if not line.startswith(beside))
    text = text.replace("Unknown option ", "there is no argument ")
    text = text.replace("rows of standard input", "rows that are in no file")
    text = without_paths(text, {**called, "standard input": "the rows"})
    commands = list(_COMMAND.finditer(text))
    ends = [0, *(command.end() for command in commands)]
    begins = [*(command.start() for command in commands), len(text)]
    spoken = [_spoken(text[first:last]) for first, last in zip(ends, begins)]
    return "".join(part for pair in zip(spoken, [*(c.group() for c in commands), ""]) for part in pair)


def without_paths(text: str, called: Mapping[str, str]) -> str:
    """A text in which files that nobody knows have other names."""
    for path, name in called.items():
        text = text.replace(path, name)
    return text


def _spoken(text: str) -> str:
    text = _NAME.sub(lambda name: "logitree.build" if name.group(1) == "build" else f"{name.group(1)}()", text)
    return _OPTION.sub(_argument, _NAMED.sub(lambda named: named.group(1).replace("-", "_") + "=", text))


def _argument(option: Match[str]) -> str:
    long, short, value = option.groups()
    name = (long or short).replace("-", "_")
    if long in _FLAGS:
        return f"{name}=True" + (f" {value}" if value else "")
    if value is None:
        return name
    return f"{name}={value}" if re.fullmatch(r"\d[\d.]*|'.*'", value) else f'{name}="{value}"'
