"""A hierarchy's figures against labels, from samples one by one: scikit-learn, SciPy and Higra where they have them."""

import higra as hg
import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score


def expanded(merges, k, assignments):
    """The parents of the tree with a leaf for each sample, in which no node has a single child."""
    groups = [np.flatnonzero(assignments == c) for c in range(k)]
    parents = np.full(len(assignments), -1).tolist()
    top = {}  # node: its node in the expanded tree, None without samples

    def join(children):
        if len(children) < 2:
            return children[0] if children else None
        for child in children:
            parents[child] = len(parents)
        parents.append(-1)
        return len(parents) - 1

    for c in range(k):
        top[c] = join(groups[c].tolist())
    root = next((top[c] for c in range(k) if top[c] is not None), None)
    for t, pair in enumerate(merges):
        root = top[k + t] = join([top[n] for n in pair if top[n] is not None])
    parents[root] = root
    return parents


def paths(merges, k):
    """The number of edges between any two clusters in the tree, and the largest of them."""
    n = k + len(merges)
    above = [-1] * n
    for t, pair in enumerate(merges):
        for child in pair:
            above[child] = k + t
    lines = []
    for c in range(k):
        line = [c]
        while above[line[-1]] >= 0:
            line.append(above[line[-1]])
        lines.append(line)
    in_tree = [c for c in range(k) if above[c] >= 0]
    distances = np.zeros((k, k), int)
    for a in in_tree:
        place = {node: steps for steps, node in enumerate(lines[a])}
        for b in in_tree:
            distances[a, b] = next(s + place[node] for s, node in enumerate(lines[b]) if node in place)
    return distances, distances.max()


def figures(merges, k, assignments, labels):
    """The figures of samples in clusters 0..<k, with labels from 0 on."""
    assignments, labels = np.asarray(assignments), np.asarray(labels)
    table = np.zeros((k, labels.max() + 1), int)
    np.add.at(table, (assignments, labels), 1)
    rows, columns = linear_sum_assignment(table, maximize=True)
    same = labels[:, None] == labels[None, :]
    apart = same & (assignments[:, None] != assignments[None, :])
    distances, diameter = paths(merges, k)
    result = {
        "accuracy": table[rows, columns].sum() / len(labels),
        "nmi": normalized_mutual_info_score(labels, assignments),
        "ari": adjusted_rand_score(labels, assignments),
        "leafPurity": table.max(1).sum() / len(labels),
    }
    if np.triu(same, 1).any():
        # Higra wants 64-bit parents, and a tree of more than one node.
        tree = hg.Tree(np.array(expanded(merges, k, assignments), np.int64))
        result["dendrogramPurity"] = float(hg.dendrogram_purity(tree, labels.astype(np.int64)))
    if apart.any():
        mean = distances[assignments[:, None], assignments[None, :]][apart].mean()
        result["leastHierarchicalDistance"] = mean / diameter
    return {name: float(value) for name, value in result.items()}
