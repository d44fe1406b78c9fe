"""Rows in fewer bits, without loss of what matters."""

from __future__ import annotations

from typing import Any, TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:  # which older versions of NumPy don't have
    import numpy.typing as npt


def narrowed(rows: npt.NDArray[Any], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    """Rows in another type. What is finite stays so."""
    if dtype.itemsize >= rows.dtype.itemsize:
        return rows.astype(dtype, copy=False)
    most = np.finfo(dtype).max
    return np.where(np.isfinite(rows), np.clip(rows, -most, most), rows).astype(dtype)


def as_float16(rows: npt.NDArray[Any], top: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Rows, each less its maximum, in float16. What is finite stays so, and what is below the maximum stays below."""
    if rows.dtype.itemsize < 4:
        rows = rows.astype(np.float32)
    with np.errstate(invalid="ignore", over="ignore", under="ignore"):
        below = rows - np.where(np.isfinite(top), top, 0).astype(rows.dtype)
        most = np.finfo(np.float16).max
        stored: npt.NDArray[Any] = np.where(np.isfinite(rows), np.clip(below, -most, most), below).astype(np.float16)
    stored[(below < 0) & (stored == 0)] = -np.finfo(np.float16).tiny * np.finfo(np.float16).eps
    return stored
