"""A hierarchy, in a store."""

from __future__ import annotations

import csv
import html
import io
import json
import os
import shutil
import sys
import tempfile
import weakref
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, TYPE_CHECKING, Union

import numpy as np

from . import _files, _graph, _program, _tables
from ._errors import CannotCreateError, UsageError
from ._files import PathLike
from ._rows import inputs, path_argument, paths
from ._tables import Merges, Placements
from ._writer import file_of_rows

if TYPE_CHECKING:  # which older versions of NumPy don't have
    import numpy.typing as npt


class Group(NamedTuple):
    """A group of clusters."""

    #: The names of its most typical members, and how many more it has: "Danish / Swedish +3".
    label: str
    #: Its clusters, by their numbers.
    clusters: List[int]
    #: Their names.
    names: List[str]
    #: The rows assigned to them.
    samples: int


def open(path: PathLike) -> "Hierarchy":  # noqa: A001: it is `logitree.open`
    """The hierarchy in a store."""
    hierarchy = Hierarchy(Path(os.fspath(path)))
    hierarchy._read()
    return hierarchy


class Hierarchy:
    """The binary tree over the clusters of a classifier or a clustering model, in a store on disk.

    `build` makes one, and `open` opens one that is there. All figures are the program's; what they mean is told in
    Logitree's docs/formats.md and docs/measures.md.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.absolute()
        self._temporary: Optional["weakref.finalize[..., Any]"] = None
        self._known: Dict[str, Any] = {}

    @property
    def path(self) -> Path:
        """The store."""
        return self._path

    # What it is made of.

    @property
    def names(self) -> List[str]:
        """The names of all clusters, in the order of columns."""
        return [cluster["name"] for cluster in self._clusters]

    @property
    def samples(self) -> npt.NDArray[np.int64]:
        """The rows assigned to each cluster."""
        return np.array([cluster["samples"] for cluster in self._clusters], dtype=np.int64)

    @property
    def leaves(self) -> List[str]:
        """The names of the clusters that are in the tree, as the linkage matrix numbers them. A cluster without rows, or
        left out, is in no tree."""
        return [self._clusters[leaf]["name"] for leaf in self.leaf_clusters]

    @property
    def leaf_clusters(self) -> npt.NDArray[np.int64]:
        """The clusters that are in the tree, by their numbers, as the linkage matrix numbers them."""
        return np.flatnonzero(self.samples > 0)

    @property
    def merges(self) -> Merges:
        """The merges in order. Cluster c is node c, and the t-th merge, t from 0, makes node K + t."""
        if "merges" not in self._known:
            self._known["merges"] = _tables.merges(self.export("merges").decode())
        merged: Merges = self._known["merges"]
        return merged

    @property
    def linkage(self) -> npt.NDArray[np.float64]:
        """SciPy's linkage matrix, with steps for heights. Its leaves are called by `leaves`."""
        return self.linkage_by("step")

    def linkage_by(self, height: str) -> npt.NDArray[np.float64]:
        """SciPy's linkage matrix, with "step", "share" or "margin" for heights."""
        matrix: npt.NDArray[np.float64] = np.load(io.BytesIO(self.export("linkage", height=height)))
        return matrix

    # Groups.

    def cut(self, k: Union[int, str]) -> npt.NDArray[np.int64]:
        """The group of each cluster, of `k` groups, or of as many as are worth it if `k` is "auto"; -1 for clusters
        that are not in the tree."""
        column = [line["group"] for line in self._cut(k)]
        return np.array([int(group) if group else -1 for group in column], dtype=np.int64)

    def groups(self, k: Union[int, str]) -> List[Group]:
        """The `k` groups, or as many as are worth it if `k` is "auto"."""
        found: Dict[int, Group] = {}
        for cluster, line in enumerate(self._cut(k)):
            if line["group"]:
                group = found.setdefault(int(line["group"]), Group(line["label"], [], [], int(line["samples"])))
                group.clusters.append(cluster)
                group.names.append(line["name"])
        return [found[index] for index in sorted(found)]

    def levels(self) -> Dict[str, Any]:
        """Into how many groups the tree is worth cutting, and why: the object that `logitree levels --json` writes."""
        found: Dict[str, Any] = _program.run_json(["levels", self._argument])
        return found

    def _cut(self, k: Union[int, str]) -> "csv.DictReader[str]":
        groups = ["--auto"] if k == "auto" else ["-k", str(k)]
        return csv.DictReader(io.StringIO(_program.run(["cut", self._argument, *groups]).decode(), newline=""))

    # Other forms.

    def export(self, format: str, **options: Any) -> bytes:
        """The hierarchy in a format of the program's: "json", "newick", "linkage", "merges", "dot", "svg" or "html".

        Options are those of `logitree export`: `export("svg", circular=True, cut=20)`.
        """
        return _program.run(["export", self._argument, "--format", format, *_program.options_of(options)])

    def newick(self, **options: Any) -> str:
        """The tree in Newick format. Options are `height` and `support_as`."""
        return self.export("newick", **options).decode()

    def svg(self, **options: Any) -> str:
        """A dendrogram to publish. Options are those of `logitree export`."""
        return self.export("svg", **options).decode()

    def html(self, labels: Any = None, **options: Any) -> str:
        """A page to explore the tree in, without links to anywhere. With labels of the rows it tells how pure nodes are."""
        with tempfile.TemporaryDirectory(prefix="logitree-") as directory:
            if labels is not None:
                options["labels"] = _files.labels_file(labels, Path(directory))
            return self.export("html", **options).decode()

    def to_networkx(self) -> Any:
        """A directed graph of networkx, from the root to the leaves. Nodes have `clusters` and `samples`; leaves have
        their `name`, and inner nodes what `merges` has of them."""
        return _graph.graph(self._clusters, self.merges)

    def distances(self, height: str = "step") -> npt.NDArray[np.float64]:
        """How far apart leaves are: the height at which each two meet, as a square matrix in the order of `leaves`."""
        return _graph.meetings(self.linkage_by(height))

    def affinity(self) -> npt.NDArray[np.float64]:
        """The class affinity matrix, K × K: in row c, what each cluster gets of the rows of cluster c without it."""
        with tempfile.TemporaryDirectory(prefix="logitree-") as directory:
            path = os.path.join(directory, "affinity.npy")
            self.export("affinity", output=path)
            matrix: npt.NDArray[np.float64] = np.load(path)
            return matrix

    # New rows, labels, other trees.

    def assign(
        self,
        data: Any,
        k: Union[int, str, None] = None,
        confidence: Optional[float] = None,
        *,
        progress: Optional[bool] = None,
        **options: Any,
    ) -> Placements:
        """The group of each row, of `k`, or the deepest node that the model is so sure of.

        Args:
            data: Rows × clusters, as for `build`.
            k: The number of groups, or "auto".
            confidence: The probability that a node must have.
            options: Those of `logitree assign`.
        """
        if (k is None) == (confidence is None):
            raise UsageError("say what to assign rows to: k=20, or confidence=0.9")
        rule = ["--confidence", str(confidence)] if k is None else ["--auto"] if k == "auto" else ["-k", str(k)]
        with tempfile.TemporaryDirectory(prefix="logitree-") as directory:
            output = os.path.join(directory, "placements.npy")
            named = paths(data) or [file_of_rows(data, Path(directory))]
            _program.run(
                ["assign", self._argument, *named, *rule, "-o", output, *_program.options_of(options)], progress=progress
            )
            placed: Placements = np.load(output).view(Placements)
            return placed

    def evaluate(self, labels: Any, coarse: Any = None, **options: Any) -> Dict[str, Any]:
        """What clusters and tree are worth by labels: the object that `logitree evaluate --json` writes.

        Args:
            labels: A label for each row that the store was built from: an array or a sequence of integers or names, or
                a path.
            coarse: Coarser labels: a mapping from labels, a data frame, or a path.
            options: Those of `logitree evaluate`.
        """
        with tempfile.TemporaryDirectory(prefix="logitree-") as directory:
            arguments = ["--labels", _files.labels_file(labels, Path(directory))]
            if coarse is not None:
                path = Path(directory, "coarse.csv")
                arguments += ["--coarse", _files.table_file(coarse, ["label", "coarse"], path)]
            found: Dict[str, Any] = _program.run_json(["evaluate", self._argument, *arguments, *_program.options_of(options)])
            return found

    def compare(self, reference: Any, names: Optional[Sequence[str]] = None, **options: Any) -> Dict[str, Any]:
        """How far the tree agrees with another: the object that `logitree compare --json` writes.

        Args:
            reference: A hierarchy; a tree in Newick format, or a path; SciPy's linkage matrix, with `names` for its
                leaves if they are not those of this tree; a mapping from clusters to groups, or a data frame with
                coarser groups in each column.
            options: Those of `logitree compare`.
        """
        with tempfile.TemporaryDirectory(prefix="logitree-") as directory:
            own = reference._argument if isinstance(reference, Hierarchy) else reference
            arguments = [_files.reference_file(own, Path(directory))]
            if isinstance(reference, np.ndarray):
                leaves = self.leaves if names is None else names
                arguments += ["--names", _files.names_file(leaves, Path(directory))]
            found: Dict[str, Any] = _program.run_json(["compare", self._argument, *arguments, *_program.options_of(options)])
            return found

    def support(self, replicates: int = 100, *, progress: Optional[bool] = None, **options: Any) -> "Hierarchy":
        """Finds how often each node comes out again of rows drawn anew; `merges` has it from then on."""
        arguments = ["support", self._argument, "--replicates", str(replicates), *_program.options_of(options)]
        _program.run(arguments, progress=progress)
        return self._read()

    def update(
        self,
        data: Any = None,
        *,
        spool: Union[bool, PathLike] = True,
        progress: Optional[bool] = None,
        **options: Any,
    ) -> "Hierarchy":
        """Takes in more rows, and rows that were appended to the files it was built from; then rebuilds.

        Args:
            data: As for `build`. None: only what was appended to known files.
            spool: As for `build`.
            options: Those of `logitree update`; or `top_k=True`, as for `build`.
        """
        pairs = len(self.names) if options.get("top_k") is True else None
        if pairs:
            del options["top_k"]
        update, more = ["update", self._argument], _program.options_of(options)
        if data is None:
            _program.run(update + more, progress=progress)
        else:
            with inputs(data, spool, self._path, pairs) as (arguments, file, feed):
                _program.run(update + arguments + more, file=file, feed=feed, progress=progress)
        return self._read()

    def save(self, path: PathLike, *, replace: bool = False) -> "Hierarchy":
        """Copies the store to a path, and returns the hierarchy there. A temporary store goes there itself."""
        target = Path(os.fspath(path)).absolute()
        if target.exists() and not replace:
            raise CannotCreateError(f"{target}: is there already")
        copy = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            shutil.copytree(self._path, copy, dirs_exist_ok=True, ignore=shutil.ignore_patterns("lock"))
            if target.exists():
                open(target)  # Nothing but a store is replaced.
                shutil.rmtree(target)
            copy.rename(target)
        except BaseException:
            shutil.rmtree(copy, ignore_errors=True)
            raise
        if self._temporary is None:
            return open(target)
        self._path = target
        self._temporary()
        self._temporary = None
        return self

    # To look at.

    def show(self, **options: Any) -> None:
        """Prints the tree. Options are those of `logitree show`: `show(node="Danish")`, `show(cut=20)`."""
        options.setdefault("width", shutil.get_terminal_size().columns)
        sys.stdout.write(_program.run(["show", self._argument, *_program.options_of(options)]).decode())

    def _repr_html_(self) -> str:
        """The page to explore the tree in, in a frame."""
        # A matrix of very many clusters makes the notebook large.
        page = self.html(no_matrix=len(self._clusters) > 500)
        return (
            f'<iframe srcdoc="{html.escape(page)}" style="width: 100%; height: 640px; box-sizing: border-box; border: 1px solid #ccc" '
            'sandbox="allow-scripts allow-downloads"></iframe>'
        )

    def __repr__(self) -> str:
        return (
            f"<logitree.Hierarchy of {len(self._clusters)} clusters, {int(self.samples.sum()):,} rows: {self._path.name}>"
        )

    # The store.

    @property
    def _argument(self) -> str:
        return path_argument(self._path)

    @property
    def _clusters(self) -> List[Dict[str, Any]]:
        if "clusters" not in self._known:
            self._read()
        clusters: List[Dict[str, Any]] = self._known["clusters"]
        return clusters

    def _read(self) -> "Hierarchy":
        """Reads the clusters, and forgets the rest, which may have changed."""
        text = self.export("json").decode()
        # Not all of it: the tree may be nested deeper than this parser can go.
        clusters, _ = json.JSONDecoder().raw_decode(text, text.index("[", text.index('"clusters"')))
        self._known = {"clusters": clusters}
        return self
