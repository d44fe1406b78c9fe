"""The tree as a graph, and as distances."""

from __future__ import annotations

import importlib
from typing import Any, Dict, List, Sequence, TYPE_CHECKING

import numpy as np

from ._tables import Merges

if TYPE_CHECKING:  # which older versions of NumPy don't have
    import numpy.typing as npt


def graph(clusters: Sequence[Dict[str, Any]], merges: Merges) -> Any:
    """A directed graph of networkx, from the root to the leaves."""
    tree = importlib.import_module("networkx").DiGraph()
    for cluster in clusters:
        if cluster["samples"] > 0:
            tree.add_node(cluster["id"], name=cluster["name"], clusters=1, samples=cluster["samples"])
    fields = merges.dtype.names or ()
    for merge in merges.tolist():
        figures = dict(zip(fields, merge))
        node = figures.pop("node")
        tree.add_node(node, **figures)
        tree.add_edges_from([(node, figures["lowest"]), (node, figures["partner"])])
    return tree


def meetings(linkage: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The height at which each two leaves of a linkage matrix meet."""
    count = len(linkage) + 1
    below: List[npt.NDArray[np.int64]] = [np.array([leaf]) for leaf in range(count)]
    heights = np.zeros((count, count))
    for first, second, height, _ in linkage:
        left, right = below[int(first)], below[int(second)]
        heights[np.ix_(left, right)] = height
        heights[np.ix_(right, left)] = height
        below.append(np.concatenate([left, right]))
    return heights
