"""Names as Python has them: of clusters, of labels, of groups."""

from __future__ import annotations

import operator
from typing import Any, List, Mapping

import numpy as np

from ._errors import DataError, UsageError
from ._rows import is_array, masked_as_none


def names_of(names: Any) -> List[str]:
    """The names in a sequence, an array, or a mapping from clusters' numbers, as `id2label` of a model is one."""
    if isinstance(names, Mapping):
        return texts(_in_order(names))
    if isinstance(names, (bytes, set, frozenset)) or not (is_array(names) or hasattr(names, "__iter__")):
        raise UsageError(f"names are a path, or one for each cluster in the order of columns, and not a {kind(names)}")
    if is_array(names):
        array = masked_as_none(names)
        if array.ndim == 2 and array.shape[1] == 1:
            array = array[:, 0]
        if array.ndim != 1:
            raise UsageError(f"names are one for each cluster, and these have the shape {array.shape}")
        return texts(array.tolist())
    return texts(list(names))


def texts(values: List[Any]) -> List[str]:
    """Names, each as text."""
    found = []
    for index, value in enumerate(values):
        if is_missing(value):
            raise DataError(f"there is no name of number {index}: it is {value}")
        found.append(text(value))
    return found


def text(value: Any) -> str:
    """A name as text: bytes are UTF-8."""
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError as problem:
            raise DataError(f"{value!r} is no name: {problem}") from None
    if is_several(value):
        raise UsageError(f"a {kind(value)} is no name: {value!r:.80}")
    return str(scalar(value))


def scalar(value: Any) -> Any:
    """A number or a truth value of NumPy's or a tensor's, as Python's own."""
    return value.item() if getattr(value, "shape", None) == () and hasattr(value, "item") else value


def is_several(value: Any) -> bool:
    """Whether it is a list, an array or the like, and not text."""
    return not isinstance(value, (str, bytes)) and hasattr(scalar(value), "__iter__")


def is_missing(value: Any) -> bool:
    """Whether it stands for nothing, as None, NaN and pandas' NA do."""
    return value is None or str(value) in ("<NA>", "NaT") or (isinstance(value, (float, np.floating)) and value != value)


def number(value: Any) -> int:
    """A whole number, whoever's type it is of, and also as text.

    Raises:
        TypeError: if it is something else.
        ValueError: likewise.
    """
    if isinstance(value, (bool, np.bool_)):
        raise TypeError
    return int(value) if isinstance(value, str) else operator.index(value)


def kind(value: Any) -> str:
    """What a value is, in a message."""
    return type(value).__name__


def _in_order(names: Mapping[Any, Any]) -> List[Any]:
    try:
        numbered = {number(key): name for key, name in names.items()}
    except (TypeError, ValueError):
        numbered = {}
    if sorted(numbered) != list(range(len(names))):
        raise UsageError(
            f"a mapping of names is from the numbers of all clusters, as id2label, {{0: 'cat', 1: 'dog'}}, and this begins with "
            f"{next(iter(names.items()), None)!r:.80}"
        )
    return [numbered[index] for index in range(len(names))]
