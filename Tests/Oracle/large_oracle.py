#!/usr/bin/env python3
"""The method's definition in float64 for many clusters, most of them with few rows or none: sparse, and row by row.

    python large_oracle.py FILE.h5 [/dataset] > merges.csv

prints what oracle.py does, for logits in a contiguous dataset and the score `sum-of-means`. Nothing it holds is K x K or
N x K. Needs numpy and h5py.
"""

import argparse
import heapq
import sys

import h5py
import numpy as np

from oracle import fixed, write_csv

ROWS = 32  # worked on at a time


def rows_of(file, dataset):
    """The dataset as a memory map."""
    with h5py.File(file) as f:
        d = f[dataset]
        return np.memmap(file, d.dtype, "r", d.id.get_offset(), d.shape)


def scan(x):
    """Each row's assignment, and 1 - g."""
    n, _ = x.shape
    assigned, doubt = np.empty(n, np.int64), np.empty(n)
    for start in range(0, n, ROWS):
        block = np.asarray(x[start : start + ROWS], np.float64)
        at = np.arange(len(block)), block.argmax(1)
        terms = np.exp(block - block[at][:, None])
        terms[at] = 0
        others = terms.sum(1)
        assigned[start : start + ROWS], doubt[start : start + ROWS] = at[1], fixed(others / (1 + others))
    return assigned, doubt


def reassigned(x, rows, group):
    """R of a group, from its rows: for each cluster outside that gets anything, how much."""
    sums = {}
    for start in range(0, len(rows), ROWS):
        block = np.asarray(x[rows[start : start + ROWS]], np.float64)
        block[:, group] = -np.inf
        r = block.argmax(1)
        best = block.max(1)
        alive = np.isfinite(best)
        q = fixed(1 / np.exp(block[alive] - best[alive, None]).sum(1))
        for cluster, amount in zip(r[alive].tolist(), q.tolist()):
            sums[cluster] = sums.get(cluster, 0.0) + amount
    return sums


class Groups:
    """Which group each cluster is in, and the groups alive by score and by node."""

    def __init__(self, k, assigned, doubt):
        order = np.argsort(assigned, kind="stable")
        starts = np.searchsorted(assigned[order], np.arange(k + 1))
        self.rows = {c: order[starts[c] : starts[c + 1]] for c in range(k) if starts[c] < starts[c + 1]}
        self.members = {c: [c] for c in self.rows}
        self.missing = {c: np.longdouble(doubt[rows].mean()) for c, rows in self.rows.items()}
        self.above = {}
        self.by_score = [(self.score(g), g) for g in self.members]
        self.by_node = sorted(self.members)
        heapq.heapify(self.by_score)

    def score(self, group):
        return len(self.members[group]) - self.missing[group]

    def of(self, cluster):
        """The group of a cluster; None for one without rows."""
        node = cluster
        while node in self.above:
            node = self.above[node]
        while cluster != node:
            self.above[cluster], cluster = node, self.above[cluster]
        return node if node in self.members else None

    def lowest(self):
        """The two lowest scores, each with its group."""
        found = []
        while len(found) < 2:
            entry = heapq.heappop(self.by_score)
            if entry[1] in self.members:
                found.append(entry)
        for entry in found:
            heapq.heappush(self.by_score, entry)
        return found

    def smallest(self, other_than):
        """The smallest node alive but for one."""
        held = []
        while self.by_node[0] not in self.members or self.by_node[0] == other_than:
            node = heapq.heappop(self.by_node)
            if node in self.members:
                held.append(node)
        for node in held:
            heapq.heappush(self.by_node, node)
        return min(set(self.by_node[:3]) & set(self.members) - {other_than})

    def merge(self, a, b, node):
        self.members[node] = self.members.pop(a) + self.members.pop(b)
        self.rows[node] = np.concatenate([self.rows.pop(a), self.rows.pop(b)])
        self.missing[node] = self.missing.pop(a) + self.missing.pop(b)
        self.above[a] = self.above[b] = node
        heapq.heappush(self.by_score, (self.score(node), node))
        heapq.heappush(self.by_node, node)


def merges(x):
    k = x.shape[1]
    groups = Groups(k, *scan(x))
    out = []
    for step in range(len(groups.members) - 1):
        (score, lowest), (next_score, _) = groups.lowest()
        to = reassigned(x, groups.rows[lowest], groups.members[lowest])
        sums = {}
        for cluster in sorted(to):
            group = groups.of(cluster)
            if group is not None:
                sums[group] = sums.get(group, 0.0) + to[cluster]
        average = {g: s / len(groups.members[g]) for g, s in sums.items() if s > 0}
        partner = max(average, key=lambda g: (average[g], -g), default=None)
        if partner is None:
            partner = groups.smallest(lowest)
        first = average.get(partner, 0.0)
        second = max((v for g, v in average.items() if g != partner), default=0.0)
        if len(groups.members) == 2:
            margin = 1.0
        else:
            margin = (first - second) / first if first > 0 else 0.0
        total = sum(to.values())
        node = k + step
        groups.merge(lowest, partner, node)
        out.append(dict(step=step + 1, lowest=lowest, partner=partner, node=node, clusters=len(groups.members[node]),
                        samples=len(groups.rows[node]), score=float(score), gap=float(next_score - score),
                        reassigned=first, share=sums.get(partner, 0.0) / total if total > 0 else 0.0, margin=margin))
    return out


def main():
    parser = argparse.ArgumentParser(description="Prints the merges of many clusters, computed in float64.")
    parser.add_argument("file", metavar="FILE.h5")
    parser.add_argument("dataset", nargs="?", default="/logits", metavar="/dataset", help="default: /logits")
    arguments = parser.parse_args()
    write_csv(merges(rows_of(arguments.file, arguments.dataset)), sys.stdout)


if __name__ == "__main__":
    main()
