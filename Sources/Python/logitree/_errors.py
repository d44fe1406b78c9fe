"""What goes wrong, by the program's exit codes."""

from __future__ import annotations

import contextlib
import errno
import os
from typing import Dict, Iterator, Type


class LogitreeWarning(UserWarning):
    """What the program warns of."""


class LogitreeError(Exception):
    """What the program refuses, or fails to do. The message is the program's own."""

    #: The program's exit code.
    exit_code: int = 1


class UsageError(LogitreeError, ValueError):
    """Asked for what can't be."""

    exit_code = 64


class ArgumentError(UsageError, TypeError):
    """Called with a keyword that there is not."""


class DataError(LogitreeError, ValueError):
    """Data is not what it should be: NaN, rows that were never written, a damaged file."""

    exit_code = 65


class MissingError(LogitreeError, FileNotFoundError):
    """A file or dataset is not there, or may not be read."""

    exit_code = 66


class InternalError(LogitreeError, RuntimeError):
    """The program contradicts itself, or was killed."""

    exit_code = 70


class CannotCreateError(LogitreeError, OSError):
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
    if exit_code < 0:
        said = f": {message}" if message else ""
        return InternalError(f"the program was ended by signal {-exit_code}{said}")
    kind = ArgumentError if message.startswith("there is no argument ") else _KINDS.get(exit_code, InternalError)
    return kind(message or f"the program ended with {exit_code}")


@contextlib.contextmanager
def writing(path: "str | os.PathLike[str]") -> Iterator[None]:
    """What the system refuses when something is written, with the path that it is about."""
    try:
        yield
    except LogitreeError:
        raise
    except OSError as problem:
        is_full = problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
        if is_full:
            raise InputOutputError(f"{os.fspath(path)}: can't be written: {problem.strerror}") from problem
        raise CannotCreateError(f"{os.fspath(path)}: can't be created: {problem.strerror}") from problem
