/**
 * The hierarchy, as arrays over its nodes. Clusters are nodes 0 to K − 1, the t-th merge makes node K + t, so a node's
 * id is larger than those below it: going through ids downwards meets parents first, upwards children first. Nothing
 * here recurses.
 */
class Tree {
  constructor({ clusters, merges, support, heights, palette, terms }) {
    const leafIds = [...clusters.samples.keys()].filter((c) => clusters.samples[c] > 0);
    const clusterCount = clusters.names.length;
    const nodeCount = clusterCount + merges.lowest.length;
    this.clusterCount = clusterCount;
    this.nodeCount = nodeCount;
    this.leafCount = leafIds.length;
    this.root = merges.lowest.length ? nodeCount - 1 : leafIds[0];
    this.names = clusters.names;
    this.probability = clusters.probability;
    this.merges = merges;
    /** Support of merges' nodes, and their heights on a scale other than that of steps, as columns; undefined for none. */
    this.support = support;
    this.opacities = palette.opacities;
    this.heights = heights;
    /** What a taxonomy calls the nodes, as columns; undefined without one. */
    this.terms = terms;
    this.namesTerms = terms !== undefined;
    this.nearTies = new Set(merges.nearTies);
    this.parent = new Int32Array(nodeCount).fill(-1);
    this.first = new Int32Array(nodeCount).fill(-1);
    this.second = new Int32Array(nodeCount).fill(-1);
    this.size = new Int32Array(nodeCount).fill(1);
    this.samples = new Float64Array(nodeCount);
    this.samples.set(clusters.samples);
    for (let node = clusterCount; node < nodeCount; node++) {
      const pair = [merges.lowest[node - clusterCount], merges.partner[node - clusterCount]];
      const [first, second] = pair[0] < pair[1] ? pair : pair.reverse();
      this.first[node] = first;
      this.second[node] = second;
      this.parent[first] = this.parent[second] = node;
      this.size[node] = this.size[first] + this.size[second];
      this.samples[node] = this.samples[first] + this.samples[second];
    }
    /** The nodes whose children are the other way round than they were made. */
    this.turned = new Set();
    this.placeLeaves();
    /** The order that the tree came in, which is that of the matrix. */
    this.given = { start: this.start, leaves: this.leaves };
  }

  /** The leaves in the tree's order, and for each node the place of its first leaf and its depth. */
  placeLeaves() {
    this.start = new Int32Array(this.nodeCount);
    this.depth = new Int32Array(this.nodeCount);
    this.leaves = new Int32Array(this.leafCount);
    for (let node = this.nodeCount - 1; node >= 0; node--) {
      if (this.parent[node] < 0 && node !== this.root) continue;
      if (this.isLeaf(node)) {
        this.leaves[this.start[node]] = node;
        continue;
      }
      const [first, second] = this.children(node);
      this.start[first] = this.start[node];
      this.start[second] = this.start[node] + this.size[first];
      this.depth[first] = this.depth[second] = this.depth[node] + 1;
    }
  }

  /** Up to three members of a node, the most typical first. */
  mostTypical(node) {
    if (this.isLeaf(node)) return [node];
    const first = 3 * (node - this.clusterCount);
    return this.merges.typical.slice(first, first + 3).filter((cluster) => cluster >= 0);
  }

  /** The members of a node, the most typical first, then the others in the tree's order. */
  typicalFirst(node) {
    const first = this.mostTypical(node);
    return [...first, ...[...this.members(node)].filter((cluster) => !first.includes(cluster))];
  }

  /** Has the children of these nodes, and of no others, the other way round. */
  turn(nodes) {
    for (const node of [...this.turned, ...nodes]) {
      [this.first[node], this.second[node]] = [this.second[node], this.first[node]];
    }
    this.turned = new Set(nodes);
    this.placeLeaves();
  }

  isLeaf(node) {
    return node < this.clusterCount;
  }

  isInTree(node) {
    return node === this.root || this.parent[node] >= 0;
  }

  children(node) {
    return this.isLeaf(node) ? [] : [this.first[node], this.second[node]];
  }

  /** The step that made a node; 0 for a leaf. */
  step(node) {
    return this.isLeaf(node) ? 0 : node - this.clusterCount + 1;
  }

  /** The height of a node, 0 to 1, on a scale other than that of steps. */
  height(node) {
    return this.isLeaf(node) ? 0 : this.heights.values[node - this.clusterCount];
  }

  /** The transfer support of a node that is no leaf, in percent. */
  supportOf(node) {
    return this.support.percent[node - this.clusterCount];
  }

