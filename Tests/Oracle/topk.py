#!/usr/bin/env python3
"""Top-k dumps of random logits, with the merges of the whole rows: for comparing what is certified.

    python topk.py DIRECTORY --count N --seed S

writes case-NNN.h5 with the arrays of a dump, case-NNN.csv with the merges of the whole rows by oracle.py, and cases.json. In a dump
are the k largest values of each row, in one of two ways. They are as they are in the whole rows, which are log-probabilities or
probabilities, or logits with their log-sum-exp in float64. Or they are "rounded": the whole rows are logits, and log-softmax or
softmax was taken of them in single precision.
"""

import argparse
import json
from pathlib import Path

import h5py
import numpy as np

import make_cases
import oracle


def normalized(x):
    """Rows less their log-sum-exp, and that."""
    top = x.max(1, keepdims=True)
    sums = top + np.log(np.exp(x - top).sum(1, keepdims=True))
    return x - sums, sums[:, 0]


def softmax_f4(x, is_log):
    """softmax of rows, or its logarithm, as it is computed in single precision."""
    below = (x - x.max(1, keepdims=True)).astype("f4")
    terms = np.exp(below)
    sums = terms.sum(1, keepdims=True, dtype="f4")
    return below - np.log(sums) if is_log else terms / sums


def largest(x, k, random):
    """(indices, values) of the k largest of each row: of equal values the first, in any order."""
    indices = np.argsort(-x, axis=1, kind="stable")[:, :k]
    if random.random() < 0.5:
        indices = random.permuted(indices, axis=1)
    return indices, np.take_along_axis(x, indices, 1)


def save(file, random, indices, values, sums):
    chunks = None
    if random.random() < 0.6:
        chunks = (int(random.integers(1, len(values) + 1)), int(random.integers(1, values.shape[1] + 1)))
    options = dict(compression="gzip", shuffle=True) if chunks and random.random() < 0.7 else {}
    file.create_dataset("values", data=values, chunks=chunks, **options)
    kind = str(random.choice(["u2", "i4", "i8", ">i4", ">u8"]))
    file.create_dataset("indices", data=indices.astype(kind), chunks=chunks and (chunks[0], values.shape[1]), **options)
    if sums is not None:
        sums = sums if random.random() < 0.5 else sums[:, None]
        file.create_dataset("lse", data=sums, chunks=True if random.random() < 0.5 else None)
    return kind


def case(directory, number, seed):
    random = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, number])))
    clusters, rows = int(random.integers(2, 33)), int(2 ** random.uniform(3, 11))
    x = make_cases.blobs(random, rows, clusters, float(random.uniform(0.3, 1.5)))
    if random.random() < 0.2:
        # A few likely clusters, and nothing else.
        x = np.where(x >= np.sort(x, axis=1)[:, [-min(clusters, 4)]], x, -np.inf)
    width = int(random.integers(2, clusters + 1)) if random.random() < 0.8 else clusters
    kind = str(random.choice(["log-probabilities", "logits", "probabilities"]))
    dtype = str(random.choice(["f4", "f8"]))
    if random.random() < 0.4 and kind != "probabilities":
        # Rows that are nearly certain leave the others little more than what rounding takes. (Small probabilities are 0.)
        x = x * random.uniform(1, 6)
    rounded = bool(random.random() < 0.4)
    x = x.astype(dtype)
    rows_whole, sums = normalized(x.astype("f8"))
    if kind == "logits":
        whole = dumped = x
        if rounded:
            sums = sums.astype("f4")
    elif rounded:
        whole, dtype = x, "f4"
        dumped = softmax_f4(x, is_log=kind == "log-probabilities")
    else:
        whole = dumped = (rows_whole if kind == "log-probabilities" else np.exp(rows_whole)).astype(dtype)
    # What is rounded may be equal, but not in another order.
    indices, _ = largest(whole, width, random)
    values = np.take_along_axis(dumped, indices, 1)
    name = f"case-{number:03}"
    with h5py.File(directory / f"{name}.h5", "w") as file:
        indexed = save(file, random, indices, values, sums if kind == "logits" else None)
    with open(directory / f"{name}.csv", "w", newline="") as file:
        oracle.write_csv(oracle.merges(oracle.as_logits(whole, "logits" if rounded else kind)), file)
    return dict(name=name, clusters=clusters, width=width, rows=rows, kind=kind, dtype=dtype, indices=indexed, isRounded=rounded)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    cases = [case(arguments.directory, number, arguments.seed) for number in range(arguments.count)]
    (arguments.directory / "cases.json").write_text(json.dumps(cases, indent=1))


if __name__ == "__main__":
    main()
