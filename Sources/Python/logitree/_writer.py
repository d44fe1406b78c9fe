"""Logits written from a loop, in files that can be read at any time."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from types import TracebackType
from typing import Any, List, Optional, TYPE_CHECKING, Type

import numpy as np

from ._errors import CannotCreateError, DataError, LogitreeWarning, UsageError
from ._files import PathLike, read_json, write_json
from ._inputs import is_path
from ._labels import labels_of
from ._names import names_of, number, scalar
from ._narrow import as_float16, narrowed
from ._npy import NPYAppender
from ._rows import block_of, is_array, numpy_array

if TYPE_CHECKING:  # which older versions of NumPy don't have
    import numpy.typing as npt

#: What files are called that hold something else than an array of NumPy's.
_OTHER_FORMATS = {".csv", ".h5", ".hdf", ".hdf5", ".npz", ".pt", ".pth", ".safetensors", ".zarr"}


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
        names: The clusters' names, as for `build`. Those that are in a file already stay there, and `names_path` is its path.
        dtype: "float16", "float32" or "float64".
        mode: "x": the files must not be there yet; "w": they are written over, and labels and names of before
            go; "a": rows are appended to them.
    """

    def __init__(
        self,
        path: PathLike,
        clusters: int,
        names: Any = None,
        dtype: Any = "float32",
        mode: str = "x",
    ) -> None:
        if mode not in ("x", "w", "a"):
            raise UsageError(f"mode is {mode!r}: 'x', 'w' or 'a'")
        self._dtype = _stored_type(dtype)
        self.clusters = _count(clusters)
        self.path = Path(os.fspath(path))
        if self.path.suffix.lower() in _OTHER_FORMATS:
            raise UsageError(f"{self.path}: files of NumPy's are written, which are called .npy")
        base = self.path.with_suffix("") if self.path.suffix == ".npy" else self.path
        #: Where the labels are, if there are any.
        self.labels_path = base.with_name(base.name + ".labels.npy")
        #: Where the names are, if there are any.
        self.names_path = base.with_name(base.name + ".names.json")
        listed = None if names is None or is_path(names) else names_of(names)
        if listed is not None and len(listed) != self.clusters:
            raise UsageError(f"there are {len(listed)} names of {self.clusters} clusters")
        self._check_what_is_there(mode, listed)
        self._logits = NPYAppender(self.path, self._dtype, (self.clusters,), mode)
        self._labels: Optional[NPYAppender] = None
        try:
            if mode == "w":
                self.labels_path.unlink(missing_ok=True)
                self.names_path.unlink(missing_ok=True)
            elif self.labels_path.exists():
                self._labels = self._labels_file("a")
                self._align()
            if listed is not None:
                write_json(listed, self.names_path)
        except BaseException:
            for file in self._files():
                file.close()
            raise
        if is_path(names):
            self.names_path = Path(os.fspath(names))

    def append(self, logits: Any, labels: Any = None) -> None:
        """Appends a block of rows × clusters, and a label for each row: an integer, below 0 if there is none.

        Either all blocks have labels, or none has. Rows with NaN or infinity are written as they are, with a warning.
        """
        rows = self._rows(logits)
        named = None if labels is None else _integers(labels)
        if named is not None and len(named) != len(rows):
            raise DataError(f"there are {len(named)} labels of {len(rows)} rows")
        if not len(rows):
            return
        self._decide(named is not None)
        if self._labels is not None:
            self._align()  # after a call that was interrupted
        # Both are written before either counts.
        self._logits.write(rows)
        if self._labels is not None and named is not None:
            self._labels.write(named)
        self._logits.count()
        if self._labels is not None:
            self._labels.count()

    def flush(self) -> None:
        """Has the system put what was appended on the disk."""
        for file in self._files():
            file.sync()

    def close(self) -> None:
        """Puts what was appended on the disk, and ends."""
        if self._labels is not None and not self._logits.is_closed:
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

    def _check_what_is_there(self, mode: str, names: Optional[List[str]]) -> None:
        """Makes sure that nothing is lost but what is to be written over."""
        if mode == "x":
            for path in (self.labels_path, self.names_path):
                if path.exists():
                    raise CannotCreateError(f"{path}: is there already; mode='a' goes on with it, and 'w' writes over it")
        if mode == "a" and self.labels_path.exists() and not self.path.exists():
            raise DataError(f"{self.path}: is not there, but its labels are: {self.labels_path}; mode='w' writes over them")
        if mode == "a" and names is not None and self.names_path.exists() and read_json(self.names_path) != names:
            raise UsageError(f"{self.names_path}: has other names")

    def _labels_file(self, mode: str) -> NPYAppender:
        return NPYAppender(self.labels_path, np.dtype(np.int64), (), mode)

    def _decide(self, has_labels: bool) -> None:
        """Before the first rows it is open whether there are labels."""
        if len(self) == 0 and has_labels != (self._labels is not None):
            if has_labels:
                self._labels = self._labels_file("w")
            elif self._labels is not None:
                self._labels.close()
                self._labels = None
                self.labels_path.unlink()
        if has_labels != (self._labels is not None):
            raise UsageError("either all blocks have labels, or none has")

    def _align(self) -> None:
        """If a run ended just when rows were to count, their labels don't count yet."""
        assert self._labels is not None
        logits, labels = len(self), self._labels.rows
        if logits == labels or (logits > labels and self._labels.count_also(logits)):
            return
        if not (self._logits.is_torn or self._labels.is_torn):
            raise DataError(f"{self.path} has {logits:,} rows, and {self.labels_path} {labels:,}: are they of other logits?")
        for file in self._files():
            file.cut(min(logits, labels))

    def _rows(self, logits: Any) -> npt.NDArray[Any]:
        block, form = block_of(_widened(logits))
        if block.shape[1] != self.clusters:
            raise DataError(f"rows have {block.shape[1]} numbers, and there are {self.clusters} clusters")
        if form.endswith("-be"):
            block = block.astype(block.dtype.newbyteorder("="))
        top = block.max(axis=1, keepdims=True)
        bad = np.flatnonzero(~np.isfinite(top))
        if len(bad):
            warnings.warn(
                f"{self.path}: {len(bad):,} rows have NaN or infinity, the first is row {len(self) + bad[0]}; build can leave "
                'them out, with on_invalid="skip"',
                LogitreeWarning,
                stacklevel=3,
            )
        return as_float16(block, top) if self._dtype == np.float16 else narrowed(block, self._dtype)


