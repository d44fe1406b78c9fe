"""Tables of the program's, as arrays."""

from __future__ import annotations

import csv
import importlib
import importlib.util
import io
from typing import Any, List, Optional, TYPE_CHECKING, Tuple

import numpy as np

if TYPE_CHECKING:  # which older versions of NumPy don't have
    import numpy.typing as npt

_INTEGERS = ("step", "lowest", "partner", "node", "clusters", "samples")


class Table(np.recarray):
    """A structured array, whose fields are attributes too."""

    def to_pandas(self) -> Any:
        """A data frame of pandas."""
        return importlib.import_module("pandas").DataFrame(
            {name: np.asarray(self[name]) for name in self.dtype.names or ()}
        )

    def _repr_html_(self) -> Optional[str]:
        """As pandas shows it in a notebook, if it is there."""
        if importlib.util.find_spec("pandas") is None or self.ndim != 1 or self.dtype.names is None:
            return None
        shown: str = self.to_pandas()._repr_html_()
        return shown


class Merges(Table):
    """An entry for each merge, in order; fields are the columns of `merges` in Logitree's docs/formats.md.

    `step`, `lowest`, `partner`, `node`, `clusters`, `samples`, `score`, `gap`, `reassigned`, `share`, `margin`,
    `evidence`; and, once `support` is known, `transfer_support`, `clade_support`, `margin_error`.
    """


class Placements(Table):
    """Where each row was placed: `group`, or `node`, int32, -1 for rows that are in none, and its `probability`."""


def lines_of(text: str) -> List[List[str]]:
    """The lines of the program's CSV, the header first."""
    # A name may be longer than Python's reader takes by itself.
    usual = csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    try:
        return list(csv.reader(io.StringIO(text, newline="")))
    finally:
        csv.field_size_limit(usual)


def merges(text: str) -> Merges:
    """The merges in the program's CSV."""
    header, *lines = lines_of(text)
    columns: List[Tuple[str, npt.NDArray[Any]]] = []
    for index, name in enumerate(header):
        fields = [line[index] for line in lines]
        columns.append((name, _column(name, fields)))
    array = np.empty(len(lines), dtype=[(name, column.dtype) for name, column in columns])
    for name, column in columns:
        array[name] = column
    return array.view(Merges)


def _column(name: str, fields: List[str]) -> npt.NDArray[Any]:
    if name in _INTEGERS:
        return np.array(fields, dtype=np.int64)
    if name == "evidence":
        return np.array(fields, dtype="U8")
    return np.array([float(field) if field else np.nan for field in fields], dtype=np.float64)