  /** The class of that support, which has a colour; −1 for the root and leaves. */
  supportClass(node) {
    return this.isLeaf(node) || node === this.root ? -1 : Number(this.support.classes[node - this.clusterCount]);
  }

  /** How opaque the lines of a merge are: the less of what was reassigned went to the partner, the lighter. */
  strength(node) {
    return this.opacities[Number(this.merges.strength[node - this.clusterCount])];
  }

  /** How wide the lines of a merge are, for the same reason, as a part of the usual width. */
  thickness(node) {
    return strengthWidths[Number(this.merges.strength[node - this.clusterCount])];
  }

  /** How many groups there are once a node is made: 1 at the root, as many as leaves at the leaves. */
  groupsAt(node) {
    return this.leafCount - this.step(node);
  }

  /** The clusters below a node, in the tree's order. */
  members(node) {
    return this.leaves.subarray(this.start[node], this.start[node] + this.size[node]);
  }

  contains(node, other) {
    return this.start[node] <= this.start[other]
      && this.start[other] + this.size[other] <= this.start[node] + this.size[node];
  }

  /** From the root to a node, both included. */
  path(node) {
    const path = [];
    for (let at = node; at >= 0; at = this.parent[at]) path.push(at);
    return path.reverse();
  }

  /** The names of the most typical members of a node: of a leaf its own. */
  typicalNames(node) {
    return this.mostTypical(node).map((cluster) => (this.isLeaf(node) ? this.names[cluster] : isolated(this.names[cluster]))).join(" / ");
  }

  /** What a taxonomy calls a node, if names are to be its terms. */
  term(node) {
    return this.namesTerms ? this.termOf(node) : null;
  }

  /** What a taxonomy calls a node, and how well that fits; null if nothing does. */
  termOf(node) {
    if (!this.terms || this.isLeaf(node)) return null;
    const index = this.terms.index[node - this.clusterCount];
    if (index < 0) return null;
    const [leaves, total] = [this.terms.leaves[node - this.clusterCount], this.terms.totals[index]];
    return { name: this.terms.names[index], leaves, total, f1: (2 * leaves) / (this.size[node] + total) };
  }

  /** What stands where a node's size stands as well: its term, or its most typical members. */
  title(node) {
    const term = this.term(node);
    if (!term) return this.typicalNames(node);
    return this.twins.has(node) ? `${term.name} (${isolated(this.names[this.mostTypical(node)[0]])})` : term.name;
  }

  /** A leaf's name; of a group, its term and how well that fits, or its most typical members and how many more there are. */
  label(node) {
    const term = this.term(node);
    if (term) return `${this.title(node)}, ${Text.count(term.leaves)} of ${Text.count(this.size[node])}`;
    const rest = this.size[node] - 3;
    return !this.isLeaf(node) && rest > 0 ? `${this.typicalNames(node)} +${rest}` : this.typicalNames(node);
  }

  /** How many clusters a node has; with a term, how many of them are under it. */
  extent(node) {
    const term = this.term(node);
    const clusters = Text.count(this.size[node], "cluster");
    return term ? `${Text.count(term.leaves)} of ${clusters}` : clusters;
  }

  /** Finds the groups of a cut whose term is another's too: a typical member tells them apart. */
  findTwins(nodes) {
    const name = (node) => this.termOf(node)?.name;
    const counts = new Map();
    for (const node of nodes) counts.set(name(node), (counts.get(name(node)) ?? 0) + 1);
    this.twins = new Set(nodes.filter((node) => name(node) !== undefined && counts.get(name(node)) > 1));
  }

  /** The nodes that are left when the last merges are undone until there are `count`, in the tree's order. */
  cut(count) {
    const isAbove = (node) => this.groupsAt(node) < count;
    const nodes = [];
    for (let node = this.nodeCount - 1; node >= 0; node--) {
      if (this.isInTree(node) && !isAbove(node) && (node === this.root || isAbove(this.parent[node]))) nodes.push(node);
    }
    nodes.sort((a, b) => this.start[a] - this.start[b]);
    this.findTwins(nodes);
    const groupOf = new Int32Array(this.nodeCount).fill(-1);
    nodes.forEach((node, group) => { groupOf[node] = group; });
    for (let node = this.nodeCount - 1; node >= 0; node--) {
      if (groupOf[node] < 0 && this.parent[node] >= 0) groupOf[node] = groupOf[this.parent[node]];
    }
    return { count, nodes, groupOf };
  }
}
