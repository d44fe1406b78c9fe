/**
 * Where the part of the tree that is open is drawn. Tips (leaves, and nodes that are collapsed) take rows, as high as
 * they have clusters, in units that zooming scales; a node is between its children.
 */
class Layout {
  constructor(tree, isOpen) {
    this.tree = tree;
    /** The nodes to draw, parents before children. */
    this.nodes = [];
    this.tips = [];
    /** The first and the last tip below a node, by its id. */
    this.firstTip = new Int32Array(tree.nodeCount).fill(-1);
    this.lastTip = new Int32Array(tree.nodeCount).fill(-1);
    this.y = new Float64Array(tree.nodeCount);
    /** The upper edge of each tip's row, and the end of the last. */
    this.edges = [0];
    this.place(isOpen);
  }

  place(isOpen) {
    const { tree } = this;
    const stack = [tree.root];
    while (stack.length) {
      const node = stack.pop();
      this.nodes.push(node);
      if (!tree.isLeaf(node) && isOpen(node)) {
        stack.push(tree.second[node], tree.first[node]);
        continue;
      }
      this.firstTip[node] = this.lastTip[node] = this.tips.length;
      const top = this.edges[this.tips.length];
      const height = 1 + 0.4 * Math.log2(tree.size[node]);
      this.edges.push(top + height);
      this.y[node] = top + height / 2;
      this.tips.push(node);
    }
    for (let index = this.nodes.length - 1; index >= 0; index--) {
      const node = this.nodes[index];
      if (this.isTip(node)) continue;
      const [first, second] = tree.children(node);
      this.firstTip[node] = this.firstTip[first];
      this.lastTip[node] = this.lastTip[second];
      this.y[node] = (this.y[first] + this.y[second]) / 2;
    }
  }

  get height() {
    return this.edges[this.tips.length];
  }

  has(node) {
    return this.firstTip[node] >= 0;
  }

  isTip(node) {
    return this.has(node) && this.tips[this.firstTip[node]] === node;
  }

  top(node) {
    return this.edges[this.firstTip[node]];
  }

  bottom(node) {
    return this.edges[this.lastTip[node] + 1];
  }

  /** The tip whose row is at a height; the nearest, if none is. */
  tipIndex(y) {
    let [low, high] = [0, this.tips.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.edges[middle] <= y) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/**
 * The horizontal axis: how many groups there are, from 1 at the root to all leaves. Between a logarithm and a root, so
 * that the few merges near the root and the many near the leaves both have room. From 0 to 1.
 */
class GroupScale {
  constructor(leafCount) {
    this.leafCount = leafCount;
  }

  place(groups) {
    if (this.leafCount < 2) return 0.5;
    const part = Math.max(groups - 1, 0) / (this.leafCount - 1);
    return (Math.log(Math.max(groups, 1)) / Math.log(this.leafCount) + Math.sqrt(part)) / 2;
  }

  /** The number of groups at a place, by bisection. */
  groups(place) {
    let [low, high] = [1, this.leafCount];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.place(middle) <= place) low = middle;
      else high = middle;
    }
    return place - this.place(low) < this.place(high) - place ? low : high;
  }

  ticks() {
    const ticks = [];
    for (let decade = 1; decade <= this.leafCount; decade *= 10) {
      for (const factor of [1, 2, 5]) {
        if (factor * decade < this.leafCount) ticks.push(factor * decade);
      }
    }
    return [...ticks, this.leafCount];
  }
}
