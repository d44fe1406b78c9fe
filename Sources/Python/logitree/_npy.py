"""Files of NumPy's format, `.npy`."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import io
import math
import os
from pathlib import Path
from typing import Any, Tuple, TYPE_CHECKING

import numpy as np

from ._errors import CannotCreateError, DataError, UsageError, writing
from ._rows import Rows

if TYPE_CHECKING:  # which older versions of NumPy don't have
    import numpy.typing as npt

_HEADER_BYTES = 128


class NPYAppender:
    """A `.npy` file that grows. Its header is the rows' number, and is written after them."""

    def __init__(self, path: Path, dtype: np.dtype[Any], row_shape: Tuple[int, ...], mode: str) -> None:
        """Opens a file, and locks it against others that would write to it.

        Args:
            mode: "x": it must not be there; "w": what is there goes; "a": rows are appended to it.
        """
        self.path = path
        self.rows = 0
        #: Whether fewer rows were there than the header told: the power failed.
        self.is_torn = False
        self._owner = os.getpid()
        self._written = 0
        self._dtype = dtype
        self._row_shape = row_shape
        self._row_bytes = dtype.itemsize * math.prod(row_shape)
        try:
            with writing(path):
                descriptor = os.open(path, os.O_RDWR | os.O_CREAT | (os.O_EXCL if mode == "x" else 0), 0o666)
        except CannotCreateError:
            if mode == "x" and path.exists():
                raise CannotCreateError(f"{path}: is there already; mode='a' goes on with it, and 'w' writes over it") from None
            raise
        self._file = os.fdopen(descriptor, "r+b", buffering=0)
        try:
            self._lock()
            if mode == "a" and os.fstat(descriptor).st_size > 0:
                self._read_header()
            else:
                os.ftruncate(descriptor, 0)
                self.count()
        except BaseException:
            self._file.close()
            raise

    def append(self, rows: npt.NDArray[Any]) -> None:
        """Appends rows."""
        self.write(rows)
        self.count()

    def write(self, rows: npt.NDArray[Any]) -> None:
        """Writes rows, which don't count yet. What was written before and didn't count goes."""
        self._written = self.rows
        content = np.ascontiguousarray(rows).reshape(-1).view(np.uint8).data
        position = self._end(self.rows)
        with writing(self.path):
            while len(content):
                done = os.pwrite(self._file.fileno(), content[: 1 << 30], position)
                content, position = content[done:], position + done
        self._written = self.rows + len(rows)

    def count(self) -> None:
        """Has the header tell all rows that were written."""
        with writing(self.path):
            os.pwrite(self._file.fileno(), header(self._dtype, (self._written, *self._row_shape)), 0)
        self.rows = self._written

    def count_also(self, rows: int) -> bool:
        """Has the header tell so many rows, if they were written, but whoever wrote them was ended before they counted."""
        if os.fstat(self._file.fileno()).st_size < self._end(rows):
            return False
        self._written = rows
        self.count()
        return True

    def cut(self, rows: int) -> None:
        """Keeps the first rows."""
        self._written = rows
        self.count()
        os.ftruncate(self._file.fileno(), self._end(rows))

    def sync(self) -> None:
        """Puts all on the disk."""
        with writing(self.path):
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Cuts off what doesn't count, puts the rest on the disk, and ends. In a child by `fork` it only ends."""
        if not self.is_closed and os.getpid() == self._owner:
            os.ftruncate(self._file.fileno(), self._end(self.rows))
            self.sync()
            # A child has the lock too.
            with contextlib.suppress(OSError):
                fcntl.flock(self._file.fileno(), fcntl.LOCK_UN)
        self._file.close()

    @property
    def is_closed(self) -> bool:
        return self._file.closed

    def _end(self, rows: int) -> int:
        return _HEADER_BYTES + rows * self._row_bytes

    def _lock(self) -> None:
        try:
            fcntl.flock(self._file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotCreateError(f"{self.path}: another writer has it open") from None
        except OSError as problem:
            # There are file systems without locks.
            if problem.errno not in (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS):
                raise

    def _read_header(self) -> None:
        try:
            version = np.lib.format.read_magic(self._file)
            if version != (1, 0):
                raise ValueError("it was not written by logitree.Writer")
            shape, fortran, dtype = np.lib.format.read_array_header_1_0(self._file)
        except ValueError as problem:
            raise DataError(f"{self.path}: no .npy file to append to: {problem}") from None
        if self._file.tell() != _HEADER_BYTES or fortran:
            raise DataError(f"{self.path}: was not written by logitree.Writer, and can't be appended to")
        if not shape or dtype != self._dtype or tuple(shape[1:]) != self._row_shape:
            raise DataError(f"{self.path}: has rows of {shape[1:]} {dtype}, not of {self._row_shape} {self._dtype}")
        # A header that got onto the disk before its rows did, when the power failed, counts none that are not there.
        there = max(0, self.path.stat().st_size - _HEADER_BYTES) // self._row_bytes
        self.is_torn = there < shape[0]
        self.rows = self._written = shape[0]
        if self.is_torn:
            self.cut(there)


def header_of(found: Rows, byte_count: int) -> bytes:
    """The header for rows of so many bytes."""
    dtype = np.dtype("V2" if found.format == "bfloat16" else found.format.replace("-be", ""))
    dtype = dtype.newbyteorder(">") if found.format.endswith("-be") else dtype
    return header(dtype, (byte_count // (dtype.itemsize * found.clusters), found.clusters))


def header(dtype: np.dtype[Any], shape: Tuple[int, ...]) -> bytes:
    """NumPy's own header, with as many blanks that it always takes the same room."""
    text = io.BytesIO()
    described = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(text, described)
    magic, line = text.getvalue()[:10], text.getvalue()[10:].rstrip(b" \n")
    room = _HEADER_BYTES - len(magic)
    return magic[:8] + room.to_bytes(2, "little") + line.ljust(room - 1) + b"\n"
