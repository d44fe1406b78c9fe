"""Mistakes weighed by a tree, prediction by prediction and by the definitions, from each leaf's list of ancestors."""

import csv


class Tree:
    """A tree as the parent of each node (-1 of the root), with the height at which each node appears when it is cut."""

    def __init__(self, parents, cut_heights, leaf_of_cluster):
        self.parents, self.cut_heights = list(parents), list(cut_heights)
        # A cluster that the tree has not hangs right below the root.
        self.strangers = [c for c, leaf in enumerate(leaf_of_cluster) if leaf is None]
        root = self.parents.index(-1)
        if self.strangers and not any(p == root for p in self.parents):
            self.parents[root] = root = len(self.parents)
            self.parents.append(-1)
            self.cut_heights.append(1)
        self.leaf_of_cluster = list(leaf_of_cluster)
        for cluster in self.strangers:
            self.leaf_of_cluster[cluster] = len(self.parents)
            self.parents.append(root)
            self.cut_heights.append(0)
        self.paths = [self.path(node) for node in range(len(self.parents))]
        inner = set(self.parents)
        leaves = [node for node in range(len(self.parents)) if node not in inner]
        self.heights = [0] * len(self.parents)
        self.clusters = [0] * len(self.parents)
        for leaf in leaves:
            for steps, node in enumerate(self.paths[leaf]):
                self.heights[node] = max(self.heights[node], steps)
        for leaf in self.leaf_of_cluster:
            for node in self.paths[leaf]:
                self.clusters[node] += 1

    def path(self, node):
        """A node and all above it, up to the root."""
        path = [node]
        while self.parents[path[-1]] >= 0:
            path.append(self.parents[path[-1]])
        return path

    def meeting(self, first, second):
        above = set(self.paths[first])
        return next(node for node in self.paths[second] if node in above)

    def group(self, leaf, height):
        """The group of a leaf if the tree is cut at a height."""
        return [node for node in self.paths[leaf] if self.cut_heights[node] <= height][-1]


def nearest(tree, cluster, label_leaves):
    """The leaf of a label that a cluster's leaf meets lowest; of equals the first."""
    leaf = tree.leaf_of_cluster[cluster]
    return max(label_leaves, key=lambda other: len(tree.paths[tree.meeting(leaf, other)]))


def weigh(tree, predictions, levels):
    """The figures of pairs of a cluster and its label's leaves."""
    pairs = [(tree.leaf_of_cluster[c], nearest(tree, c, leaves)) for c, leaves in predictions]
    meetings = [tree.meeting(a, b) for a, b in pairs]
    n = len(pairs)
    wrong = [m for m, (a, b) in zip(meetings, pairs) if a != b]
    ancestors = lambda leaf: set(tree.paths[leaf][:-1])
    shared = sum(len(ancestors(a) & ancestors(b)) for a, b in pairs)
    predicted, true = (sum(len(ancestors(pair[side])) for pair in pairs) for side in (0, 1))
    precision, recall = (shared / total if total else 1.0 for total in (predicted, true))
    mean = lambda values: sum(values) / len(values) if values else None
    return {
        "count": n,
        "accuracy": 1 - len(wrong) / n,
        "meanHeight": mean([tree.heights[m] for m in meetings]),
        "meanHeightOfMistakes": mean([tree.heights[m] for m in wrong]),
        "meanClusters": mean([tree.clusters[m] for m in meetings]),
        "meanCutHeight": mean([tree.cut_heights[m] for m in meetings]),
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        "levels": [mean([tree.group(a, h) == tree.group(b, h) for a, b in pairs]) for h in levels],
    }


def figures(tree, leaves_of_label, labels, ranked, levels):
    """What is told of rows with a label each, and clusters in the order of their logits; the first is the row's own."""
    rows = [(label, clusters) for label, clusters in zip(labels, ranked) if leaves_of_label[label]]
    top = [(clusters[0], leaves_of_label[label]) for label, clusters in rows]
    best = []
    for label, clusters in rows:
        leaves = leaves_of_label[label]
        depth = lambda c: len(tree.paths[tree.meeting(tree.leaf_of_cluster[c], nearest(tree, c, leaves))])
        best.append((max(clusters, key=depth), leaves))
    every = [(cluster, leaves_of_label[label]) for label, clusters in rows for cluster in clusters]
    classes = []
    for label in sorted({label for label, _ in rows}):
        own = [clusters[0] for other, clusters in rows if other == label]
        figure = weigh(tree, [(c, leaves_of_label[label]) for c in own], levels)
        wrong = [c for c in own if tree.leaf_of_cluster[c] not in leaves_of_label[label]]
        figure["label"] = label
        figure["mistakenFor"] = min(set(wrong), key=lambda c: (-wrong.count(c), c)) if wrong else None
        classes.append(figure)
    classes.sort(key=lambda figure: (-figure["meanHeight"], figure["label"]))
    return {"first": weigh(tree, top, levels), "nearest": weigh(tree, best, levels),
            "ranked": weigh(tree, every, levels), "classes": classes, "unknown": len(labels) - len(rows)}


def of_merges(clusters, samples, merges):
    """A store's own tree: clusters are nodes, and merges the others. Clusters without samples are not in it."""
    parents = [-1] * (clusters + len(merges))
    for t, pair in enumerate(merges):
        for child in pair:
            parents[child] = clusters + t
    # Leave out what is not in the tree, and number the others anew.
    kept = [node for node in range(len(parents)) if node >= clusters or samples[node] > 0]
    number = {node: index for index, node in enumerate(kept)}
    return Tree(
        [number.get(parents[node], -1) for node in kept], [max(0, node - clusters + 1) for node in kept],
        [number.get(cluster) for cluster in range(clusters)])


def of_taxonomy(path, names):
    """A table of classes and the groups they are in, the finest first, in which no field is empty."""
    with open(path) as file:
        header, *rows = csv.reader(file)
    number = {(): 0}
    parents, cut_heights = [-1], [len(header)]
    for row in rows:
        for column in reversed(range(len(row))):
            node = (column, row[column])
            if node not in number:
                above = (column + 1, row[column + 1]) if column + 1 < len(row) else ()
                number[node] = len(parents)
                parents.append(number[above])
                cut_heights.append(column)
    # A root with one child says nothing.
    while parents.count(parents.index(-1)) == 1:
        root = parents.index(-1)
        parents[parents.index(root)] = -1
        parents[root] = -2
    kept = [node for node in range(len(parents)) if parents[node] != -2]
    anew = {node: index for index, node in enumerate(kept)} | {-1: -1}
    leaves = {row[0]: anew[number[(0, row[0])]] for row in rows}
    tree = Tree([anew[parents[node]] for node in kept], [cut_heights[node] for node in kept],
                [leaves.get(name) for name in names])
    return tree, leaves
