"""Logits to a hierarchy."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Iterable, List, Literal, Mapping, Optional, Union

from . import _program, _temporary
from ._errors import ArgumentError, CannotCreateError, UsageError
from ._files import Files, PathLike
from ._hierarchy import Hierarchy
from ._inputs import Spool, check_form, inputs, is_path, path_argument, source
from ._names import names_of
from ._options import options_of
from ._rows import Rows
from ._temporary import Temporary

Kind = Literal["logits", "log-probabilities", "probabilities"]
Score = Literal["sum-of-means", "sum", "mean"]
Strategy = Literal["lowest", "all-pairs", "all-pairs-per-row"]


def build(
    data: Any,
    names: Any = None,
    *,
    store: Optional[PathLike] = None,
    replace: bool = False,
    kind: Optional[Kind] = None,
    score: Optional[Score] = None,
    strategy: Optional[Strategy] = None,
    temperature: Optional[float] = None,
    without: Union[str, int, Iterable[Union[str, int]], None] = None,
    on_invalid: Optional[Literal["fail", "skip"]] = None,
    allow_fill: bool = False,
    sketch_width: Optional[int] = None,
    dataset: Optional[str] = None,
    transposed: bool = False,
    top_k: Union[bool, str, int, None] = None,
    clusters: Optional[int] = None,
    memory: Union[int, str, None] = None,
    threads: Optional[int] = None,
    spool: Spool = True,
    allow_estimates: bool = False,
    progress: Optional[bool] = None,
    **more: Any,
) -> Hierarchy:
    """Builds the hierarchy of the clusters that logits are of.

    Args:
        data: Rows × clusters: a path ("logits.h5", "logits.h5:/logits", "logits.npy", …) or several; an array
            or a tensor, or whatever else has a shape and can be sliced (a dataset of h5py or Zarr); or an iterable of
            blocks of rows. With `top_k` only the largest logits of each row. Files are read by the program itself,
            anything else goes there block by block.
        names: The clusters' names: a sequence, a mapping from their numbers as `id2label`, a path, or a hierarchy whose
            names to take.
        store: The store to write, a directory, `NAME.logitree` by custom. None: a temporary one, which goes away with
            the hierarchy, unless that is saved.
        replace: Replace a store of other data that is there.
        kind: What the numbers are: "logits", "log-probabilities" or "probabilities".
        score: A group's score: "sum-of-means", "sum" or "mean".
        strategy: Which groups to merge: "lowest", "all-pairs" or "all-pairs-per-row".
        temperature: Divide logits by this before the softmax.
        without: Columns that are no classes, by their names or numbers.
        on_invalid: What to do about rows with NaN or infinity, and rows that were never written: "fail" or "skip".
        allow_fill: Take rows that are 0 throughout as logits, and not as never written.
        sketch_width: Largest logits to keep of each row.
        dataset: The dataset to read in files, where there are several and the path names none.
        transposed: Files hold clusters × rows.
        top_k: Only the largest log-probabilities of each row are there. Of files the names of their arrays,
            "indices,values"; else True, and data are pairs (values, indices), as torch.topk returns them, or an iterable of
            such; or logits with their log-sum-exp, (values, indices, sums).
        clusters: How many clusters there are, where rows don't tell it: with `top_k`, and of files with `raw`.
        memory: The most memory that the program takes: bytes, or "512MiB".
        threads: Threads to work with; one for each processor unless given.
        spool: Where to keep rows that are in no file until the build is done, which may need them again: a directory;
            True: beside the store; False: nowhere. Then they are read once, and a build that would need them again is
            an error, if not for `allow_estimates`.
        allow_estimates: Take estimates for merges that can't be decided.
        progress: Whether to show how far the build is. None: on a terminal, and in a notebook.
        more: Other options of `logitree build`: `normalizer="lse"`, `raw="float16"`, `support=100`.

    Raises:
        LogitreeError: of which there is a class for each exit code of the program.
    """
    if "output" in more:
        raise ArgumentError("output= is for the command line: store=")
    if names is not None and not is_path(names):
        names = names_of(names)
    pairs = _clusters_of_pairs(names, clusters) if top_k is True else None
    given = source(data, pairs)
    options = {
        "kind": kind,
        "score": score,
        "strategy": strategy,
        "temperature": temperature,
        "without": without,
        "on_invalid": on_invalid,
        "allow_fill": allow_fill,
        "sketch_width": sketch_width,
        "dataset": dataset,
        "transposed": transposed,
        "top_k": None if pairs else top_k,
        "clusters": None if pairs else clusters,
        "memory": memory,
        "threads": threads,
        "replace": replace,
        "allow_estimates": allow_estimates,
        "names": names,
        **more,
    }
    check_form(given, options)
    if store is not None:
        path = Path(os.fspath(store))
        if not path.absolute().parent.is_dir():
            raise CannotCreateError(f"{path}: can't be created: there is no directory {path.absolute().parent}")
        _run(given, options, path, spool, progress)
        return Hierarchy(path)
    _temporary.sweep()
    temporary = Temporary()
    try:
        path = temporary.path / f"{_title(given)}.logitree"
        _run(given, options, path, spool, progress, {str(path): "the hierarchy"})
        hierarchy = Hierarchy(path)
    except BaseException:
        temporary.remove()
        raise
    hierarchy._temporary = temporary
    return hierarchy


def _title(given: "List[str] | Rows") -> str:
    """What to call a store that nobody has given a name."""
    if isinstance(given, Rows) or len(given) != 1:
        return "hierarchy"
    return Path(given[0].partition(":")[0]).stem[:50] or "hierarchy"


def _clusters_of_pairs(names: Any, clusters: Optional[int]) -> int:
    if clusters is not None:
        return clusters
    if names is None or is_path(names):
        raise UsageError("top_k=True takes the number of clusters, which the rows don't tell: clusters=151936")
    return len(names)


def _run(
    given: "List[str] | Rows",
    options: Mapping[str, Any],
    store: Path,
    spool: Spool,
    progress: Optional[bool],
    called: Mapping[str, str] = {},
) -> None:
    with Files() as files, inputs(given, spool, store) as rows:
        arguments = ["build", *rows.arguments, *options_of(options, files), "-o", path_argument(store)]
        _program.run(arguments, file=rows.file, feed=rows.feed, progress=progress, called={**files.called, **called})
