"""Rows of logits as Python has them: arrays, tensors, and whatever gives blocks of either."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Callable, Iterable, Iterator, List, Optional, Sequence, TYPE_CHECKING, Tuple

import numpy as np

from ._errors import DataError, UsageError

if TYPE_CHECKING:  # which older versions of NumPy don't have
    import numpy.typing as npt

#: What is read of an array at once that does not lie in memory as it is written.
_BLOCK_BYTES = 8 << 20
#: What is handed to the system at once.
_WRITE_BYTES = 1 << 20
#: Linux's F_SETPIPE_SZ, which Python knows from 3.10 on.
_SET_PIPE_SIZE = 1031


@contextlib.contextmanager
def inputs(
    data: Any, spool: "bool | str | os.PathLike[str]", store: Path, top_k: Optional[int] = None
) -> Iterator[Tuple[List[str], Optional[IO[bytes]], Optional[Callable[[int], None]]]]:
    """The arguments that name data to the program; and if it is in no file, one that has it, for the program's standard
    input, or what writes it to a pipe.

    What is there as a whole is written to a file first, which the program reads as it reads others. Blocks are worked on as
    they come, and the program keeps them if it may.

    Args:
        top_k: How many clusters there are, if of each row only the largest logits are given.
    """
    named = paths(data)
    if named is not None:
        yield named, None, None
        return
    if top_k is None:
        found = rows(data)
    else:
        from . import _topk

        found = _topk.rows(data, top_k)
        # Nothing that was kept of them would tell more than their sketches.
        spool = False if spool is True else spool
    arguments = ["-", "--type", found.format, "--clusters", str(found.clusters), *found.form]
    directory = str(store.absolute().parent) if spool is True else spool
    if directory is False:
        yield arguments, None, found.write
    elif not found.is_whole or not os.path.isdir(directory):
        # What is wrong with a directory, the program says.
        yield [*arguments, "--spool", os.fspath(directory)], None, found.write
    else:
        with tempfile.TemporaryFile(dir=directory, prefix="logitree-") as file:
            for block in found.blocks:
                write_all(file.fileno(), block.reshape(-1).view(np.uint8).data)
            file.seek(0)
            yield arguments, file, None


def paths(data: Any) -> Optional[List[str]]:
    """The names of files, if that is what data is."""
    if _is_path(data):
        return [_path(data)]
    if isinstance(data, (list, tuple)) and data and all(map(_is_path, data)):
        return [_path(path) for path in data]
    return None


def path_argument(path: "str | os.PathLike[str]") -> str:
    """A path as an argument, which never looks like an option."""
    text = os.fspath(path)
    return "./" + text if text.startswith("-") else text


def _is_path(value: Any) -> bool:
    return isinstance(value, (str, os.PathLike))


def _path(value: Any) -> str:
    return path_argument(value)


@dataclass
class Rows:
    """Rows, all of one type and length, in blocks that are made as they are asked for."""

    #: The type of the numbers, as the program calls it.
    format: str
    #: How many clusters there are: as many as numbers in a row, unless `form` says otherwise.
    clusters: int
    #: Whether all of them are there already.
    is_whole: bool
    #: Arrays of rows in C order, of bytes as they lie in memory.
    blocks: Iterator[npt.NDArray[Any]]
    #: Further options that tell the program how rows are read.
    form: Sequence[str] = ()

    def write(self, descriptor: int) -> None:
        """Writes the rows to a pipe.

        The very last byte is written after all else has gone well. If this process ends before, for whatever reason,
        the program finds half a row, and does not take it for the end of the data.
        """
        _enlarge(descriptor)
        held = b""
        for block in self.blocks:
            held = _write(descriptor, held, block.reshape(-1).view(np.uint8).data)
        write_all(descriptor, memoryview(held))


def rows(data: Any) -> Rows:
    """The rows of an array, a tensor, or an iterable of blocks."""
    if not hasattr(data, "shape") and (hasattr(data, "__array__") or hasattr(data, "__dlpack__")):
        data = numpy_array(data)
    blocks = _blocks(data)
    first = next(blocks, None)
    if first is None:
        raise DataError("there are no rows")
    block, form = first
    return Rows(form, block.shape[1], hasattr(data, "shape"), _alike(block, form, blocks))


def _alike(
    first: npt.NDArray[Any], form: str, others: Iterator[Tuple[npt.NDArray[Any], str]]
) -> Iterator[npt.NDArray[Any]]:
    """Blocks that must all be of the first one's type and length of rows."""
    yield first
    for index, (block, other) in enumerate(others, 1):
        if block.shape[1] != first.shape[1]:
            raise DataError(f"block {index} has {block.shape[1]} clusters, and the first {first.shape[1]}")
        if other != form:
            raise DataError(f"block {index} is {other}, and the first {form}")
        yield block


