#!/usr/bin/env python3
"""Checks merges of many clusters, most of them with few rows or none, against the method's definition in float64.

    python large_oracle.py FILE.h5 MERGES.csv

computes every merge from the rows of FILE.h5 (`/logits`, contiguous) and compares MERGES.csv, which `logitree export
--format merges` wrote for the score `sum-of-means`. Where the file decides a near tie the other way, within what the
method allows, the check follows it, so that all merges are compared and not those up to the first such tie. It ends at
the first merge that is wrong. Nothing it holds is K x K or N x K. Needs numpy and h5py.
"""

import argparse
import csv
import heapq
import sys

import h5py
import numpy as np

from oracle import COLUMNS, fixed

ROWS = 32  # worked on at a time
TOLERANCE = 1e-6  # relative, of sums over rows
NEAR_MARGIN = 1e-5
WHOLE = ["step", "lowest", "partner", "node", "clusters", "samples"]
ROUNDING = 2e-12  # of fixed-point values


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


class Wrong(Exception):
    """A merge that isn't the method's."""


def require(condition, merge, what):
    if not condition:
        raise Wrong(f"{what}, in {merge}")


def is_close(a, b, tolerance=TOLERANCE):
    return abs(a - b) <= tolerance * max(abs(a), abs(b))


def chosen_lowest(groups, merge):
    """The score of the group `merge` takes for the lowest, the gap, and whether another one is lower by a near tie."""
    (score, lowest), (next_score, _) = groups.lowest()
    group = merge["lowest"]
    if group == lowest:
        return score, next_score - score, False
    require(group in groups.members, merge, f"the lowest group isn't alive; it is {lowest}")
    excess = groups.score(group) - score
    near = max(1e-12, TOLERANCE * float(groups.missing[lowest]))
    require(excess < near, merge, f"the lowest group is {lowest}, lower by {excess}, and {near} is a near tie")
    return groups.score(group), -excess, True


def chosen_partner(groups, lowest, average, merge):
    """Whether `merge` takes a partner that nearly ties with the best one; another one is wrong."""
    best = max(average, key=lambda g: (average[g], -g), default=None)
    if best is None:
        best = groups.smallest(lowest)
    group = merge["partner"]
    if group != best:
        first = average.get(best, 0.0)
        require(average.get(group, 0.0) > first * (1 - NEAR_MARGIN), merge, f"the partner is {best}, with {first}")
    return group != best


def compare_evidence(merge, reassigned, share, margin):
    """Exact evidence gives these figures; sketches give what is certain of them."""
    if merge["evidence"] == "exact":
        right = (is_close(merge["reassigned"], reassigned) and is_close(merge["share"], share)
                 and abs(merge["margin"] - margin) <= 2 * TOLERANCE)
    else:
        above = 1 + TOLERANCE
        right = (merge["reassigned"] <= reassigned * above and merge["share"] <= share * above
                 and merge["margin"] <= margin + 2 * TOLERANCE)
    require(right, merge, f"reassigned, share, margin are {reassigned}, {share}, {margin}")


def check(x, merges):
    """Compares every merge; returns how many decide a near tie the other way."""
    k = x.shape[1]
    groups = Groups(k, *scan(x))
    require(len(merges) == len(groups.members) - 1, "the file", f"there are {len(groups.members) - 1} merges")
    near_ties = 0
    for step, merge in enumerate(merges):
        score, gap, is_near = chosen_lowest(groups, merge)
        lowest, partner, node = merge["lowest"], merge["partner"], k + step
        missing = sum(float(groups.missing[g]) for _, g in groups.lowest())
        require(is_close(merge["score"], score), merge, f"the score is {score}")
        require(abs(merge["gap"] - gap) <= TOLERANCE * missing + ROUNDING, merge, f"the gap is {gap}")

        to = reassigned(x, groups.rows[lowest], groups.members[lowest])
        sums = {}
        for cluster in sorted(to):
            group = groups.of(cluster)
            if group is not None:
                sums[group] = sums.get(group, 0.0) + to[cluster]
        average = {g: s / len(groups.members[g]) for g, s in sums.items() if s > 0}
        is_near |= chosen_partner(groups, lowest, average, merge)
        first = average.get(partner, 0.0)
        second = max((v for g, v in average.items() if g != partner), default=0.0)
        if len(groups.members) == 2:
            margin = 1.0
        else:
            margin = (first - second) / first if first > 0 else 0.0
        total = sum(to.values())
        compare_evidence(merge, first, sums.get(partner, 0.0) / total if total > 0 else 0.0, margin)

        groups.merge(lowest, partner, node)
        require((merge["step"], merge["node"], merge["clusters"], merge["samples"])
                == (step + 1, node, len(groups.members[node]), len(groups.rows[node])),
                merge, f"node {node} has {len(groups.members[node])} clusters and {len(groups.rows[node])} rows")
        near_ties += is_near
    return near_ties


def read_merges(path):
    with open(path, newline="") as file:
        return [{c: int(row[c]) if c in WHOLE else float(row[c]) for c in COLUMNS} | {"evidence": row["evidence"]}
                for row in csv.DictReader(file)]


def main():
    parser = argparse.ArgumentParser(description="Checks the merges of many clusters against float64.")
    parser.add_argument("file", metavar="FILE.h5")
    parser.add_argument("merges", metavar="MERGES.csv")
    arguments = parser.parse_args()
    merges = read_merges(arguments.merges)
    try:
        near_ties = check(rows_of(arguments.file, "/logits"), merges)
    except Wrong as error:
        sys.exit(f"{arguments.merges}: {error}")
    print(f"{len(merges)} merges are right, {near_ties} of them near ties decided the other way")


if __name__ == "__main__":
    main()
