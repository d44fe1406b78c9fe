/** Another tree beside this one, its root on the right: a tanglegram. Clusters of the same name are joined by lines. */
class Beside {
  constructor(explorer) {
    const { beside, palette } = explorer.data;
    this.explorer = explorer;
    this.tree = explorer.tree;
    this.name = beside.store;
    const { names, samples, lowest, partner } = beside;
    this.other = new Tree({
      clusters: { names, samples, probability: [] }, palette,
      merges: { lowest, partner, nearTies: [], strength: "3".repeat(lowest.length), typical: [] },
    });
    this.match();
    this.findShared();
    this.arrange();
  }

  /** Which leaf is which: the first of a name in each tree; −1 for those that the other tree does not have. */
  match() {
    const { tree, other } = this;
    const places = new Map();
    for (const leaf of other.leaves) if (!places.has(other.names[leaf])) places.set(other.names[leaf], leaf);
    this.there = new Int32Array(tree.clusterCount).fill(-1);
    this.here = new Int32Array(other.clusterCount).fill(-1);
    for (const leaf of tree.leaves) {
      const found = places.get(tree.names[leaf]);
      if (found === undefined || this.here[found] >= 0) continue;
      this.there[leaf] = found;
      this.here[found] = leaf;
    }
    this.matched = this.there.reduce((count, found) => count + (found >= 0), 0);
  }

  /** Which groups both trees have, by leaves that both have: found by sums of numbers that stand for leaves. */
  findShared() {
    const keys = (tree, leafKey) => {
      const [sums, counts] = [new Float64Array(tree.nodeCount), new Int32Array(tree.nodeCount)];
      for (let node = 0; node < tree.nodeCount; node++) {
        const key = tree.isLeaf(node) ? leafKey(node) : -1;
        if (key >= 0) [sums[node], counts[node]] = [this.spread(key), 1];
        for (const child of tree.children(node)) {
          sums[node] = (sums[node] + sums[child]) % 2 ** 52;
          counts[node] += counts[child];
        }
      }
      return { of: (node) => (counts[node] > 1 ? `${sums[node]} ${counts[node]}` : null) };
    };
    const [own, others] = [keys(this.tree, (leaf) => (this.there[leaf] < 0 ? -1 : leaf)), keys(this.other, (leaf) => this.here[leaf])];
    const all = (tree, known) => new Set([...Array(tree.nodeCount).keys()].map(known.of));
    const [inOwn, inOther] = [all(this.tree, own), all(this.other, others)];
    this.isShared = (node) => this.tree.isLeaf(node) || inOther.has(own.of(node));
    this.isSharedThere = (node) => this.other.isLeaf(node) || inOwn.has(others.of(node));
    this.sharedCount = [...inOwn].filter((key) => key !== null && inOther.has(key)).length;
  }

  /** A number of 52 bits for a leaf, so that sums of different sets hardly ever agree (SplitMix's finalizer, twice 26 bits). */
  spread(leaf) {
    const mixed = (seed) => {
      let value = Math.imul(leaf + 1, 0x9e3779b1) ^ seed;
      value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
      value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
      return ((value ^ (value >>> 16)) >>> 6) % 2 ** 26;
    };
    return mixed(0x243f6a88) * 2 ** 26 + mixed(0x13198a2e);
  }

  /** Turns the other tree's nodes so that as few lines cross as can be while this tree stays as it is. */
  arrange() {
    this.straighten(this.other, this.here, this.tree);
    this.layout = new Layout(this.other, () => true);
  }

  /** Turns nodes of the one tree and of the other in turns, until no fewer lines cross; `leave` has this tree as it was before. */
  enter() {
    this.before = [...this.tree.turned];
    this.tree.turn([]);
    this.arrange();
    let rounds = 0;
    while (rounds++ < 12 && this.straighten(this.tree, this.there, this.other)) this.straighten(this.other, this.here, this.tree);
    this.untangled = new Set(this.tree.turned);
    this.layout = new Layout(this.other, () => true);
  }

  leave() {
    this.tree.turn(this.before);
    this.arrange();
  }

