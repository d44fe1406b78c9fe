/**
 * The hierarchy, as arrays over its nodes. Clusters are nodes 0 to K − 1, the t-th merge makes node K + t, so a node's
 * id is larger than those below it: going through ids downwards meets parents first, upwards children first. Nothing
 * here recurses.
 */
class Tree {
  constructor({ clusters, merges, support, heights, palette }) {
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
    this.placeLeaves();
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

  /** A leaf's name; of a group, those of its most typical members, and how many more there are. */
  label(node) {
    if (this.isLeaf(node)) return this.names[node];
    const rest = this.size[node] - 3;
    const names = this.mostTypical(node).map((cluster) => isolated(this.names[cluster])).join(" / ");
    return rest > 0 ? `${names} +${rest}` : names;
  }

  /** The nodes that are left when the last merges are undone until there are `count`, in the tree's order. */
  cut(count) {
    const isAbove = (node) => this.groupsAt(node) < count;
    const nodes = [];
    for (let node = this.nodeCount - 1; node >= 0; node--) {
      if (this.isInTree(node) && !isAbove(node) && (node === this.root || isAbove(this.parent[node]))) nodes.push(node);
    }
    nodes.sort((a, b) => this.start[a] - this.start[b]);
    const groupOf = new Int32Array(this.nodeCount).fill(-1);
    nodes.forEach((node, group) => { groupOf[node] = group; });
    for (let node = this.nodeCount - 1; node >= 0; node--) {
      if (groupOf[node] < 0 && this.parent[node] >= 0) groupOf[node] = groupOf[this.parent[node]];
    }
    return { count, nodes, groupOf };
  }
}
