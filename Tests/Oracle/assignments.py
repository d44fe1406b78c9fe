"""What `logitree assign` must give, in float64 and in memory, by the definition; and whether a file holds it.

Trees come from `export`: clusters and their samples from the JSON, merges from the CSV.
"""

import csv
import json

import h5py
import numpy as np

import oracle

TOLERANCE = 1e-6


class Tree:
    """A store's tree: the members of each node, and its children."""

    def __init__(self, json_path, csv_path):
        with open(json_path) as file:
            clusters = json.load(file)["clusters"]
        with open(csv_path) as file:
            merges = [(int(row["lowest"]), int(row["partner"])) for row in csv.DictReader(file)]
        self.names = [cluster["name"] for cluster in clusters]
        self.samples = [cluster["samples"] for cluster in clusters]
        self.k = len(clusters)
        self.leaves = [c for c in range(self.k) if self.samples[c] > 0]
        self.children = {self.k + t: sorted(pair) for t, pair in enumerate(merges)}
        self.root = self.k + len(merges) - 1 if merges else self.leaves[0]
        self.members = np.zeros((self.k + len(merges), self.k), bool)
        self.members[range(self.k), range(self.k)] = True
        for node, pair in self.children.items():
            self.members[node] = self.members[pair[0]] | self.members[pair[1]]
            self.samples.append(self.samples[pair[0]] + self.samples[pair[1]])

    def in_order(self, nodes):
        """Those of the nodes of a cut, depth first, the child with the smaller id first."""
        found, stack = [], [self.root]
        while stack:
            node = stack.pop()
            if node in nodes:
                found.append(node)
            else:
                stack += reversed(self.children[node])
        return found

    def cut(self, count):
        nodes = {self.root}
        for node in sorted(self.children, reverse=True)[: count - 1]:
            nodes.remove(node)
            nodes.update(self.children[node])
        return self.in_order(nodes)


def probabilities(logits, temperature):
    terms = np.exp((logits - logits.max(1, keepdims=True)) / temperature)
    return terms / terms.sum(1, keepdims=True)


def numbers(path, kind):
    """The rows of a file, as they are and as logits."""
    with h5py.File(path) as file:
        data = file["logits"][:].astype(np.float64)
    return data, oracle.as_logits(data, kind)


def check_groups(tree, result, data, logits, count, temperature):
    """What is wrong with the file of a cut into groups; None if nothing is."""
    nodes = tree.cut(count)
    group_of = np.full(tree.k, -1)
    for index, node in enumerate(nodes):
        group_of[tree.members[node]] = index
    outside = group_of < 0
    inside = np.where(outside, -np.inf, logits)
    # Of the numbers as they are: logarithms of two that differ may be the same.
    expected = group_of[np.where(outside, -np.inf, data).argmax(1)]
    expected[np.isneginf(inside.max(1))] = -1
    p = probabilities(logits, temperature)
    mass = np.stack([p[:, tree.members[node]].sum(1) for node in nodes], 1)
    mass = np.where(expected < 0, 0, mass[np.arange(len(p)), expected])
    with h5py.File(result) as file:
        if file["group"].dtype != np.int32 or file["probability"].dtype != np.float32:
            return "types are others"
        if not np.array_equal(file["group"][:], expected):
            return f"{(file['group'][:] != expected).sum()} rows are of other groups"
        error = abs(file["probability"][:] - mass).max()
        if not error <= TOLERANCE:
            return f"a probability is {error} off"
        if list(file["clusters/name"].asstr()) != tree.names or list(file["clusters/group"]) != list(group_of):
            return "the clusters are others"
        if list(file["groups/node"]) != nodes or list(file["groups/samples"]) != [tree.samples[n] for n in nodes]:
            return "the groups are others"
        if list(file["groups/clusters"]) != [tree.members[n].sum() for n in nodes]:
            return "the groups have other sizes"
        if len(file["groups/name"].asstr()[:]) != count or file.attrs["groups"] != count:
            return "names or attributes are others"
    return None


def check_nodes(tree, result, logits, confidence, temperature, outside=-1):
    """What is wrong with the file of nodes that reach a confidence; None if nothing is. Rows whose root does not are of
    `outside`.

    Where a probability is within the tolerance of the confidence, or children are of two that both may be gone to, either
    way is right; the probability must be that of the node there is.
    """
    p = probabilities(logits, temperature)
    mass = p @ tree.members.T
    with h5py.File(result) as file:
        found, probability = file["node"][:], file["probability"][:]
        if file["node"].dtype != np.int32 or file["probability"].dtype != np.float32:
            return "types are others"
        if file.attrs["confidence"] != confidence or len(file["nodes/name"]) != len(tree.members):
            return "attributes or nodes are others"
        if list(file["nodes/samples"]) != tree.samples:
            return "the nodes have other samples"
        parents = np.full(len(tree.members), -1)
        for node, pair in tree.children.items():
            parents[pair] = node
        if list(file["nodes/parent"]) != list(parents):
            return "the nodes have other parents"
    # The smallest of all nodes of the tree that reach the confidence.
    sizes = np.where(tree.members[:, tree.leaves].any(1), tree.members.sum(1), np.inf)
    reaching = np.where(mass >= confidence, sizes, np.inf)
    deepest = np.where(np.isinf(reaching.min(1)), outside, reaching.argmin(1))
    for row, (m, node) in enumerate(zip(mass, found)):
        expected, doubtful = (tree.root if m[tree.root] >= confidence else outside), abs(m[tree.root] - confidence) <= TOLERANCE
        while expected in tree.children:
            first, second = tree.children[expected]
            larger = first if m[first] >= m[second] else second
            if m[tree.root] < confidence:
                break
            doubtful |= abs(m[larger] - confidence) <= TOLERANCE
            doubtful |= m[larger] >= confidence - TOLERANCE and abs(m[first] - m[second]) <= TOLERANCE
            if m[larger] < confidence:
                break
            expected = larger
        if node != expected and not doubtful:
            return f"row {row} is of node {node}, not {expected}"
        if node not in (-1, outside) and m[node] < confidence - TOLERANCE:
            return f"row {row} is of node {node}, which has {m[node]}"
        if abs(m[node if node >= 0 else tree.root] - probability[row]) > TOLERANCE:
            return f"the probability of row {row} is off"
        if confidence > 0.5 and not doubtful and deepest[row] != node:
            return f"row {row} is of node {node}, and {deepest[row]} reaches as much"
    return None
