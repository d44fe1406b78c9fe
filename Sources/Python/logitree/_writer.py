"""Logits written from a loop, in files that can be read at any time."""

from __future__ import annotations

import io
import os
from pathlib import Path
from types import TracebackType
from typing import Any, List, Optional, Sequence, TYPE_CHECKING, Type

import numpy as np

from . import _files
from ._errors import CannotCreateError, DataError, UsageError
from ._files import PathLike
from ._rows import block_of, numpy_array, rows

if TYPE_CHECKING:  # which older versions of NumPy don't have
    import numpy.typing as npt


class Writer:
    """Appends blocks of logits, and labels if there are any, from a loop.

    `PATH.npy` holds the logits, `PATH.labels.npy` the labels, `PATH.names.json` the names. `numpy.load` and the program
    read them at any time, also while they are being written: the header of a file tells the rows that are complete.
    Whatever interrupts the loop, those that were appended are there, and a writer with `mode="a"` goes on after them.

    With `dtype="float16"` each row is stored less its maximum, so that what matters most, the differences among the
    largest logits, is kept best. The order of a row's logits stays; those that float16 can't tell apart become equal, but
    none becomes equal to the maximum.

        with logitree.Writer("logits.npy", clusters=1000, names=classes, dtype="float16") as out:
            for images, labels in loader:
                out.append(model(images), labels)

    Args:
        path: The file of logits, `.npy` by custom.
        clusters: The length of a row.
        names: The clusters' names.
        dtype: "float16", "float32" or "float64".
        mode: "x": the files must not be there yet; "w": they are written over; "a": rows are appended to them.
    """

    def __init__(
        self,
        path: PathLike,
        clusters: int,
        names: Optional[Sequence[str]] = None,
        dtype: npt.DTypeLike = "float32",
        mode: str = "x",
    ) -> None:
        self._dtype = np.dtype(dtype)
        if self._dtype.name not in ("float16", "float32", "float64"):
            raise UsageError(f"dtype is {self._dtype.name}: float16, float32 or float64 can be written")
        if names is not None and len(names) != clusters:
            raise UsageError(f"there are {len(names)} names of {clusters} clusters")
        self.path = Path(os.fspath(path))
        base = self.path.with_suffix("") if self.path.suffix == ".npy" else self.path
        #: Where the labels are, if there are any.
        self.labels_path = base.with_name(base.name + ".labels.npy")
        #: Where the names are, if there are any.
        self.names_path = base.with_name(base.name + ".names.json")
        self.clusters = clusters
        if mode == "x" and self.labels_path.exists():
            raise CannotCreateError(f"{self.labels_path}: is there already")
        if mode == "w" and self.labels_path.exists():
            self.labels_path.unlink()
        self._logits = NPYAppender(self.path, self._dtype, (clusters,), mode)
        self._labels: Optional[NPYAppender] = None
        if mode == "a":
            self._go_on()
        if names is not None:
            _files.write_json(list(map(str, names)), self.names_path)

    def append(self, logits: Any, labels: Any = None) -> None:
        """Appends a block of rows × clusters, and a label for each row: an integer, below 0 if there is none.

        Either all blocks have labels, or none has.
        """
        rows = self._rows(logits)
        if labels is not None and self._labels is None and len(self) == 0:
            self._labels = NPYAppender(self.labels_path, np.dtype(np.int64), (), "w")
        if (labels is None) != (self._labels is None):
            raise UsageError("either all blocks have labels, or none has")
        if self._labels is None:
            self._logits.append(rows)
            return
        named = _integers(labels)
        if len(named) != len(rows):
            raise DataError(f"there are {len(named)} labels of {len(rows)} rows")
        # Both are written before either counts.
        self._logits.write(rows)
        self._labels.write(named)
        self._logits.count()
        self._labels.count()

    def flush(self) -> None:
        """Has the system put what was appended on the disk."""
        for file in self._files():
            file.sync()

    def close(self) -> None:
        """Puts what was appended on the disk, and ends."""
        if not self._logits.is_closed:
            self._align()
        for file in self._files():
            file.close()

    def __len__(self) -> int:
        """The rows that are in the file."""
        return self._logits.rows

    def __fspath__(self) -> str:
        return str(self.path)

    def __enter__(self) -> "Writer":
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        value: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    def _files(self) -> "List[NPYAppender]":
        return [self._logits] + ([] if self._labels is None else [self._labels])

    def _go_on(self) -> None:
        """Goes on with files that are there."""
        if self.labels_path.exists():
            self._labels = NPYAppender(self.labels_path, np.dtype(np.int64), (), "a")
            self._align()

    def _align(self) -> None:
        """If a run ended just between the two, one file has a block more: it goes."""
        rows = min(file.rows for file in self._files())
        for file in self._files():
            if file.rows != rows:
                file.cut(rows)

    def _rows(self, logits: Any) -> npt.NDArray[Any]:
        block, form = block_of(_widened(logits))
        if block.shape[1] != self.clusters:
            raise DataError(f"rows have {block.shape[1]} numbers, and there are {self.clusters} clusters")
        if form.endswith("-be"):
            block = block.astype(block.dtype.newbyteorder("="))
        return _as_float16(block) if self._dtype == np.float16 else block.astype(self._dtype, copy=False)


def _widened(value: Any) -> Any:
    """bfloat16, which NumPy does not have, as float32, which holds all of it."""
    if "bfloat16" not in str(getattr(value, "dtype", "")):
        return value
    bits = numpy_array(value).view(np.uint16).astype(np.uint32) << 16
    return bits.view(np.float32)


