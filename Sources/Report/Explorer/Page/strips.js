const stripGap = 3;
/** What is known of clusters from elsewhere, as a column of colours or bars beside the tree: categories, or numbers. */
class Strip {
  /** `values` are indices in `labels`, or `numbers` figures; one for each cluster, −1 or null for none. */
  constructor({ name, labels, values, numbers, isBar = false }, tree) {
    Object.assign(this, { name, labels, values, numbers, tree, isBar });
    if (numbers) this.findRange();
    else this.rankLabels();
  }

  findRange() {
    const known = [...this.tree.leaves].map((leaf) => this.numbers[leaf]).filter((number) => number !== null);
    this.low = known.reduce((low, number) => Math.min(low, number), Infinity);
    this.high = known.reduce((high, number) => Math.max(high, number), -Infinity);
  }

  /** The labels by how many leaves have them, the most frequent first: in this order they get colours. */
  rankLabels() {
    this.counts = new Int32Array(this.labels.length);
    for (const leaf of this.tree.leaves) if (this.values[leaf] >= 0) this.counts[this.values[leaf]]++;
    this.ranked = [...this.labels.keys()].filter((label) => this.counts[label] > 0)
      .sort((a, b) => this.counts[b] - this.counts[a] || a - b);
    this.rank = new Int32Array(this.labels.length).fill(-1);
    this.ranked.forEach((label, rank) => { this.rank[label] = rank; });
  }

  get width() { return this.isBar ? 34 : 11; }

  /** Where a number is between the lowest and the highest; bars of numbers that are not negative begin at 0. */
  part(number) {
    const low = this.isBar ? Math.min(this.low, 0) : this.low;
    return this.high > low ? (number - low) / (this.high - low) : 1;
  }

  setTheme(theme) {
    this.theme = theme;
    this.scale = theme.heat.slice(1);
    this.styles = this.labels?.map((_, label) => Colours.css(this.labelColour(label)));
  }

  labelColour(label) {
    const rank = this.rank[label];
    return this.theme.categories[rank] ?? this.theme.other;
  }

  /** The colour of a leaf's cell, as CSS; null for none. */
  style(leaf) {
    if (!this.numbers) return this.values[leaf] < 0 ? null : this.styles[this.values[leaf]];
    const number = this.numbers[leaf];
    if (number === null) return null;
    return Colours.css(this.isBar ? this.theme.groups[1] : this.colourOf(number));
  }

  colourOf(number) {
    return Colours.onScale(this.scale, Math.round(this.part(number) * 40) / 40);
  }

  /** How much of the strip's width a leaf's cell takes. */
  length(leaf) {
    return this.isBar ? Math.max(this.part(this.numbers[leaf]), 0.03) : 1;
  }

  /** What is known of a cluster: a label or a number; null for nothing. */
  value(cluster) {
    return this.numbers ? this.numbers[cluster] : this.labels[this.values[cluster]] ?? null;
  }

  /** What there is to say of a node in words; null if nothing is known. */
  text(node) {
    return this.numbers ? this.numberText(node) : this.labelText(node);
  }

  numberText(node) {
    const known = [...this.tree.members(node)].map((leaf) => this.numbers[leaf]).filter((number) => number !== null);
    if (!known.length) return null;
    const mean = Text.figure(known.reduce((sum, number) => sum + number, 0) / known.length);
    return this.tree.isLeaf(node) ? mean : `mean ${mean} of ${Text.count(known.length, "cluster")}`;
  }

