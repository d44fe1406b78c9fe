"""What goes wrong, by the program's exit codes."""

from __future__ import annotations

import re
from typing import Dict, Match, Type


class LogitreeWarning(UserWarning):
    """What the program warns of."""


class LogitreeError(Exception):
    """What the program refuses, or fails to do. The message is the program's own."""

    #: The program's exit code.
    exit_code: int = 1


class UsageError(LogitreeError, ValueError):
    """Asked for what can't be."""

    exit_code = 64


class DataError(LogitreeError, ValueError):
    """Data is not what it should be: NaN, rows that were never written, a damaged file."""

    exit_code = 65


class MissingError(LogitreeError, FileNotFoundError):
    """A file or dataset is not there, or may not be read."""

    exit_code = 66


class InternalError(LogitreeError, RuntimeError):
    """The program contradicts itself, or was killed."""

    exit_code = 70


class CannotCreateError(LogitreeError, FileExistsError):
    """A result can't be created, or may not be written over."""

    exit_code = 73


class InputOutputError(LogitreeError, OSError):
    """The system could not read or write."""

    exit_code = 74


class IncompleteError(LogitreeError):
    """The program was stopped before it was done. The same call goes on where it was."""

    exit_code = 75


_KINDS: Dict[int, Type[LogitreeError]] = {
    kind.exit_code: kind
    for kind in (
        UsageError,
        DataError,
        MissingError,
        InternalError,
        CannotCreateError,
        InputOutputError,
        IncompleteError,
    )
}


def error(exit_code: int, message: str) -> LogitreeError:
    """The error for an exit code. Below 0 it is that of a signal, as `subprocess` has it."""
    message = in_python(message)
    if exit_code < 0:
        said = f": {message}" if message else ""
        return InternalError(f"the program was ended by signal {-exit_code}{said}")
    return _KINDS.get(exit_code, InternalError)(message or f"the program ended with {exit_code}")


#: Options that take no value.
_FLAGS = {"allow-estimates", "allow-fill", "replace", "transposed"}
#: An option, and what follows it if that is a value and no word of the sentence.
_OPTION = re.compile(
    r"--([a-z][a-z-]*[a-z])(?: (fail|skip|(?:log-)?probabilities|logits|b?float\d+(?:-be)?|\d[\d.]*(?:[KMG]iB)?)(?![\w-]))?"
)
#: A command, which is for a shell.
_COMMAND = re.compile(r"\blogitree [a-z]")


def in_python(message: str) -> str:
    """What the program says, with the options that it advises as arguments are written here."""
    lines = message.split("\n")
    return "\n".join(
        line if _COMMAND.search(line) else _OPTION.sub(_argument, line)
        for line in lines
        if not line.startswith(("Usage: logitree", "  See 'logitree"))
    )


def _argument(option: Match[str]) -> str:
    name, value = option.group(1).replace("-", "_"), option.group(2)
    if option.group(1) in _FLAGS:
        return f"{name}=True" + (f" {value}" if value else "")
    if value is None:
        return name
    return f"{name}={value}" if re.fullmatch(r"\d[\d.]*", value) else f'{name}="{value}"'
