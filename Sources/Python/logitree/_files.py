"""What the program reads from files, made of what Python has: names, labels, tables, trees."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Any, List, Mapping, Sequence, TYPE_CHECKING, Union

import numpy as np

from ._errors import UsageError
from ._rows import numpy_array, path_argument

if TYPE_CHECKING:  # which older versions of NumPy don't have
    import numpy.typing as npt

PathLike = Union[str, "os.PathLike[str]"]


def names_file(names: Any, directory: Path) -> str:
    """Names of clusters: a path as it is, a sequence of names in a file."""
    if isinstance(names, (str, os.PathLike)):
        return path_argument(names)
    return write_json([str(name) for name in names], directory / "names.json")


def labels_file(labels: Any, directory: Path) -> str:
    """Labels of rows: a path as it is, an array or a sequence in a file. None and NaN are no label."""
    if isinstance(labels, (str, os.PathLike)):
        return path_argument(labels)
    path = directory / "labels.npy"
    np.save(path, _labels(labels), allow_pickle=False)
    return str(path)


def _labels(labels: Any) -> npt.NDArray[Any]:
    array = numpy_array(labels if hasattr(labels, "__array__") or hasattr(labels, "__dlpack__") else list(labels))
    if array.ndim != 1:
        raise UsageError(f"labels are one for each row, and these have the shape {array.shape}")
    if array.dtype.kind == "f":
        # Integers some of which are missing, as pandas has them.
        is_missing = np.isnan(array)
        whole = np.where(is_missing, -1, array).astype(np.int64)
        if not np.array_equal(whole[~is_missing], array[~is_missing]):
            raise UsageError("labels are integers or names, and these are fractions")
        return whole
    if array.dtype.kind in "iuUS":
        return array
    return np.array(["" if _is_missing(label) else str(label) for label in array], dtype=np.str_)


def _is_missing(label: Any) -> bool:
    return label is None or label != label or str(label) == "<NA>"


def table_file(table: Any, columns: Sequence[str], path: Path) -> str:
    """A table: a path as it is, a mapping from the first column to the second, or a data frame, in a CSV file."""
    if isinstance(table, (str, os.PathLike)):
        return path_argument(table)
    if hasattr(table, "to_csv"):
        table.to_csv(path, index=False)
        return str(path)
    if not isinstance(table, Mapping):
        raise UsageError(f"{type(table).__name__}: neither a path nor a mapping or a data frame")
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows((key, "" if value is None else value) for key, value in table.items())
    return str(path)


def reference_file(reference: Any, directory: Path) -> str:
    """A tree to compare with: a path as it is, Newick, a linkage matrix or a table in a file."""
    if isinstance(reference, str) and reference.lstrip().startswith("(") and reference.rstrip().endswith(";"):
        return text_file(reference, directory / "reference.nwk")
    if isinstance(reference, np.ndarray):
        np.save(directory / "reference.npy", reference, allow_pickle=False)
        return str(directory / "reference.npy")
    return table_file(reference, ["class", "group"], directory / "reference.csv")


def text_file(text: str, path: Path) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def write_json(value: List[str], path: Path) -> str:
    """A list of names in a file, which may hold line ends."""
    # ASCII: what is no Unicode in a name comes through, and the program says so.
    return text_file(json.dumps(value), path)
