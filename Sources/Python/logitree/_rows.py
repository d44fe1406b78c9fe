"""Rows of logits as Python has them: arrays, tensors, and whatever gives blocks of either."""

from __future__ import annotations

import contextlib
import math
import os
import sys
from dataclasses import dataclass
from typing import Any, Callable, Iterable, Iterator, Mapping, Sequence, TYPE_CHECKING, Tuple

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
        for content in self.contents():
            if not _is_written(descriptor, held, content[:-1]):
                return
            held = bytes(content[-1:])
        _is_written(descriptor, held)

    def contents(self) -> "Iterator[memoryview]":
        """The bytes of the blocks."""
        for block in self.blocks:
            if len(block):
                yield block.reshape(-1).view(np.uint8).data


def rows(data: Any) -> Rows:
    """The rows of an array, a tensor, or an iterable of blocks."""
    if not hasattr(data, "shape") and is_array(data):
        data = numpy_array(data)
    blocks = _blocks(data)
    first = next(blocks, None)
    if first is None:
        raise DataError("there are no rows")
    block, form = first
    return Rows(form, block.shape[1], hasattr(data, "shape"), _alike(block, form, blocks))


def is_array(value: Any) -> bool:
    """Whether NumPy can make an array of it, as it is."""
    return any(hasattr(value, name) for name in ("shape", "__array__", "__dlpack__"))


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
    _refuse_several(data, "data are")
    if hasattr(data, "shape"):
        yield from _slices(data, tuple(data.shape))
    elif isinstance(data, Iterable) and not isinstance(data, (bytes, bytearray)):
        for part in data:
            block, form = block_of(part)
            if len(block):
                yield block, form
    else:
        raise UsageError(f"{type(data).__name__}: neither a path nor an array, a tensor or an iterable of blocks")


def _refuse_several(value: Any, what: str) -> None:
    """Refuses what has logits and other things, of which it is not for us to choose.

    Args:
        what: What the value is given as: "a block is".
    """
    called = type(value).__name__
    if hasattr(value, "logits"):
        raise UsageError(f"{what} an array, not a {called}: give its logits alone, as in (x.logits for x in outputs)")
    if isinstance(value, Mapping):
        name = "logits" if "logits" in value else next(iter(value), "name")
        raise UsageError(f"{what} an array, not a {called} of several: give one of them, as x[{name!r}]")
    if isinstance(value, tuple):
        raise UsageError(f"{what} an array, not a {called}: give its first part alone, as in (x for x, label in blocks)")


def _slices(data: Any, shape: Tuple[int, ...]) -> Iterator[Tuple[npt.NDArray[Any], str]]:
    """An array in blocks, whatever holds it: memory, a file, another processor."""
    if len(shape) < 2:
        raise UsageError(f"an array of rows × clusters is wanted, and this has the shape {shape}")
    if _is_plain(data):
        # No copy is made of it, so it may go as one.
        if len(data):
            yield block_of(data)
        return
    row_bytes = 8 * max(1, math.prod(shape[1:]))
    step = max(1, _BLOCK_BYTES // row_bytes)
    # Of tables, `iloc` has rows by their position.
    indexed = getattr(data, "iloc", data)
    for first in range(0, shape[0], step):
        yield block_of(indexed[first : first + step])


def _is_plain(data: Any) -> bool:
    return isinstance(data, np.ndarray) and data.flags.c_contiguous


def block_of(part: Any) -> Tuple[npt.NDArray[Any], str]:
    """Rows × clusters in C order, and the type of the numbers. A copy is made only if they lie otherwise."""
    # PyTorch's loaders make lists of what were tuples.
    is_bundle = isinstance(part, list) and any(getattr(each, "shape", ()) for each in part)
    _refuse_several(tuple(part) if is_bundle else part, "a block is")
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


def masked_as_none(value: Any) -> npt.NDArray[Any]:
    """An array of NumPy's, in which None stands for what is masked."""
    if not np.ma.is_masked(value):
        return numpy_array(value)
    found: npt.NDArray[Any] = np.ma.getdata(value).astype(object)
    found[np.ma.getmaskarray(value)] = None
    return found


def numpy_array(value: Any) -> npt.NDArray[Any]:
    """An array of NumPy's, on the same memory if that can be."""
    if np.ma.is_masked(value):
        raise DataError(f"{np.count_nonzero(np.ma.getmaskarray(value)):,} numbers are masked: fill them, or leave their rows out")
    # PyTorch's tensors: without their history, in the processor's memory.
    for method in ("detach", "cpu"):
        if hasattr(value, method):
            value = getattr(value, method)()
    if _is_torch_bfloat16(value):
        return np.asarray(value.contiguous().view(sys.modules["torch"].int16))
    if not hasattr(value, "__array__") and hasattr(value, "__dlpack__"):
        if not hasattr(np, "from_dlpack"):
            raise UsageError(f"NumPy {np.__version__} takes no DLPack, which 1.22 does: give an array")
        from_dlpack: Callable[[Any], npt.NDArray[Any]] = np.from_dlpack
        return from_dlpack(value)
    array = np.asarray(value)
    return _nullable(value) if array.dtype == object and array.ndim == 2 and hasattr(value, "dtypes") else array


def _nullable(table: Any) -> npt.NDArray[Any]:
    """A table of pandas, whose own types of numbers know what is missing: that is NaN."""
    dtypes = [getattr(dtype, "numpy_dtype", dtype) for dtype in table.dtypes]
    is_of_numbers = all(isinstance(dtype, np.dtype) and dtype.kind == "f" for dtype in dtypes)
    array: npt.NDArray[Any] = table.to_numpy(dtype=np.result_type(*dtypes), na_value=np.nan) if is_of_numbers else np.asarray(table)
    return array


def _is_torch_bfloat16(value: Any) -> bool:
    return str(getattr(value, "dtype", "")) == "torch.bfloat16"


def _enlarge(descriptor: int) -> None:
    import fcntl

    # A larger pipe saves changes between the processes. One may not be allowed.
    with contextlib.suppress(OSError):
        fcntl.fcntl(descriptor, _SET_PIPE_SIZE, _WRITE_BYTES)


def _is_written(descriptor: int, *contents: "bytes | memoryview") -> bool:
    """Writes to a pipe. It is not if the program went away, which says why."""
    try:
        for content in contents:
            write_all(descriptor, memoryview(content))
    except BrokenPipeError:
        return False
    return True


def write_all(descriptor: int, content: "memoryview") -> None:
    """Writes all of it."""
    position = 0
    while position < len(content):
        position += os.write(descriptor, content[position : position + _WRITE_BYTES])
