#!/usr/bin/env python3
"""Writes data sets of all kinds and what the oracle says of each.

    python make_cases.py OUTDIR --count 200 --seed 1

makes in OUTDIR, for each case, case-XXX.h5 (dataset /logits) and case-XXX.csv (the oracle's merges), and cases.json, a
list with the facts of each case. Types, byte orders, layouts and filters go round in turn; styles of data and sizes
are drawn at random. The first cases are corners: the smallest and the largest shapes, and data without any merge.
"""

import argparse
import json
import time
from pathlib import Path

import h5py
import numpy as np

import oracle

TYPES = ["<f4", "<f8", "<f2", ">f4", ">f8", ">f2"]
# None is contiguous.
FILTERS = [None, [], ["gzip4"], ["shuffle", "gzip6"], ["fletcher32"], ["shuffle", "gzip1", "fletcher32"]]
MAX_ROWS, MAX_CLUSTERS, MAX_ENTRIES, MAX_CHUNKS = 20_000, 300, 3_000_000, 2_000


# Styles of data. Each takes (random, n, k) and returns logits as float64; `stored` makes them what the file holds.

def blobs(random, n, k, spread=1.0, sizes=None):
    """Clusters with relatives: class vectors are sums over random nested groupings."""
    vectors = np.zeros((k, 12))
    for groups in {2, max(2, k // 8), max(2, k // 3), k}:
        vectors += random.standard_normal((groups, 12))[random.permutation(np.arange(k) % groups)]
    y = random.choice(k, n, p=sizes)
    embedding = vectors[y] + random.standard_normal((n, 12)) * spread
    return embedding @ vectors.T - (vectors**2).sum(1) / 2


def balanced(random, n, k):
    return blobs(random, n, k, random.uniform(0.3, 1.5))


def unbalanced(random, n, k):
    sizes = random.permutation(np.arange(1, k + 1.0) ** -random.uniform(0.8, 2.0))
    sizes /= sizes.sum()
    return blobs(random, n, k, random.uniform(0.3, 1.5), sizes) + np.log(sizes)


def plain_noise(random, n, k):
    return random.standard_normal((n, k)) * np.exp(random.uniform(-1, 2))


def in_order(random, n, k):
    """Rows sorted by cluster, as dumps of a data set's folders are."""
    x = balanced(random, n, k)
    return x[np.argsort(x.argmax(1), kind="stable")]


def some_empty(random, n, k):
    x = balanced(random, n, k)
    x[:, random.random(k) < 0.2] -= 1000
    return x


def mostly_empty(random, n, k):
    x = balanced(random, n, k)
    x[:, random.permutation(k)[: max(1, k - int(random.integers(2, 6)))]] -= 60
    return x


def one_cluster(random, n, k):
    x = balanced(random, n, k)
    x[:, random.integers(k)] = x.max(1) + random.uniform(0.1, 5, n)
    return x


def ties(random, n, k):
    return random.integers(0, random.integers(2, 9), (n, k)).astype(float)


def half_ties(random, n, k):
    """Coarsely rounded logits: ties within rows, but not everywhere."""
    return np.round(balanced(random, n, k) * 2) / 2


def twins(random, n, k):
    """Columns that are copies of others, and rows that are copies of others."""
    x = balanced(random, n, k)
    copies = random.random(k) < 0.3
    x[:, copies] = x[:, random.integers(0, k, copies.sum())]
    return x[np.sort(random.integers(0, n, n))]


def constant_rows(random, n, k):
    x = balanced(random, n, k)
    x[random.random(n) < 0.3] = random.uniform(-5, 5)
    return x


def all_constant(random, n, k):
    return np.repeat(random.integers(-8, 9, (n, 1)).astype(float), k, 1)


def minus_infinity(random, n, k):
    """Impossible clusters; rows with a single finite logit among them."""
    x = balanced(random, n, k)
    keep = random.integers(0, k, n)
    gone = random.random((n, k)) < random.uniform(0.1, 0.9, (n, 1))
    gone[random.random(n) < 0.1] = True
    gone[np.arange(n), keep] = False
    x[gone] = -np.inf
    return x


def single_finite(random, n, k):
    x = np.full((n, k), -np.inf)
    x[np.arange(n), random.integers(0, k, n)] = random.uniform(-5, 5, n)
    return x


def confident(random, n, k):
    """Gaps of a hundred to a thousand between a row's first and second."""
    x = balanced(random, n, k)
    x *= random.uniform(1, 40)
    x[np.arange(n), x.argmax(1)] += np.where(random.random(n) < 0.8, random.uniform(100, 1000, n), 0)
    return x


def offset(random, n, k):
    """Like sums of log-likelihoods: far from 0, each row elsewhere."""
    return balanced(random, n, k) * random.uniform(0.5, 8) - random.uniform(50, 1500, (n, 1))


def nearly_certain(random, n, k):
    """Every cluster's mean probability is 0.9999…, so that only what is missing to 1 orders them."""
    x = balanced(random, n, k)
    x[np.arange(n), x.argmax(1)] += random.uniform(8, 22, n)
    return x


STYLES = {
    balanced: 5, unbalanced: 5, plain_noise: 2, in_order: 2, some_empty: 2, mostly_empty: 2, one_cluster: 1, ties: 2,
    half_ties: 2, twins: 2, constant_rows: 2, all_constant: 1, minus_infinity: 3, single_finite: 1, confident: 3,
    offset: 2, nearly_certain: 3,
}

CORNERS = [
    (balanced, 1, 2), (balanced, 2, 2), (balanced, 1, 300), (balanced, 20_000, 2), (unbalanced, 10_000, 300),
    (balanced, 20_000, 150), (one_cluster, 500, 40), (all_constant, 300, 30), (mostly_empty, 2000, 120),
    (single_finite, 400, 25), (confident, 3000, 100), (ties, 600, 20), (minus_infinity, 5, 300), (some_empty, 4000, 200),
]


def stored(x, kind, dtype, random):
    """What the file holds: logits, or their probabilities, in the file's type. A row keeps a finite logit."""
    if kind != "logits":
        x = x - x.max(1, keepdims=True)
        log_p = x - np.log(np.exp(x).sum(1, keepdims=True))
        if kind == "probabilities":
            x = np.exp(log_p)
            x[(x < random.choice([1e-3, 1e-6, 1e-12])) & (x < x.max(1, keepdims=True))] = 0
        else:
            x = log_p
    if dtype.itemsize == 2 and kind == "logits":
        x = np.where(np.isinf(x), x, np.clip(x, -60_000, 60_000))
    return x.astype(dtype)


def chunk_shape(random, n, k):
    """Of every sort: dividing or not, narrower than a row, one row high, all of it; never too many chunks."""
    heights = [1, 7, 64, 100, 512, n, max(1, n // 2), max(1, n // 3 + 1)]
    widths = [k, k, k, max(1, k // 2), max(1, k // 3 + 1), min(k, 7), min(k, 32)]
    while True:
        rows, columns = min(n, int(random.choice(heights))), int(random.choice(widths))
        if -(-n // rows) * -(-k // columns) <= MAX_CHUNKS:
            return rows, columns


def size(random):
    """Both sides log-uniform."""
    k = round(np.exp(random.uniform(np.log(2), np.log(MAX_CLUSTERS))))
    n = round(np.exp(random.uniform(0, np.log(MAX_ROWS))))
    # Data with few rows a cluster is the less interesting sort: draw again once.
    if n < 5 * k:
        n = round(np.exp(random.uniform(0, np.log(MAX_ROWS))))
    return min(n, MAX_ENTRIES // k), k


def write(path, data, chunks, filters, growing):
    options = {}
    for name in filters:
        if name.startswith("gzip"):
            options |= dict(compression="gzip", compression_opts=int(name[4:]))
        else:
            options[name] = True
    if growing:
        options["maxshape"] = (None, data.shape[1])
    with h5py.File(path, "w") as file:
        file.create_dataset("logits", data=data, chunks=chunks, **options)


def make_case(index, seed, directory):
    random = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, index])))
    if index < len(CORNERS):
        style, n, k = CORNERS[index]
    else:
        weights = np.array(list(STYLES.values()), float)
        style = list(STYLES)[random.choice(len(STYLES), p=weights / weights.sum())]
        n, k = size(random)
    dtype = np.dtype(TYPES[index % len(TYPES)])
    filters = FILTERS[(index // len(TYPES) + index) % len(FILTERS)]
    score = str(random.choice(oracle.SCORES, p=[0.7, 0.15, 0.15]))
    kind = str(random.choice(oracle.KINDS, p=[0.8, 0.1, 0.1]))
    temperature = float(random.choice([1.0, 0.5, 2.0], p=[0.85, 0.08, 0.07]))

    data = stored(style(random, n, k), kind, dtype, random)
    chunks = None if filters is None else chunk_shape(random, n, k)
    growing = chunks is not None and random.random() < 0.3
    name = f"case-{index:03}"
    write(directory / f"{name}.h5", data, chunks, filters or [], growing)

    x = oracle.as_logits(data, kind)
    merges = oracle.merges(x, score, temperature)
    with open(directory / f"{name}.csv", "w") as file:
        oracle.write_csv(merges, file)
    empty = k - len(np.unique(x.argmax(1)))
    assert len(merges) == k - empty - 1
    return dict(
        name=name, file=f"{name}.h5", dataset="/logits", expected=f"{name}.csv", n=n, k=k, score=score, kind=kind,
        temperature=temperature, dtype=f"float{8 * dtype.itemsize}",
        byteOrder="big" if dtype.str[0] == ">" else "little", chunks=chunks,
        filters=filters or [], growing=growing, style=style.__name__, seed=[seed, index],
        emptyClusters=empty, merges=len(merges),
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", metavar="OUTDIR", type=Path)
    parser.add_argument("--count", type=int, default=200, help="default: 200")
    parser.add_argument("--seed", type=int, default=1, help="default: 1")
    arguments = parser.parse_args()

    start = time.perf_counter()
    arguments.directory.mkdir(parents=True, exist_ok=True)
    cases = [make_case(index, arguments.seed, arguments.directory) for index in range(arguments.count)]
    with open(arguments.directory / "cases.json", "w") as file:
        json.dump(cases, file, indent=1)
        file.write("\n")
    merges = sum(case["merges"] for case in cases)
    print(f"{len(cases)} cases, {merges} merges, in {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
