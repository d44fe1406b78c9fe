"""Rows of which only the largest logits are kept, as `topk` gives them: values with the clusters that they are of."""

from __future__ import annotations

from typing import Any, Iterable, Iterator, List, Tuple, TYPE_CHECKING

import numpy as np

from ._errors import DataError, UsageError
from ._rows import Rows, block_of, numpy_array, typed

if TYPE_CHECKING:  # which older versions of NumPy don't have
    import numpy.typing as npt


def rows(data: Any, clusters: int) -> Rows:
    """The rows of blocks (values, indices) or (values, indices, log-sum-exp), or of one such block.

    The program takes a row as one record: its values, their clusters, and the log-sum-exp.
    """
    if isinstance(data, tuple):
        data = [data]
    elif not isinstance(data, Iterable) or hasattr(data, "shape"):
        raise UsageError("with top_k=True a block is a pair (values, indices), as torch.topk returns it")
    records = (_records(block) for block in data)
    first = next(records, None)
    if first is None:
        raise DataError("there are no rows")
    block, (form, *options) = first
    width = block.dtype["values"].shape[0]
    return Rows(form, clusters, isinstance(data, list), _alike(first, records), ["--top-k", str(width), *options])


def _alike(
    first: "Tuple[npt.NDArray[Any], List[str]]", others: "Iterator[Tuple[npt.NDArray[Any], List[str]]]"
) -> "Iterator[npt.NDArray[Any]]":
    """Blocks that must all be of the first one's types and length of rows."""
    yield first[0]
    for index, (block, options) in enumerate(others, 1):
        if block.dtype != first[0].dtype or options != first[1]:
            raise DataError(f"block {index} has rows of {block.dtype}, and the first of {first[0].dtype}")
        yield block


def _records(block: Any) -> "Tuple[npt.NDArray[Any], List[str]]":
    """The rows of a block as records, the type of their values, and the options that say what else they have."""
    if not isinstance(block, (tuple, list)) or len(block) not in (2, 3):
        raise UsageError("with top_k=True a block is a pair (values, indices), as torch.topk returns it")
    values, form = block_of(block[0])
    indices = numpy_array(block[1])
    if indices.dtype.kind not in "iu":
        raise UsageError(f"indices are {indices.dtype.name}: they are integers, and come after the values")
    indices = indices.reshape(-1, indices.shape[-1]) if indices.ndim else indices
    if indices.shape != values.shape:
        raise DataError(f"values are {values.shape}, and indices {indices.shape}")
    fields: List[Any] = [("values", values.dtype, values.shape[1:]), ("indices", indices.dtype, values.shape[1:])]
    options = [form, "--index-type", typed(indices.dtype)]
    if len(block) == 3:
        sums, sums_form = block_of(numpy_array(block[2]).reshape(-1, 1))
        if len(sums) != len(values):
            raise DataError(f"there are {len(values)} rows, and the log-sum-exp of {len(sums)}")
        fields.append(("normalizer", sums.dtype))
        options += ["--normalizer", sums_form]
    records = np.empty(len(values), np.dtype(fields))
    records["values"], records["indices"] = values, indices
    if len(block) == 3:
        records["normalizer"] = sums[:, 0]
    return records, options