def _as_float16(rows: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Rows, each less its maximum, in float16. What is finite stays so, and what is below the maximum stays below."""
    if rows.dtype.itemsize < 4:
        rows = rows.astype(np.float32)
    top = rows.max(axis=1, keepdims=True, initial=-np.inf)
    with np.errstate(invalid="ignore", over="ignore", under="ignore"):
        below = rows - np.where(np.isfinite(top), top, rows.dtype.type(0))
        least = np.finfo(np.float16).min
        stored: npt.NDArray[Any] = np.where(np.isneginf(below), below, np.maximum(below, least)).astype(np.float16)
    stored[(below < 0) & (stored == 0)] = -np.finfo(np.float16).tiny * np.finfo(np.float16).eps
    return stored


def _integers(labels: Any) -> npt.NDArray[Any]:
    array = numpy_array(labels).reshape(-1)
    if array.dtype.kind not in "iu":
        raise UsageError(f"labels are {array.dtype.name}, and a writer takes integers")
    return array.astype(np.int64)


class NPYAppender:
    """A `.npy` file that grows. Its header is the rows' number, and is written after them."""

    _HEADER_BYTES = 128

    def __init__(self, path: Path, dtype: np.dtype[Any], row_shape: "tuple[int, ...]", mode: str) -> None:
        if mode not in ("x", "w", "a"):
            raise UsageError(f"mode is {mode!r}: 'x', 'w' or 'a'")
        self.path = path
        self.rows = 0
        self._written = 0
        self._dtype = dtype
        self._row_shape = row_shape
        self._row_bytes = dtype.itemsize * int(np.prod(row_shape, dtype=object))
        goes_on = mode == "a" and path.exists() and path.stat().st_size > 0
        try:
            self._file = open(path, "r+b" if goes_on else "xb" if mode == "x" else "wb", buffering=0)
        except FileExistsError:
            raise CannotCreateError(f"{path}: is there already; mode='a' goes on with it") from None
        if goes_on:
            self._read_header()
        else:
            self.count()

    def append(self, rows: npt.NDArray[Any]) -> None:
        """Appends rows."""
        self.write(rows)
        self.count()

    def write(self, rows: npt.NDArray[Any]) -> None:
        """Writes rows, which don't count yet. What was written before and didn't count goes."""
        self._written = self.rows
        content = np.ascontiguousarray(rows).reshape(-1).view(np.uint8).data
        position = self._end(self.rows)
        while len(content):
            done = os.pwrite(self._file.fileno(), content[: 1 << 30], position)
            content, position = content[done:], position + done
        self._written = self.rows + len(rows)

    def count(self) -> None:
        """Has the header tell all rows that were written."""
        os.pwrite(self._file.fileno(), self._header(self._written), 0)
        self.rows = self._written

    def cut(self, rows: int) -> None:
        """Keeps the first rows."""
        self._written = rows
        self.count()
        os.ftruncate(self._file.fileno(), self._end(rows))

    def sync(self) -> None:
        """Puts all on the disk."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Cuts off what doesn't count, puts the rest on the disk, and ends."""
        if not self.is_closed:
            os.ftruncate(self._file.fileno(), self._end(self.rows))
            self.sync()
            self._file.close()

    @property
    def is_closed(self) -> bool:
        return self._file.closed

    def _end(self, rows: int) -> int:
        return self._HEADER_BYTES + rows * self._row_bytes

    def _header(self, rows: int) -> bytes:
        """NumPy's own header, with as many blanks that it always takes the same room."""
        text = io.BytesIO()
        described = {
            "descr": np.lib.format.dtype_to_descr(self._dtype),
            "fortran_order": False,
            "shape": (rows, *self._row_shape),
        }
        np.lib.format.write_array_header_1_0(text, described)
        magic, line = text.getvalue()[:10], text.getvalue()[10:].rstrip(b" \n")
        room = self._HEADER_BYTES - len(magic)
        return magic[:8] + room.to_bytes(2, "little") + line.ljust(room - 1) + b"\n"

    def _read_header(self) -> None:
        try:
            version = np.lib.format.read_magic(self._file)
            if version != (1, 0):
                raise ValueError("it was not written by logitree.Writer")
            shape, fortran, dtype = np.lib.format.read_array_header_1_0(self._file)
        except ValueError as problem:
            raise DataError(f"{self.path}: no .npy file to append to: {problem}") from None
        if self._file.tell() != self._HEADER_BYTES or fortran:
            raise DataError(f"{self.path}: was not written by logitree.Writer, and can't be appended to")
        if dtype != self._dtype or tuple(shape[1:]) != self._row_shape:
            raise DataError(
                f"{self.path}: has rows of {shape[1:]} {dtype}, not of {self._row_shape} {self._dtype}"
            )
        # A header that got onto the disk before its rows did, when the power failed, counts none that are not there.
        there = max(0, self.path.stat().st_size - self._HEADER_BYTES) // self._row_bytes
        self.cut(min(shape[0], there))


def file_of_rows(data: Any, directory: Path) -> str:
    """Rows that are in no file, in one."""
    found = rows(data)
    dtype = np.dtype("V2" if found.format == "bfloat16" else found.format.replace("-be", ""))
    if found.format.endswith("-be"):
        dtype = dtype.newbyteorder(">")
    file = NPYAppender(directory / "rows.npy", dtype, (found.clusters,), "x")
    for block in found.blocks:
        file.append(block)
    file.close()
    return str(file.path)
