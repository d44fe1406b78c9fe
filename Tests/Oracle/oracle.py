#!/usr/bin/env python3
"""The method's definition in float64 and in memory: for checking results, never for speed.

    python oracle.py FILE.h5 [/dataset] [--score S] [--kind K] [--temperature T] > merges.csv

prints the merges of a dataset as `logitree export STORE --format merges` does, but for the column `evidence`.
Needs numpy and h5py. Everything is in memory: keep N*K under about 2e8.
"""

import argparse
import csv
import sys

import numpy as np

COLUMNS = ["step", "lowest", "partner", "node", "clusters", "samples", "score", "gap", "reassigned", "share", "margin"]
SCORES = ["sum-of-means", "sum", "mean"]
KINDS = ["logits", "log-probabilities", "probabilities"]


def fixed(x):
    """What one row adds to a sum, in multiples of 2^-40."""
    return np.rint(x * 2.0**40) / 2.0**40


def plain_sum(values):
    """The sum from left to right; the built-in one compensates for rounding from Python 3.12 on."""
    total = 0
    for value in values:
        total = total + value
    return total


def as_logits(data, kind="logits"):
    """The stored rows as float64 logits. Raises ValueError for rows that have no meaning."""
    x = np.asarray(data, np.float64)
    if kind == "probabilities":
        if (x < 0).any():
            raise ValueError("negative probability")
        with np.errstate(divide="ignore"):
            x = np.log(x)
    if np.isnan(x).any() or np.isposinf(x).any():
        raise ValueError("NaN or +infinity")
    if len(x) and np.isneginf(x.max(1)).any():
        raise ValueError("a row without a finite logit")
    return x


def merges(logits, score="sum-of-means", temperature=1.0):
    """The merges of `logits` (N, K), in order, as dictionaries keyed by the CSV's columns."""
    x = np.asarray(logits, np.float64)
    n, k = x.shape
    assigned = x.argmax(1)
    top = x.max(1)
    others = np.exp((x - top[:, None]) / temperature)
    others[np.arange(n), assigned] = 0
    others = others.sum(1)
    doubt = fixed(others / (1 + others))  # 1 - g, without the cancellation
    rows = [np.flatnonzero(assigned == c) for c in range(k)]
    members = {c: [c] for c in range(k) if len(rows[c])}

    def group_score(group):
        """(whole, missing): the score is whole - missing; kept apart, so that nearly certain groups differ."""
        parts = [doubt[rows[c]] for c in members[group]]
        if score == "sum-of-means":
            return len(parts), plain_sum(p.mean() for p in parts)
        if score == "sum":
            return sum(map(len, parts)), plain_sum(p.sum() for p in parts)
        return 1, np.concatenate(parts).mean()

    def below(a, b):
        """Score of b minus score of a."""
        return (scores[b][0] - scores[a][0]) - (scores[b][1] - scores[a][1])

    scores = {g: group_score(g) for g in members}
    out = []
    for step in range(len(members) - 1):
        groups = sorted(scores)
        lowest = groups[0]
        for g in groups[1:]:
            if below(lowest, g) < 0:
                lowest = g
        gap = min(below(lowest, g) for g in groups if g != lowest)
        mine = np.concatenate([rows[c] for c in members[lowest]])
        masked = x[mine].copy()
        masked[:, members[lowest]] = -np.inf
        r = masked.argmax(1)
        best = masked.max(1)
        alive = np.isfinite(best)
        q = fixed(1 / np.exp((masked[alive] - best[alive, None]) / temperature).sum(1))
        reassigned = np.bincount(r[alive], weights=q, minlength=k)
        average = {g: reassigned[members[g]].mean() for g in members if g != lowest}
        partner = max(average, key=lambda g: (average[g], -g))
        first = average[partner]
        second = max((v for g, v in average.items() if g != partner), default=None)
        margin = 1.0 if second is None else (first - second) / first if first > 0 else 0.0
        total = reassigned.sum()
        share = reassigned[members[partner]].sum() / total if total > 0 else 0.0
        node = k + step
        low_score = scores[lowest][0] - scores[lowest][1]
        members[node] = members.pop(lowest) + members.pop(partner)
        scores.pop(lowest), scores.pop(partner)
        scores[node] = group_score(node)
        out.append(dict(step=step + 1, lowest=lowest, partner=partner, node=node, clusters=len(members[node]),
                        samples=sum(len(rows[c]) for c in members[node]), score=float(low_score), gap=float(gap),
                        reassigned=float(first), share=float(share), margin=float(margin)))
    return out


def write_csv(result, file):
    """Writes the merges; the header alone, when there are none."""
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(result)


def main():
    parser = argparse.ArgumentParser(description="Prints the merges of an HDF5 dataset of logits, computed in float64.")
    parser.add_argument("file", metavar="FILE.h5")
    parser.add_argument("dataset", nargs="?", default="/logits", metavar="/dataset", help="default: /logits")
    parser.add_argument("--score", choices=SCORES, default=SCORES[0])
    parser.add_argument("--kind", choices=KINDS, default=KINDS[0])
    parser.add_argument("--temperature", type=float, default=1.0)
    arguments = parser.parse_args()

    import h5py

    with h5py.File(arguments.file) as f:
        data = f[arguments.dataset][:]
    try:
        x = as_logits(data, arguments.kind)
    except ValueError as error:
        sys.exit(f"{arguments.file}: {error}")
    write_csv(merges(x, arguments.score, arguments.temperature), sys.stdout)


if __name__ == "__main__":
    main()