  labelText(node) {
    const counts = new Map();
    for (const leaf of this.tree.members(node)) {
      if (this.values[leaf] >= 0) counts.set(this.values[leaf], (counts.get(this.values[leaf]) ?? 0) + 1);
    }
    if (!counts.size) return null;
    const [label, count] = [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best));
    return this.tree.isLeaf(node)
      ? this.labels[label] : `${isolated(this.labels[label])} · ${Text.count(count)} of ${Text.count(this.tree.size[node])}`;
  }

  /** The colour of a node: that of the label that all its leaves have; neutral if they differ. */
  nodeColour(node) {
    this.common ??= this.findCommon();
    if (this.numbers) return Number.isNaN(this.common[node]) ? this.theme.neutral : this.colourOf(this.common[node]);
    return this.common[node] < 0 ? this.theme.neutral : this.labelColour(this.common[node]);
  }

  /** For each node the label of all its leaves, −1 for none and −2 for several; or the mean of their numbers. */
  findCommon() {
    const { tree } = this;
    if (this.numbers) return this.findMeans();
    const common = new Int32Array(tree.nodeCount).fill(-1);
    for (let node = 0; node < tree.nodeCount; node++) {
      if (tree.isLeaf(node)) common[node] = this.values[node];
      else {
        const [first, second] = tree.children(node).map((child) => common[child]);
        common[node] = first === second || second === -1 ? first : first === -1 ? second : -2;
      }
    }
    return common;
  }

  findMeans() {
    const { tree } = this;
    const [sums, counts] = [new Float64Array(tree.nodeCount), new Float64Array(tree.nodeCount)];
    for (let node = 0; node < tree.nodeCount; node++) {
      if (tree.isLeaf(node)) [sums[node], counts[node]] = this.numbers[node] === null ? [0, 0] : [this.numbers[node], 1];
      for (const child of tree.children(node)) [sums[node], counts[node]] = [sums[node] + sums[child], counts[node] + counts[child]];
    }
    return sums.map((sum, node) => sum / counts[node]);
  }

  /** What its colours stand for, or its bars: swatches and words, the most frequent first, or the ends of a scale. */
  legend(isBar = false) {
    const most = 12;
    if (isBar) {
      const words = `bars from ${Text.figure(Math.min(this.low, 0))} to ${Text.figure(this.high)}`;
      return { keys: [{ name: words, colour: this.theme.groups[1] }], rest: 0 };
    }
    if (this.numbers) return { ends: [Text.figure(this.low), Text.figure(this.high)], scale: this.scale, keys: [], rest: 0 };
    const keys = this.ranked.slice(0, most).map((label) => ({ name: this.labels[label], colour: this.labelColour(label) }));
    return { keys, rest: this.ranked.length - keys.length };
  }
}

/** The strips there are, and which of them are shown. */
class StripSet {
  constructor(explorer) {
    const { tree, data, labellings } = explorer;
    const all = (data.annotations ?? []).map((column) => ({ ...column, isShown: true }));
    const leaves = (values) => values.slice(0, tree.clusterCount);
    for (const { name, labels, majority, purity } of labellings) {
      all.push({ name: `majority of ${name}`, labels, values: leaves(majority) });
      all.push({ name: `purity of ${name}`, numbers: leaves(purity) });
    }
    all.push({ name: "mean probability", numbers: tree.probability });
    this.all = all.map((column) => Object.assign(new Strip(column, tree), { isShown: column.isShown === true }));
    this.annotations = this.all.slice(0, data.annotations?.length ?? 0);
    this.all = this.all.filter((strip) => strip.numbers ? strip.low <= strip.high : strip.ranked.length);
    this.explorer = explorer;
    this.update();
  }

  /** The strips in view, each with a mark that the legend has too. */
  update() {
    for (const strip of this.all) strip.setTheme(this.explorer.theme);
    this.shown = this.all.filter((strip) => strip.isShown);
    this.shown.forEach((strip, index) => { strip.mark = String(index + 1); });
    this.width = this.shown.reduce((width, strip) => width + strip.width + stripGap, 0);
  }

  /** A box to tick for each strip; numbers are colours or bars. */
  fill(list) {
    list.replaceChildren(...this.all.map((strip) => {
      const box = element("input", { type: "checkbox" });
      box.checked = strip.isShown;
      box.addEventListener("change", () => this.change(() => { strip.isShown = box.checked; }));
      const row = element("li", {}, element("label", {}, box, ` ${strip.name}`));
      if (strip.numbers) {
        const bars = element("input", { type: "checkbox", "aria-label": `${strip.name} as bars` });
        bars.checked = strip.isBar;
        bars.addEventListener("change", () => this.change(() => { strip.isBar = bars.checked; strip.isShown = box.checked = true; }));
        row.append(element("label", { class: "facts" }, bars, " bars"));
      }
      return row;
    }));
  }

  change(act) {
    act();
    this.update();
    this.explorer.changeStrips();
  }
}
