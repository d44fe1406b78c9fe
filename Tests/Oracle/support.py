"""The support of a store's nodes, found anew from the rows in memory: what `logitree support` must equal.

The weights of rows are defined by their sketches, which are read from the store; all else is reckoned in float64 from the
logits.
"""

import json
import math
from pathlib import Path

import h5py
import numpy as np

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


def mixed(bits):
    """The last step of SplitMix64, of an array of uint64."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


def hashed(hashes, words):
    bits = (hashes ^ words) * np.uint64(GOLDEN)
    return bits ^ (bits >> np.uint64(32))


def words(rows):
    """Rows of numbers as rows of uint64, filled up with zeros."""
    raw = np.ascontiguousarray(rows).view(np.uint8).reshape(len(rows), -1)
    padded = np.zeros((len(raw), -(-raw.shape[1] // 8) * 8), np.uint8)
    padded[:, : raw.shape[1]] = raw
    return padded.view("<u8")


def thresholds():
    term = 2.0**32 * 0.36787944117144233
    total, found = term, []
    for number in range(1, 100):
        threshold = math.floor(total)
        if threshold > 2**32 - 1 or found and found[-1] == threshold:
            break
        found.append(threshold)
        term /= number
        total += term
    return np.array(found, np.uint64)


def weights(keys, seed, replicate):
    mark = mixed(np.array([(seed + (replicate + 1) * GOLDEN) & MASK], np.uint64))
    bits = mixed(keys ^ mark) >> np.uint64(32)
    return (bits[:, None] >= thresholds()[None, :]).sum(axis=1)


def named(name):
    """The number of a block's name: FNV-1a, without the highest bit."""
    number = 0xCBF29CE484222325
    for byte in name.encode():
        number = (number ^ byte) * 0x100000001B3 & MASK
    return number >> 1


def keys_of(store, x, blocks):
    """Each row's key, in the order of rows."""
    if blocks is not None:
        if blocks.dtype.kind in "OU":
            blocks = np.array([named(name) for name in blocks], np.int64)
        zero = np.zeros(len(x), np.uint64)
        return hashed(hashed(zero, blocks.astype(np.int64).view(np.uint64)), zero)
    content = json.loads((Path(store) / "manifest.json").read_text())["content"]
    keys = np.zeros(len(x), np.uint64)
    assigned = x.argmax(axis=1)
    lengths = [source["input"]["shape"][0] for source in content["sources"]]
    starts = np.cumsum([0] + lengths)
    for segment in content["segments"]:
        rows = np.concatenate(
            [np.arange(*part["rows"]) + starts[part["input"]] for part in segment["slices"]])
        rows = rows[np.argsort(assigned[rows], kind="stable")]
        with h5py.File(Path(store) / segment["file"]["name"]) as file:
            found = np.zeros(len(rows), np.uint64)
            for name in ("logits", "clusters", "rest"):
                for column in words(file["sketches"][name][:].reshape(len(rows), -1)).T:
                    found = hashed(found, column)
        keys[rows] = found
    return keys


def tree(x, w):
    """The merges of the method's definition on weighted rows."""
    k = x.shape[1]
    assigned = x.argmax(axis=1)
    top = x.max(axis=1)
    others = np.where(np.arange(k) == assigned[:, None], -np.inf, x)
    s = np.exp(others - top[:, None]).sum(axis=1)
    doubt = s / (1 + s)
    count = np.bincount(assigned, w, k)
    doubts = np.bincount(assigned, w * doubt, k)
    groups = {c: [c] for c in range(k) if count[c] > 0}
    score = {c: 1 - doubts[c] / count[c] for c in groups}
    merges = []
    while len(groups) > 1:
        lowest = min(groups, key=lambda node: (score[node], node))
        inside = np.zeros(k, bool)
        inside[groups[lowest]] = True
        rows = np.flatnonzero(inside[assigned] & (w > 0))
        masked = np.where(inside, -np.inf, x[rows])
        reassigned = masked.argmax(axis=1)
        q = 1 / np.exp(masked - masked.max(axis=1)[:, None]).sum(axis=1)
        r = np.bincount(reassigned, w[rows] * q, k)
        average = {node: r[group].sum() / len(group) for node, group in groups.items() if node != lowest}
        partner = max(average, key=lambda node: (average[node], -node))
        node = k + len(merges)
        groups[node] = groups.pop(lowest) + groups.pop(partner)
        score[node] = score[lowest] + score[partner]
        merges.append((lowest, partner))
    return merges


def clades(merges, leaves, k):
    """The set of clusters below each node, leaves first."""
    below = {c: frozenset([c]) for c in leaves}
    for step, (lowest, partner) in enumerate(merges):
        below[k + step] = below[lowest] | below[partner]
    return below


def margin_errors(x, merges):
    """The standard error of each merge's margin; None where there is no second group, or nothing goes to it."""
    k = x.shape[1]
    assigned = x.argmax(axis=1)
    groups = {c: [c] for c in np.unique(assigned)}
    errors = []
    for step, (lowest, partner) in enumerate(merges):
        inside = np.zeros(k, bool)
        inside[groups[lowest]] = True
        masked = np.where(inside, -np.inf, x[inside[assigned]])
        reassigned = masked.argmax(axis=1)
        q = 1 / np.exp(masked - masked.max(axis=1)[:, None]).sum(axis=1)
        means = {node: np.where(np.isin(reassigned, group), q / len(group), 0) for node, group in groups.items()
                 if node != lowest}
        a = means.pop(partner)
        b = max(means.values(), key=np.sum, default=np.zeros(1))
        if a.sum() == 0 or b.sum() == 0:
            errors.append(None)
        else:
            n = len(q)
            # The sums' covariances are n times those of a row's terms; the gradient of 1 - B / A.
            covariance = n * np.cov([a, b], bias=True)
            gradient = np.array([b.sum() / a.sum() ** 2, -1 / a.sum()])
            errors.append(float(np.sqrt(max(0, gradient @ covariance @ gradient))))
        groups[k + step] = groups.pop(lowest) + groups.pop(partner)
    return errors


def figures(store, x, own_merges, replicates, seed, blocks=None):
    """What `logitree support` must say of each merge of a store's own tree."""
    k = x.shape[1]
    assigned = x.argmax(axis=1)
    leaves = [int(c) for c in np.unique(assigned)]
    own = clades(own_merges, leaves, k)
    keys = keys_of(store, x, blocks)
    moved, same = np.zeros((2, len(own_merges)))
    for replicate in range(replicates):
        w = weights(keys, seed, replicate).astype(np.float64)
        # A cluster that would have no row keeps all.
        w[np.bincount(assigned, w, k)[assigned] == 0] = 1
        found = list(clades(tree(x, w), leaves, k).values())
        for step in range(len(own_merges)):
            clade = own[k + step]
            most = min(len(clade) - 1, len(leaves) - len(clade))
            if most == 0:
                same[step] += 1
                continue
            moved[step] += min([most] + [len(clade ^ other) for other in found]) / most
            same[step] += clade in found
    return dict(transfer=list(1 - moved / replicates), clade=list(same / replicates),
                margin_errors=margin_errors(x, own_merges))
