"""Logits to a hierarchy."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import Any, Optional, Sequence, Union

from . import _files, _program
from ._errors import UsageError
from ._files import PathLike
from ._hierarchy import Hierarchy
from ._hierarchy import open as open_store
from ._rows import inputs, path_argument


def build(
    data: Any,
    names: Any = None,
    *,
    store: Optional[PathLike] = None,
    replace: bool = False,
    kind: Optional[str] = None,
    score: Optional[str] = None,
    strategy: Optional[str] = None,
    temperature: Optional[float] = None,
    without: Optional[Sequence[Union[str, int]]] = None,
    on_invalid: Optional[str] = None,
    allow_fill: bool = False,
    sketch_width: Optional[int] = None,
    dataset: Optional[str] = None,
    transposed: bool = False,
    top_k: Union[bool, str, int, None] = None,
    clusters: Optional[int] = None,
    memory: Union[int, str, None] = None,
    threads: Optional[int] = None,
    spool: Union[bool, PathLike] = True,
    allow_estimates: bool = False,
    progress: Optional[bool] = None,
    **more: Any,
) -> Hierarchy:
    """Builds the hierarchy of the clusters that logits are of.

    Args:
        data: Rows × clusters: a path ("logits.h5", "logits.h5:/logits", "logits.npy", …) or a list of paths; an array
            or a tensor, or whatever else has a shape and can be sliced (a dataset of h5py or Zarr); or an iterable of
            blocks of rows. With `top_k` only the largest logits of each row. Files are read by the program itself, anything else goes there block by block.
        names: The clusters' names: a sequence, or a path.
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
    pairs = _clusters_of_pairs(names, clusters) if top_k is True else None
    options = _program.options_of(
        {
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
            **more,
        }
    )
    with tempfile.TemporaryDirectory(prefix="logitree-") as directory:
        if names is not None:
            options += ["--names", _files.names_file(names, Path(directory))]
        if store is not None:
            _run(data, options, Path(store), spool, progress, pairs)
            return open_store(store)
        temporary = Path(tempfile.mkdtemp(prefix="logitree-"))
        try:
            path = temporary / "hierarchy.logitree"
            _run(data, options, path, spool, progress, pairs)
            hierarchy = open_store(path)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
    hierarchy._temporary = weakref.finalize(hierarchy, shutil.rmtree, str(temporary), ignore_errors=True)
    return hierarchy


def _clusters_of_pairs(names: Any, clusters: Optional[int]) -> int:
    if clusters is not None:
        return clusters
    if isinstance(names, (str, os.PathLike)) or not hasattr(names, "__len__"):
        raise UsageError("top_k=True takes the number of clusters, which the rows don't tell: clusters=151936")
    return len(names)


def _run(
    data: Any,
    options: Sequence[str],
    store: Path,
    spool: Union[bool, PathLike],
    progress: Optional[bool],
    clusters_of_pairs: Optional[int],
) -> None:
    with inputs(data, spool, store, clusters_of_pairs) as (arguments, file, feed):
        output = ["-o", path_argument(store)]
        _program.run(["build", *arguments, *options, *output], file=file, feed=feed, progress=progress)