def _blocks(data: Any) -> Iterator[Tuple[npt.NDArray[Any], str]]:
    if hasattr(data, "shape"):
        yield from _slices(data, tuple(data.shape))
    elif isinstance(data, Iterable) and not isinstance(data, (bytes, bytearray, dict)):
        for part in data:
            block, form = block_of(part)
            if len(block):
                yield block, form
    else:
        raise UsageError(f"{type(data).__name__}: neither a path nor an array, a tensor or an iterable of blocks")


def _slices(data: Any, shape: Tuple[int, ...]) -> Iterator[Tuple[npt.NDArray[Any], str]]:
    """An array in blocks, whatever holds it: memory, a file, another processor."""
    if len(shape) < 2:
        raise UsageError(f"an array of rows × clusters is wanted, and this has the shape {shape}")
    if _is_plain(data):
        # No copy is made of it, so it may go as one.
        if len(data):
            yield block_of(data)
        return
    row_bytes = 8 * max(1, int(np.prod(shape[1:], dtype=object)))
    step = max(1, _BLOCK_BYTES // row_bytes)
    # Of tables, `iloc` has rows by their position.
    indexed = getattr(data, "iloc", data)
    for first in range(0, shape[0], step):
        yield block_of(indexed[first : first + step])


def _is_plain(data: Any) -> bool:
    return isinstance(data, np.ndarray) and data.flags.c_contiguous


def block_of(part: Any) -> Tuple[npt.NDArray[Any], str]:
    """Rows × clusters in C order, and the type of the numbers. A copy is made only if they lie otherwise."""
    if isinstance(part, tuple):
        raise UsageError("a block is an array, not a tuple: give its first part alone, as in (x for x, label in blocks)")
    array, form = _typed(part)
    if array.ndim == 0:
        raise UsageError("a block is an array of rows × clusters, not a number")
    array = array.reshape((-1, array.shape[-1])) if array.size else array.reshape((0, array.shape[-1]))
    return np.ascontiguousarray(array), form


def _typed(part: Any) -> Tuple[npt.NDArray[Any], str]:
    array = numpy_array(part)
    if array.dtype.name == "bfloat16":
        return array.view(np.uint16), "bfloat16"
    if _is_torch_bfloat16(part):
        return array, "bfloat16"
    if array.dtype.kind != "f" or array.dtype.itemsize > 8:
        raise UsageError(f"numbers are {array.dtype.name}: logits are float16, bfloat16, float32 or float64")
    return array, typed(array.dtype)


def typed(dtype: "np.dtype[Any]") -> str:
    """A type of numbers, as the program calls it."""
    is_big = dtype.byteorder == ">" or (dtype.byteorder == "=" and sys.byteorder == "big")
    return dtype.name + ("-be" if is_big else "")


def numpy_array(value: Any) -> npt.NDArray[Any]:
    """An array of NumPy's, on the same memory if that can be."""
    # PyTorch's tensors: without their history, in the processor's memory.
    for method in ("detach", "cpu"):
        if hasattr(value, method):
            value = getattr(value, method)()
    if _is_torch_bfloat16(value):
        return np.asarray(value.contiguous().view(sys.modules["torch"].int16))
    if not hasattr(value, "__array__") and hasattr(value, "__dlpack__"):
        from_dlpack: Callable[[Any], npt.NDArray[Any]] = np.from_dlpack
        return from_dlpack(value)
    return np.asarray(value)


def _is_torch_bfloat16(value: Any) -> bool:
    return str(getattr(value, "dtype", "")) == "torch.bfloat16"


def _enlarge(descriptor: int) -> None:
    import fcntl

    # A larger pipe saves changes between the processes. One may not be allowed.
    with contextlib.suppress(OSError):
        fcntl.fcntl(descriptor, _SET_PIPE_SIZE, _WRITE_BYTES)


def _write(descriptor: int, held: bytes, block: "memoryview") -> bytes:
    """Writes what was held back, and a block but for its last byte, which it returns."""
    if not len(block):
        return held
    write_all(descriptor, memoryview(held))
    write_all(descriptor, block[:-1])
    return bytes(block[-1:])


def write_all(descriptor: int, content: "memoryview") -> None:
    """Writes all of it."""
    position = 0
    while position < len(content):
        position += os.write(descriptor, content[position : position + _WRITE_BYTES])