  /**
   * Turns each node of a tree at which fewer lines cross then. Lines from leaves that meet at a node cross or don't by that
   * node alone, whatever others do, so the result is the best there is for the other tree's order.
   *
   * @param counterparts For each leaf that of the other tree; −1 for none.
   * @returns Whether a node was turned.
   */
  straighten(tree, counterparts, other) {
    const place = new Float64Array(other.clusterCount);
    other.leaves.forEach((leaf, index) => { place[leaf] = index; });
    const lines = new LineOrder([...tree.leaves].map((leaf) => (counterparts[leaf] < 0 ? Infinity : place[counterparts[leaf]])));
    const turned = new Set(tree.turned);
    let isChanged = false;
    for (let node = tree.clusterCount; node < tree.nodeCount; node++) {
      const [first, second] = tree.children(node);
      const [from, middle] = [tree.start[first], tree.start[second]];
      const { crossings, pairs } = lines.between(from, middle, middle + tree.size[second]);
      if (2 * crossings <= pairs) continue;
      isChanged = true;
      if (!turned.delete(node)) turned.add(node);
    }
    if (isChanged) tree.turn([...turned]);
    return isChanged;
  }

  /** What has become of a node's clusters in the other tree, in words. */
  text(node) {
    const { other } = this;
    const found = [...this.tree.members(node)].map((leaf) => this.there[leaf]).filter((leaf) => leaf >= 0);
    if (!found.length) return "not there";
    if (this.tree.isLeaf(node)) return "there too";
    const places = found.map((leaf) => other.start[leaf]);
    const last = other.leaves[places.reduce((a, b) => Math.max(a, b))];
    let common = other.leaves[places.reduce((a, b) => Math.min(a, b))];
    while (!other.contains(common, last)) common = other.parent[common];
    return this.isShared(node) ? "the same group"
      : `${Text.count(found.length, "cluster")} of it among ${Text.count(other.size[common])} of the smallest group that has all`;
  }

  // MARK: Drawing

  /** How wide the part of this tree is; on a phone more than that of the other, so that there are names. */
  ownWidth(width) { return Math.round(Math.max(width * 0.43, Math.min(width * 0.55, 200))); }
  namesWidth(width) { return Math.min(Math.max(width * 0.15, 56), 190); }

  colour(isShared) {
    const { theme } = this.explorer;
    return isShared ? theme.neutral : theme.accent;
  }

  /** Draws both, on the whole width; `painter` is that of this tree. `look` is what it is given. */
  draw(painter, look, width) {
    const { context, height } = painter;
    if (!look.isPicture) context.clearRect(painter.width, 0, width - painter.width, height);
    painter.draw({ ...look, strips: [], branchColour: (node) => Colours.css(this.colour(this.isShared(node))), strength: () => 1, thickness: () => 1 });
    const there = new Painter(context, this.other, painter.scale.leafCount === this.other.leafCount ? painter.scale : new GroupScale(this.other.leafCount));
    there.resize(width, height, 0, 0);
    const unit = (look.unit * look.layout.height) / this.layout.height;
    // Where there is no room for names, the lines go on to the tree.
    const names = unit >= smallestNamed ? this.namesWidth(width) : 0;
    there.right = Math.max(Math.min(painter.width, width * 0.43) - names - 52, 40);
    there.view = {
      ...look, layout: this.layout, unit, y: (node) => this.layout.y[node],
      branchColour: (node) => Colours.css(this.colour(this.isSharedThere(node))), strength: () => 1, thickness: () => 1, hovered: -1, selected: -1,
    };
    context.save();
    context.translate(width, 0);
    context.scale(-1, 1);
    there.drawBranches();
    context.restore();
    this.drawLines(painter, there, width - there.right - 8 - names, width, look);
    this.drawHead(painter, there, width, look);
  }

