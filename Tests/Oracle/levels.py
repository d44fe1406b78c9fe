"""Levels of a hierarchy, from whole rows in float64 and by the definition (docs/measures.md)."""

import numpy as np


def spread(logits):
    """D, the doubt of the rows of each cluster by the cluster it falls to, and how many rows each has."""
    n, k = logits.shape
    own = logits.argmax(1)
    p = np.exp(logits - logits.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    p[np.arange(n), own] = 0
    doubt = np.zeros((k, k))
    np.add.at(doubt, own, p)
    return doubt, np.bincount(own, minlength=k)


def fill_in(logits, width):
    """Probabilities' logarithms of rows in which all but the largest `width` are alike: what sketches tell."""
    p = np.exp(logits - logits.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    order = np.argsort(-logits, axis=1, kind="stable")
    for row, places in zip(p, order[:, width:]):
        row[places] = row[places].mean() if len(places) else 0
    with np.errstate(divide="ignore"):
        return np.log(p)


def entropy(sizes):
    parts = np.array(sizes, float) / sum(sizes)
    return -(parts * np.log(parts)).sum()


def levels(logits, merges):
    """For each number of groups, from 1 on, its figures, by going through all pairs of clusters."""
    doubt, rows = spread(logits)
    k = len(rows)
    leaves = [c for c in range(k) if rows[c]]
    totals = doubt.sum(1, keepdims=True)
    even = np.divide(doubt, totals, out=np.zeros_like(doubt), where=totals > 0)
    groups = {c: [c] for c in leaves}
    found = []
    for merge in merges + [None]:
        together = np.zeros((k, k), bool)
        for members in groups.values():
            together[np.ix_(members, members)] = True
        np.fill_diagonal(together, False)
        figures = dict(groups=len(groups))
        for prefix, d in (("", doubt), ("even_", even)):
            figures[prefix + "inside"] = d[together].sum() / d.sum()
            figures[prefix + "chance"] = chance(d, leaves, together)
        found.append(figures)
        if merge is None:
            break
        sizes = [rows[m].sum() for m in groups.values()]
        figures.update(
            certainty=1 - doubt[~together].sum() / rows.sum(), largest=max(sizes) / rows.sum(),
            sample_balance=entropy(sizes) / np.log(len(groups)),
            cluster_balance=entropy([len(m) for m in groups.values()]) / np.log(len(groups)),
            modularity=figures["even_inside"] - figures["even_chance"],
            next_share=merge["share"], next_margin=merge["margin"])
        groups[merge["node"]] = groups.pop(merge["lowest"]) + groups.pop(merge["partner"])
    return found[::-1]


def chance(doubt, leaves, together):
    """What of the doubt is inside groups if it falls from and to clusters of the tree as much as it does, but alike."""
    inner = doubt[np.ix_(leaves, leaves)]
    pairs = np.outer(inner.sum(1), inner.sum(0))
    np.fill_diagonal(pairs, 0)
    return (pairs * together[np.ix_(leaves, leaves)]).sum() / pairs.sum() * inner.sum() / doubt.sum()


def gains(found):
    """By numbers of groups, what merges before and after add as multiples of chance, for levels that lie above each line
    from a coarser level to a finer one: found by trying all pairs."""
    points = [(f["even_chance"], f["even_inside"], f["groups"]) for f in found]
    result = {}
    for x, y, n in points:
        before = [(y - b) / (x - a) for a, b, m in points if m > n and x > a]
        after = [(b - y) / (a - x) for a, b, m in points if m < n and a > x]
        if before and after and min(before) > max(after):
            result[n] = (min(before), max(after))
    return result


def planted(random, sizes, rows, own, group, noise):
    """Logits of clusters in groups: each row is of one cluster, whose relatives have larger logits than others."""
    k = sum(sizes)
    of = np.repeat(np.arange(len(sizes)), sizes)
    y = random.integers(0, k, rows)
    x = random.standard_normal((rows, k)) * noise
    x += own * (np.arange(k) == y[:, None]) + group * (of == of[y][:, None])
    return x[:, random.permutation(k)]