def _stored_type(dtype: Any) -> "np.dtype[Any]":
    # As PyTorch's are called: torch.float16.
    name = str(dtype).rpartition(".")[2] if str(dtype).startswith("torch.") else dtype
    try:
        stored = np.dtype(name)
    except TypeError:
        stored = np.dtype(object)
    if stored.name not in ("float16", "float32", "float64"):
        raise UsageError(f"dtype is {dtype}: float16, float32 or float64 can be written; bfloat16 fits into float32")
    return stored


def _count(clusters: Any) -> int:
    try:
        count = number(clusters)
    except (TypeError, ValueError):
        count = 0
    if count < 2:
        raise UsageError(f"clusters is the length of a row, 2 or more, and not {clusters!r}")
    return count


def _widened(value: Any) -> Any:
    """bfloat16, which NumPy does not have, as float32, which holds all of it."""
    if "bfloat16" not in str(getattr(value, "dtype", "")):
        return value
    bits = numpy_array(value).view(np.uint16).astype(np.uint32) << 16
    return bits.view(np.float32)


def _integers(labels: Any) -> npt.NDArray[np.int64]:
    value = scalar(labels)
    array = labels_of([value] if isinstance(value, int) else numpy_array(labels).reshape(-1) if is_array(labels) else labels)
    if array.dtype.kind not in "iu":
        raise UsageError(f"labels are {array.dtype.name}, and a writer takes integers")
    if array.dtype == np.uint64 and int(array.max(initial=0)) > np.iinfo(np.int64).max:
        raise DataError(f"a label is {array.max()}, and a writer takes integers of 64 bits with a sign")
    return array.astype(np.int64)