  /** The lines from names to names, those of what is selected on top; and the names of the other tree. */
  drawLines(painter, there, right, width, { y, theme, selected, hovered, colour }) {
    const { context } = painter;
    const [left, bend] = [painter.width - 2, (right - painter.width) / 2];
    const marked = (leaf) => [selected, hovered].some((node) => node >= 0 && node !== this.tree.root && this.tree.contains(node, leaf));
    const row = there.view.unit;
    context.font = row >= 12 ? labelFont : labelFont.replace("12px", `${Math.max(row, 6)}px`);
    context.textBaseline = "middle";
    context.textAlign = "left";
    for (const isMarked of [false, true]) {
      for (const leaf of this.other.leaves) {
        const own = this.here[leaf];
        if ((own >= 0 && marked(own)) !== isMarked) continue;
        const toY = there.screenY(this.layout.y[leaf]);
        const fromY = own < 0 ? toY : painter.screenY(y(own));
        if (toY >= axisHeight - row && toY <= painter.height + row && row >= smallestNamed) {
          context.fillStyle = Colours.css(isMarked ? theme.accent : own < 0 ? theme.faint : theme.ink);
          context.fillText(painter.fitted(this.other.names[leaf], this.namesWidth(width)), right + 6, toY);
        }
        if (own < 0 || Math.max(fromY, toY) < axisHeight || Math.min(fromY, toY) > painter.height) continue;
        context.strokeStyle = isMarked ? Colours.css(theme.accent) : colour(own, 0.55);
        context.lineWidth = isMarked ? 2 : Math.min(1.2, row / 4 + 0.3);
        context.beginPath();
        context.moveTo(left, fromY);
        context.bezierCurveTo(left + bend, fromY, right - bend, toY, right, toY);
        context.stroke();
      }
    }
  }

  drawHead(painter, there, width, { theme }) {
    const { context } = painter;
    context.fillStyle = Colours.css(theme.background, 0.94);
    context.fillRect(painter.width, 0, width - painter.width, axisHeight - 1);
    context.font = strongFont;
    context.fillStyle = Colours.css(theme.ink);
    context.textBaseline = "middle";
    context.textAlign = "right";
    const name = painter.fitted(this.name, width * 0.3);
    const end = width - 18 - context.measureText(name).width - 10;
    context.fillText(name, width - 18, badgeY);
    context.font = smallFont;
    context.fillStyle = Colours.css(theme.faint);
    const shared = `${Text.count(this.sharedCount)} of ${Text.count(this.tree.merges.lowest.length, "group")} in both`;
    context.fillText(painter.fitted(shared, end - painter.width), end, badgeY);
    context.textAlign = "center";
    there.drawTicks((x) => width - x);
    context.textAlign = "left";
  }

  /** The leaf of this tree that is drawn at a height of the other one; −1 for none. */
  leafAt(y, height) {
    const leaf = this.layout.tips[this.layout.tipIndex((y * this.layout.height) / height)];
    return leaf === undefined ? -1 : this.here[leaf];
  }
}

/** Where lines go that begin one below the other, so that crossings of neighbouring runs of them are counted quickly. */
class LineOrder {
  /** `ends` are where they go, in the order of where they begin; infinity for none. */
  constructor(ends) {
    /** The ends in sorted blocks of 1, 2, 4, … */
    this.levels = [Float64Array.from(ends)];
    for (let length = 2; length <= ends.length; length *= 2) {
      const level = this.levels.at(-1).slice();
      for (let at = 0; at + length <= ends.length; at += length) level.subarray(at, at + length).sort();
      this.levels.push(level);
    }
    this.known = new Int32Array(ends.length + 1);
    ends.forEach((end, index) => { this.known[index + 1] = this.known[index] + (end < Infinity ? 1 : 0); });
  }

  /** How many of a run of lines go higher than a place. */
  above(from, to, place) {
    let count = 0;
    for (let at = from; at < to;) {
      let level = 0;
      while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= to) level++;
      const block = this.levels[level];
      let [low, high] = [at, at + 2 ** level];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (block[middle] < place) low = middle + 1;
        else high = middle;
      }
      count += low - at;
      at += 2 ** level;
    }
    return count;
  }

  /** How many lines cross, of those from two neighbouring runs, and how many pairs of them there are. */
  between(from, middle, to) {
    const [first, second] = [this.known[middle] - this.known[from], this.known[to] - this.known[middle]];
    let crossings = 0;
    const ends = this.levels[0];
    // Those of the shorter run are looked up among the others.
    if (middle - from <= to - middle) {
      for (let at = from; at < middle; at++) if (ends[at] < Infinity) crossings += this.above(middle, to, ends[at]);
    } else {
      for (let at = middle; at < to; at++) if (ends[at] < Infinity) crossings += first - this.above(from, middle, ends[at]);
    }
    return { crossings, pairs: first * second };
  }
}
