"""What is built from, as arguments of the program and what it reads on standard input."""

from __future__ import annotations

import contextlib
import itertools
import os
import tempfile
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Callable, Iterator, KeysView, List, Mapping, Optional, Tuple, Union, ValuesView

from . import _topk
from ._errors import UsageError, writing
from ._names import kind
from ._npy import header_of
from ._rows import Rows, rows, write_all

Spool = Union[bool, str, "os.PathLike[str]"]


@dataclass
class Inputs:
    """How the program gets its rows."""

    #: The arguments that name them.
    arguments: List[str]
    #: A file that has them, for standard input.
    file: Optional[IO[bytes]] = None
    #: Writes them to a pipe, for standard input.
    feed: Optional[Callable[[int], None]] = None
    #: What to call paths among the arguments that nobody knows.
    called: Mapping[str, str] = field(default_factory=dict)


@contextlib.contextmanager
def inputs(data: "List[str] | Rows", spool: Spool, store: Path) -> Iterator[Inputs]:
    """Rows for the program: files, or what is in none.

    What is there as a whole is written to a file first, which the program reads as it reads others. Blocks are worked on as
    they come, and the program keeps them if it may.
    """
    if isinstance(data, list):
        yield Inputs(data)
        return
    # An array tells its type.
    arguments = ["-", "--type", data.format, "--trust-type", "--clusters", str(data.clusters), *data.form]
    # Nothing that was kept of records would tell more than their sketches.
    directory = None if spool is True and data.form else spool_directory(spool, store)
    if directory is None:
        yield Inputs(arguments, feed=data.write)
    elif not data.is_whole:
        yield Inputs([*arguments, "--spool", directory], feed=data.write)
    else:
        with spooled(data, directory) as file:
            yield Inputs(arguments, file=file)


def spool_directory(spool: Spool, store: Path) -> Optional[str]:
    """Where rows are kept that are in no file; None: nowhere."""
    if spool is False:
        return None
    if spool is not True and not isinstance(spool, (str, os.PathLike)):
        raise UsageError(f"spool is a directory, or True or False, and not {spool!r}")
    return str(store.absolute().parent if spool is True else spool)


@contextlib.contextmanager
def spooled(found: Rows, directory: str, has_header: bool = False) -> Iterator[IO[bytes]]:
    """A file with rows, which has no name, and goes when it is closed, whoever closes it."""
    with writing(f"a file in {directory}"):
        file = tempfile.TemporaryFile(dir=directory, prefix="logitree-", buffering=0)
    with file:
        write_rows(file, found, f"a file in {directory}", has_header)
        file.seek(0)
        yield file


def write_rows(file: IO[bytes], found: Rows, place: str, has_header: bool) -> None:
    """Writes rows to a file, as NumPy's or without a header.

    Args:
        place: What an error is to name.
    """

    def write(content: "bytes | memoryview") -> None:
        with writing(place):
            write_all(file.fileno(), memoryview(content))

    if has_header:
        write(header_of(found, 0))
    byte_count = 0
    for content in found.contents():
        write(content)
        byte_count += len(content)
    if has_header:
        file.seek(0)
        write(header_of(found, byte_count))


def source(data: Any, clusters_of_pairs: Optional[int] = None) -> "List[str] | Rows":
    """The paths of files, or the rows that are in none.

    Args:
        clusters_of_pairs: How many clusters there are, if of each row only the largest logits are given.
    """
    named, data = _paths(data)
    if named is not None:
        return named
    return rows(data) if clusters_of_pairs is None else _topk.rows(data, clusters_of_pairs)


#: What to do about data in memory instead of saying how files are to be read.
_INSTEAD = {
    "clusters": " and tell it",
    "dataset": "",
    "index_type": " and tell it",
    "normalizer": ": with top_k=True give (values, indices, normalizer)",
    "raw": " and tell it",
    "top_k": ": top_k=True takes pairs (values, indices)",
    "transposed": ": give array.T",
    "type": " and tell it",
}


def check_form(given: "List[str] | Rows", options: Mapping[str, Any]) -> None:
    """Refuses options that say how files are to be read, if there are none."""
    for name, instead in _INSTEAD.items():
        if isinstance(given, Rows) and options.get(name) is not None and options[name] is not False:
            raise UsageError(f"{name}= is for files, and the rows are in memory{instead}")


def path_argument(path: "str | os.PathLike[str]") -> str:
    """A path as an argument, which never looks like an option."""
    text = os.fspath(path)
    return "./" + text if text.startswith("-") else text


def is_path(value: Any) -> bool:
    return isinstance(value, (str, os.PathLike))


def _paths(data: Any) -> "Tuple[Optional[List[str]], Any]":
    """The paths of files, if that is what data are; and the data, of which a beginning may have been taken."""
    if is_path(data):
        return [path_argument(data)], data
    if isinstance(data, Iterator):
        beginning = list(itertools.islice(data, 1))
        data = itertools.chain(beginning, data)
        if not all(map(is_path, beginning)) or not beginning:
            return None, data
        data = list(data)
    elif isinstance(data, (set, frozenset)):
        raise UsageError(f"a {kind(data)} has no order, and rows have one: give a list, as sorted(paths)")
    is_list = isinstance(data, (list, tuple, deque, KeysView, ValuesView)) or len(getattr(data, "shape", ())) == 1
    if is_list and len(data) and all(map(is_path, data)):
        return [path_argument(path) for path in data], data
    return None, data
