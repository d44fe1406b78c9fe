"""The hierarchy of the clusters of a classifier or a clustering model, from its logits.

    import logitree

    hierarchy = logitree.build(logits, names=classes)
    hierarchy.show()

The work is done by the program `logitree`, which is in the same package; what is here calls it.
"""

from __future__ import annotations

import importlib.metadata as _metadata
from typing import List

from ._build import build
from ._errors import (
    CannotCreateError,
    DataError,
    IncompleteError,
    InputOutputError,
    InternalError,
    LogitreeError,
    LogitreeWarning,
    MissingError,
    UsageError,
)
from ._hierarchy import Group, Hierarchy, open
from ._program import find_program
from ._program import version as _version
from ._tables import Merges, Placements
from ._writer import Writer

__all__ = [
    "CannotCreateError",
    "DataError",
    "Group",
    "Hierarchy",
    "IncompleteError",
    "InputOutputError",
    "InternalError",
    "LogitreeError",
    "LogitreeWarning",
    "Merges",
    "MissingError",
    "Placements",
    "UsageError",
    "Writer",
    "build",
    "find_program",
    "open",
]


def __getattr__(name: str) -> str:
    if name == "__version__":
        try:
            return _metadata.version("logitree")
        except _metadata.PackageNotFoundError:  # from its sources
            return _version()
    raise AttributeError(f"module 'logitree' has no attribute {name!r}")


def __dir__() -> List[str]:
    return sorted({*globals(), "__version__"})
