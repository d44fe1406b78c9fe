"""Labels of rows as Python has them."""

from __future__ import annotations

from typing import Any, Mapping, TYPE_CHECKING

import numpy as np

from ._errors import DataError, UsageError
from ._names import is_missing, is_several, kind, text
from ._rows import is_array, masked_as_none, numpy_array

if TYPE_CHECKING:  # which older versions of NumPy don't have
    import numpy.typing as npt


def labels_of(labels: Any) -> npt.NDArray[Any]:
    """Labels of rows, integers or text. None, NaN and what is masked is no label: -1, or an empty text."""
    if isinstance(labels, (bytes, Mapping, set, frozenset)) or not (is_array(labels) or hasattr(labels, "__iter__")):
        raise UsageError(f"labels are one for each row, in order, and not a {kind(labels)}")
    array = _array(labels)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        raise UsageError(f"labels are one for each row, and these have the shape {array.shape}")
    if array.dtype.kind == "f":
        return _integers(array)
    if array.dtype.kind in "iuU":
        return array
    return _texts(array)


def _array(labels: Any) -> npt.NDArray[Any]:
    if is_array(labels):
        return masked_as_none(labels)
    items = list(labels)
    several = next(filter(is_several, items), None)
    if several is not None:
        raise UsageError(f"labels are one for each row, and among these is a {kind(several)}")
    if any(isinstance(item, (str, bytes)) for item in items):
        # As an array of text, NaN would be a label.
        return np.array(items, dtype=object)
    return numpy_array(items)


def _integers(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Integers some of which are missing, as pandas has them."""
    missing = np.isnan(array)
    known = array[~missing]
    if not (np.isfinite(known) & (known == np.trunc(known))).all():
        raise UsageError("labels are integers or names, and these are fractions")
    whole = np.full(array.shape, -1, dtype=np.int64)
    whole[~missing] = known
    return whole


def _texts(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Whatever there is, as names; or as integers, if that is what they are."""
    labels = [None if is_missing(label) else label for label in array.tolist()]
    kinds = {type(label) for label in labels if label is not None}
    if kinds <= {int}:
        try:
            return np.array([-1 if label is None else label for label in labels], dtype=np.int64)
        except OverflowError:
            raise DataError("labels are integers of more than 64 bits") from None
    if kinds <= {int, float}:
        return _integers(np.array([np.nan if label is None else label for label in labels]))
    return np.array(["" if label is None else text(label) for label in labels], dtype=np.str_)
