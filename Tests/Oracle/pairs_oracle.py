"""The ablation that merges the best pair of all groups, in float64 and in memory, by its definition (docs/method.md).

    python3 pairs_oracle.py FILE.h5 [/dataset] [--per-row] > pairs.csv

prints for each merge giver, receiver, average, and the highest average of a pair of other groups.
"""

import csv
import sys

import numpy as np


def given(x, rows, members):
    """R of a group: the sum of masked probabilities of its rows by the cluster that each goes to."""
    masked = x[rows].copy()
    masked[:, members] = -np.inf
    best = masked.max(1)
    alive = np.isfinite(best)
    q = 1 / np.exp(masked[alive] - best[alive, None]).sum(1)
    # What a row adds to a sum is a multiple of 2^-40.
    return np.bincount(masked.argmax(1)[alive], weights=np.rint(q * 2.0**40) / 2.0**40, minlength=x.shape[1])


def merges(logits, per_row=False):
    x = np.asarray(logits, np.float64)
    k = x.shape[1]
    assigned = x.argmax(1)
    members = {c: [c] for c in range(k) if (assigned == c).any()}
    rows = {c: np.flatnonzero(assigned == c) for c in members}
    reassigned = {c: given(x, rows[c], members[c]) for c in members}
    out = []
    while len(members) > 1:
        nodes = sorted(members)
        pairs = [
            (reassigned[a][members[b]].mean() / (len(rows[a]) if per_row else 1), a, b)
            for a in nodes for b in nodes if a != b]
        # Of equals the smaller giver, then the smaller receiver.
        average, a, b = max(pairs, key=lambda p: (p[0], -p[1], -p[2]))
        second = max((p[0] for p in pairs if {p[1], p[2]} != {a, b}), default=0.0)
        node = k + len(out)
        members[node] = members.pop(a) + members.pop(b)
        rows[node] = np.concatenate([rows.pop(a), rows.pop(b)])
        del reassigned[a], reassigned[b]
        reassigned[node] = given(x, rows[node], members[node])
        out.append(dict(giver=a, receiver=b, average=average, second=second))
    return out


if __name__ == "__main__":
    import h5py

    arguments = [a for a in sys.argv[1:] if a != "--per-row"]
    with h5py.File(arguments[0]) as file:
        found = merges(file[arguments[1] if len(arguments) > 1 else "logits"][:], "--per-row" in sys.argv)
    writer = csv.DictWriter(sys.stdout, ["giver", "receiver", "average", "second"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
