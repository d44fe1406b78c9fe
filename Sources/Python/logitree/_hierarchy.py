"""A hierarchy, in a store."""

from __future__ import annotations

import contextlib
import html
import io
import os
import re
import shutil
import sys
import tempfile
from typing import Any, Dict, Iterator, List, Literal, NamedTuple, Optional, Sequence, TYPE_CHECKING, Tuple

import numpy as np

from . import _graph, _tables
from ._errors import ArgumentError, UsageError
from ._files import Files, PathLike, is_linkage
from ._inputs import Inputs, Spool, check_form, inputs, is_path, source, spool_directory, spooled
from ._names import is_several, names_of, number, scalar
from ._rows import Rows
from ._store import Store
from ._tables import Merges, Placements
from ._temporary import Temporary

if TYPE_CHECKING:  # which older versions of NumPy don't have
    import numpy.typing as npt


Format = Literal["json", "newick", "linkage", "merges", "confused", "dot", "svg", "html", "affinity"]
Height = Literal["step", "share", "margin"]


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
    return Hierarchy(path)


class Hierarchy(Store):
    """The binary tree over the clusters of a classifier or a clustering model, in a store on disk.

    `build` makes one, and `open` opens one that is there. All figures are the program's; what they mean is told in
    Logitree's docs/formats.md and docs/measures.md.
    """

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
        self._check()
        if "merges" not in self._known:
            self._known["merges"] = _tables.merges(self.export("merges").decode())
        merged: Merges = self._known["merges"]
        return merged

    @property
    def linkage(self) -> npt.NDArray[np.float64]:
        """SciPy's linkage matrix, with steps for heights. Its leaves are called by `leaves`."""
        return self.linkage_by("step")

    def linkage_by(self, height: Height) -> npt.NDArray[np.float64]:
        """SciPy's linkage matrix, with "step", "share" or "margin" for heights."""
        matrix: npt.NDArray[np.float64] = np.load(io.BytesIO(self.export("linkage", height=height)))
        return matrix

    # Groups.

    def cut(self, k: Any) -> npt.NDArray[np.int64]:
        """The group of each cluster, of `k` groups, or of as many as are worth it if `k` is "auto"; -1 for clusters
        that are not in the tree. Of several numbers of groups a column each: `cut([5, 20])`."""
        (_, *lines), columns = self._cut(k)
        found = np.array([[int(line[column] or -1) for column in columns] for line in lines], dtype=np.int64)
        return found if is_several(k) else found[:, 0]

    def groups(self, k: Any) -> List[Group]:
        """The `k` groups, or as many as are worth it if `k` is "auto"."""
        if is_several(k):
            raise UsageError("groups of one number: groups(20)")
        found: Dict[int, Group] = {}
        (_, *lines), _columns = self._cut(k)
        for cluster, (_number, name, group, label, samples) in enumerate(line[:5] for line in lines):
            if group:
                members = found.setdefault(int(group), Group(label, [], [], int(samples)))
                members.clusters.append(cluster)
                members.names.append(name)
        return [found[index] for index in sorted(found)]

    def levels(self) -> Dict[str, Any]:
        """Into how many groups the tree is worth cutting, and why: the object that `logitree levels --json` writes."""
        found: Dict[str, Any] = self._tell_json("levels")
        return found

    def _cut(self, k: Any) -> Tuple[List[List[str]], List[int]]:
        """The table of `logitree cut`, and which columns have the groups' numbers."""
        if is_several(k):
            groups = ["--levels", ",".join(_groups(each) for each in k)]
        else:
            groups = _rule(k)
        table = _tables.lines_of(self._tell("cut", *groups).decode())
        return table, [index for index, name in enumerate(table[0]) if re.fullmatch(r"group(_\d+)?", name)]

    # Other forms.

    def export(self, format: Format, **options: Any) -> bytes:
        """The hierarchy in a format of the program's: "json", "newick", "linkage", "merges", "confused", "dot", "svg",
        "html" or "affinity".

        Options are those of `logitree export`: `export("svg", circular=True, cut=20)`.
        """
        names = self._called(options)
        return self._tell("export", f"--format={format}", options=options, files=Files(names))

    def newick(self, **options: Any) -> str:
        """The tree in Newick format. Options are `height` and `support_as`."""
        return self.export("newick", **options).decode()

    def svg(self, **options: Any) -> str:
        """A dendrogram to publish. Options are those of `logitree export`."""
        return self.export("svg", **options).decode()

    def html(self, labels: Any = None, **options: Any) -> str:
        """A page to explore the tree in, without links to anywhere. With labels of the rows it tells how pure nodes are."""
        return self.export("html", labels=labels, **options).decode()

    def to_networkx(self) -> Any:
        """A directed graph of networkx, from the root to the leaves. Nodes have `clusters` and `samples`; leaves have
        their `name`, and inner nodes what `merges` has of them."""
        return _graph.graph(self._clusters, self.merges)

    def distances(self, height: Height = "step") -> npt.NDArray[np.float64]:
        """How far apart leaves are: the height at which each two meet, as a square matrix in the order of `leaves`."""
        return _graph.meetings(self.linkage_by(height))

    def affinity(self) -> npt.NDArray[np.float64]:
        """The class affinity matrix, K × K: in row c, what each cluster gets of the rows of cluster c without it."""
        with Temporary() as directory:
            path = directory / "affinity.npy"
            self.export("affinity", output=path)
            matrix: npt.NDArray[np.float64] = np.load(path)
            return matrix

    # New rows, labels, other trees.

    def assign(
        self,
        data: Any,
        k: Any = None,
        confidence: Optional[float] = None,
        *,
        accuracy: Optional[float] = None,
        spool: Spool = True,
        progress: Optional[bool] = None,
        **options: Any,
    ) -> Placements:
        """The group of each row, of `k`, or the deepest node that the model is so sure of.

        Args:
            data: Rows × clusters, as for `build`.
            k: The number of groups, or "auto".
            confidence: The probability that a node must have.
            accuracy: The part of rows whose nodes are to be right. This takes `labels` of the rows, or of those of
                `calibrate_on`, which are given as data are.
            spool: The directory where rows that are in no file are kept meanwhile. True: beside the store, or where that
                can't be written among temporary files.
            options: Those of `logitree assign`.
        """
        rule: Dict[str, Any] = {"confidence": scalar(confidence), "accuracy": scalar(accuracy)}
        if sum(given is not None for given in (k, *rule.values())) != 1:
            raise UsageError("say what to assign rows to: k=20, confidence=0.9, or accuracy=0.95 with labels")
        if "output" in options:
            raise ArgumentError("output= is for the command line: what it writes is returned")
        given = source(data)
        check_form(given, options)
        with Temporary() as directory, self._assigned(given, spool) as rows:
            output = directory / "placements.npy"
            self._check()
            groups = [] if k is None else _rule(k)
            self._run("assign", *groups, f"--output={output}", options={**rule, **options}, inputs=rows, progress=progress)
            self._check()
            placed: Placements = np.load(output).view(Placements)
            return placed

    @contextlib.contextmanager
    def _assigned(self, given: "List[str] | Rows", spool: Spool) -> Iterator[Inputs]:
        """Rows to assign: those that are in no file are put into one, since they are read as files are."""
        if isinstance(given, list):
            yield Inputs(given)
            return
        directory = spool_directory(spool, self._path)
        if directory is None:
            raise UsageError("rows that are in no file are kept in one until they are assigned: spool says where")
        if spool is True and not os.access(directory, os.W_OK):
            directory = tempfile.gettempdir()
        with spooled(given, directory, has_header=True) as file:
            yield Inputs(["/dev/stdin"], file=file, called={"/dev/stdin": "the rows"})

    def evaluate(self, labels: Any, coarse: Any = None, **options: Any) -> Dict[str, Any]:
        """What clusters and tree are worth by labels: the object that `logitree evaluate --json` writes.

        Args:
            labels: A label for each row that the store was built from: an array or a sequence of integers or names, or
                a path.
            coarse: Coarser labels: a mapping from labels, a data frame, or a path.
            options: Those of `logitree evaluate`: `taxonomy` may also be a mapping, a data frame or what else `compare`
                takes, `label_names` a sequence.
        """
        options = {"labels": labels, "coarse": coarse, **options}
        found: Dict[str, Any] = self._tell_json("evaluate", options=options, files=Files(self._called(options)))
        return found

    def compare(self, reference: Any, names: Any = None, **options: Any) -> Dict[str, Any]:
        """How far the tree agrees with another: the object that `logitree compare --json` writes.

        Args:
            reference: A hierarchy; a tree in Newick format, or a path; SciPy's linkage matrix, with `names` for its
                leaves if they are not those of this tree; a mapping from clusters to groups, or a data frame with
                coarser groups in each column.
            options: Those of `logitree compare`.
        """
        if names is None and is_linkage(reference):
            names = self.leaves
        with Files(self.names) as files:
            tree = files.tree(reference)
            found: Dict[str, Any] = self._tell_json("compare", tree, options={"names": names, **options}, files=files)
            return found

    def support(self, replicates: int = 100, *, progress: Optional[bool] = None, **options: Any) -> "Hierarchy":
        """Finds how often each node comes out again of rows drawn anew; `merges` has it from then on."""
        self._change("support", options={"replicates": replicates, **options}, progress=progress)
        return self

    def update(
        self,
        data: Any = None,
        *,
        spool: Spool = True,
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
        given = [] if data is None else source(data, pairs)
        check_form(given, options)
        with inputs(given, spool, self._path) as rows:
            self._change("update", options=options, inputs=rows, progress=progress)
        return self

    def save(self, path: PathLike, *, replace: bool = False) -> "Hierarchy":
        """Copies the store to a path, and returns the hierarchy there. A temporary store goes there itself."""
        saved = self._save_to(path, replace)
        return self if saved is None else Hierarchy(saved)

    # To look at.

    def show(self, **options: Any) -> None:
        """Prints the tree. Options are those of `logitree show`: `show(node="Danish")`, `show(cut=20)`."""
        options.setdefault("width", shutil.get_terminal_size().columns)
        text = self._tell("show", options=options).decode()
        # What a terminal can't show is no reason not to show the rest.
        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))

    def _repr_html_(self) -> str:
        """The page to explore the tree in, in a frame."""
        # A matrix of very many clusters makes the notebook large.
        page = self.html(no_matrix=len(self._clusters) > 500)
        return (
            f'<iframe srcdoc="{html.escape(page)}" style="width: 100%; height: 640px; box-sizing: border-box; border: 1px solid #ccc" '
            'sandbox="allow-scripts allow-downloads"></iframe>'
        )

    def __str__(self) -> str:
        place = self._path.name if self._temporary is None else "not saved"
        return f"{len(self._clusters)} clusters, {int(self.samples.sum()):,} rows: {place}"

    def __repr__(self) -> str:
        return f"<logitree.Hierarchy of {self}>"

    def _called(self, options: Dict[str, Any]) -> Sequence[str]:
        """What labels that are numbers are called by."""
        names = options.get("label_names")
        return self.names if names is None else [] if is_path(names) else names_of(names)


def _rule(k: Any) -> List[str]:
    return ["--auto"] if isinstance(k, str) and k == "auto" else ["-k", _groups(k)]


def _groups(k: Any) -> str:
    """A number of groups, as the program takes it."""
    value = scalar(k)
    try:
        return str(number(int(value) if isinstance(value, float) and value.is_integer() else value))
    except (TypeError, ValueError):
        raise UsageError(f'k is a whole number of groups, or "auto", and not {k!r}') from None
