"""What the program reads from files, made of what Python has: names, labels, tables, trees."""

from __future__ import annotations

import csv
import io
import json
import os
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, TYPE_CHECKING, Tuple, Union

import numpy as np

from ._errors import UsageError, writing
from ._inputs import is_path, path_argument, source, write_rows
from ._labels import labels_of
from ._names import is_missing, kind, names_of, text
from ._rows import is_array, numpy_array
from ._temporary import Temporary

if TYPE_CHECKING:  # which older versions of NumPy don't have
    import numpy.typing as npt

PathLike = Union[str, "os.PathLike[str]"]


class Files:
    """Files for one run of the program, which go with it. What is a path stays one."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        """Numbers in a mapping stand for these names, if all of them do."""
        #: What to call the files in messages, by their paths.
        self.called: Dict[str, str] = {}
        self._names = names
        self._stack = ExitStack()
        self._directory: Optional[Path] = None

    def __enter__(self) -> "Files":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def names(self, names: Any) -> str:
        """Names of clusters or labels."""
        return path_argument(names) if is_path(names) else self._json(names_of(names), "names")

    def columns(self, columns: Any) -> str:
        """Columns, by their names or numbers."""
        if is_path(columns) or isinstance(columns, (int, np.integer)):
            return str(columns)
        if isinstance(columns, (set, frozenset)) or not hasattr(columns, "__len__"):
            columns = list(columns)
        return self._json(names_of(columns), "without")

    def labels(self, labels: Any) -> str:
        """Labels of rows."""
        return self._labels(labels, "labels")

    def blocks(self, blocks: Any) -> str:
        """What rows belong together by."""
        return self._labels(blocks, "blocks")

    def rows(self, data: Any) -> "List[str]":
        """Rows, in files with a header."""
        found = source(data)
        if isinstance(found, list):
            return found
        path = self._path("rows.npy", "the rows")
        with open(path, "xb", buffering=0) as file:
            write_rows(file, found, str(path), has_header=True)
        return [str(path)]

    def coarse(self, table: Any) -> str:
        """Coarser labels."""
        return self.table(table, ("label", "coarse"))

    def annotations(self, shown: Any) -> List[str]:
        """What to show beside a tree: tables, paths, and words that need no file."""
        given = list(shown) if isinstance(shown, (list, tuple)) else [shown]
        return [os.fspath(each) if is_path(each) else self.table(each, ("class", "shown")) for each in given]

    def table(self, table: Any, columns: Tuple[str, str]) -> str:
        """A table: a mapping from the first column to the second, or a data frame or a series of pandas."""
        if is_path(table):
            return path_argument(table)
        if hasattr(table, "itertuples"):
            frame = _with_index(table)
            return self._text(_csv(frame.columns, frame.itertuples(index=False, name=None)), "table.csv", "the table")
        if isinstance(table, Mapping) or (hasattr(table, "items") and hasattr(table, "index")):
            return self._text(_csv(columns, self._named(table.items())), "table.csv", "the table")
        raise UsageError(f"a {kind(table)} is neither a path nor a mapping or a data frame")

    def tree(self, tree: Any) -> str:
        """A tree: Newick, a linkage matrix, or a table of groups."""
        if isinstance(tree, str) and _is_newick(tree):
            return self._text(tree if tree.rstrip().endswith(";") else f"{tree};", "tree.nwk", "the tree")
        if is_linkage(tree):
            return self._array(_linkage(tree), "tree.npy", "the linkage matrix")
        return self.table(tree, ("class", "group"))

    def _named(self, items: Iterable[Tuple[Any, Any]]) -> List[Tuple[Any, Any]]:
        listed = list(items)
        numbers = [key for key, _ in listed if isinstance(key, (int, np.integer)) and 0 <= key < len(self._names)]
        return [(self._names[key], value) for key, value in listed] if len(numbers) == len(listed) else listed

    def _labels(self, labels: Any, name: str) -> str:
        return path_argument(labels) if is_path(labels) else self._array(labels_of(labels), f"{name}.npy", name)

    def _array(self, array: Any, name: str, called: str) -> str:
        path = self._path(name, called)
        with writing(path):
            np.save(path, array, allow_pickle=False)
        return str(path)

    def _json(self, names: List[str], called: str) -> str:
        path = self._path(f"{called}.json", called)
        write_json(names, path)
        return str(path)

    def _text(self, content: str, name: str, called: str) -> str:
        path = self._path(name, called)
        # Names may hold what no encoding has; the program says so.
        with writing(path):
            path.write_text(content, encoding="utf-8", errors="surrogatepass")
        return str(path)

    def _path(self, name: str, called: str) -> Path:
        if self._directory is None:
            self._directory = self._stack.enter_context(Temporary())
        path = self._directory / f"{len(self.called)}-{name}"
        self.called[str(path)] = called
        return path


def is_linkage(tree: Any) -> bool:
    """Whether a tree is given as a linkage matrix in memory."""
    return isinstance(tree, (list, tuple)) or (is_array(tree) and not hasattr(tree, "items"))


def write_json(names: List[str], path: Path) -> None:
    """Names in a file, which may hold line ends."""
    # ASCII: what is no Unicode in a name comes through, and the program says so.
    with writing(path):
        path.write_text(json.dumps(names), encoding="utf-8")


def read_json(path: Path) -> Any:
    """What `write_json` wrote; None if it is something else."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return None


def _is_newick(tree: str) -> bool:
    return tree.lstrip().startswith(("(", "[&")) and "(" in tree and not os.path.exists(tree)


def _linkage(tree: Any) -> npt.NDArray[np.float64]:
    try:
        matrix = numpy_array(tree).astype(np.float64)
    except (TypeError, ValueError):
        matrix = np.empty(0)
    if matrix.ndim != 2 or matrix.shape[1] != 4:
        raise UsageError(f"a {kind(tree)} is no tree: a linkage matrix has four columns, a row for each merge")
    return matrix


def _with_index(table: Any) -> Any:
    """A data frame with its index as the first column, if that is more than the number of a row."""
    index = table.index
    is_of_rows = index.nlevels == 1 and index.name is None and getattr(index.dtype, "kind", "O") in "iu"
    return table if is_of_rows else table.reset_index()


def _csv(columns: Iterable[Any], lines: Iterable[Tuple[Any, ...]]) -> str:
    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\n")
    writer.writerow(map(text, columns))
    writer.writerows(["" if is_missing(value) else text(value) for value in line] for line in lines)
    return content.getvalue()
