/**
 * Rectangles of areas in proportion to sizes, as near to squares as can be: Bruls, Huizing and van Wijk, "Squarified Treemaps"
 * (2000). `sizes` fall; the result has [x, y, width, height] for each.
 */
function squarified(sizes, [left, top, wide, high]) {
  const boxes = [];
  const scale = (wide * high) / Math.max(sizes.reduce((sum, size) => sum + size, 0), Number.MIN_VALUE);
  const areas = sizes.map((size) => size * scale);
  /** The worst ratio of sides of a row with this sum along a side, of areas between these. */
  const worst = (sum, least, most, side) => Math.max((side * side * most) / (sum * sum), (sum * sum) / (side * side * least));
  let [x, y, width, height] = [left, top, wide, high];
  for (let first = 0; first < areas.length;) {
    const side = Math.min(width, height);
    let [last, sum] = [first + 1, areas[first]];
    while (last < areas.length && areas[last] > 0
      && worst(sum + areas[last], areas[last], areas[first], side) <= worst(sum, areas[last - 1], areas[first], side)) sum += areas[last++];
    const depth = side > 0 ? Math.min(sum / side, Math.max(width, height)) : 0;
    let along = 0;
    for (; first < last; first++) {
      const length = depth > 0 ? areas[first] / depth : 0;
      boxes.push(width >= height ? [x, y + along, depth, length] : [x + along, y, length, depth]);
      along += length;
    }
    if (width >= height) [x, width] = [x + depth, width - depth];
    else [y, height] = [y + depth, height - depth];
  }
  return boxes;
}

/** The groups of the cut as a treemap: how large each is, in samples or clusters, and its clusters within. */
class SizesPanel {
  constructor(explorer) {
    this.explorer = explorer;
    this.canvas = document.getElementById("treemap");
    this.readout = document.getElementById("sizes-readout");
    this.hint = "Point at a group; a click selects it. Arrow keys go from group to group.";
    this.choice = document.getElementById("overview");
    this.measure = "samples";
    this.at = -1;
    const canvas = this.canvas;
    this.choice.addEventListener("change", () => {
      this.show(this.choice.value === "affinity" ? "" : this.choice.value);
      explorer.changed();
    });
    canvas.addEventListener("pointermove", (event) => this.point(this.groupAt(event)));
    canvas.addEventListener("pointerleave", () => this.leave());
    canvas.addEventListener("blur", () => this.leave());
    canvas.addEventListener("click", (event) => this.choose(this.groupAt(event)));
    canvas.addEventListener("keydown", (event) => this.press(event));
    new ResizeObserver(() => this.redraw()).observe(canvas);
    if (!explorer.data.affinity) this.choice.querySelector("[value=affinity]").remove();
    this.show(explorer.data.affinity ? "" : "samples");
  }

  get isShown() { return !document.getElementById("sizes-view").hidden; }

  /** Shows sizes by a measure, or, for none, the matrix. */
  show(measure) {
    const isShown = measure === "samples" || measure === "clusters" || !this.explorer.data.affinity;
    if (isShown) this.measure = measure === "clusters" ? "clusters" : "samples";
    this.choice.value = isShown ? this.measure : "affinity";
    document.getElementById("sizes-view").hidden = !isShown;
    document.getElementById("affinity-view").hidden = isShown;
    document.getElementById("affinity-legend").hidden = isShown;
    this.leave();
    this.update();
    this.explorer.matrix?.redraw();
  }

  size(node) { return this.measure === "clusters" ? this.explorer.tree.size[node] : this.explorer.tree.samples[node]; }

  update() {
    this.boxes = null;
    this.redraw();
  }

  updateSelection() { this.redraw(); }

  redraw() { if (this.isShown) this.frame ??= requestAnimationFrame(() => this.draw()); }

  /** The groups from large to small, with their boxes. */
  place(width, height) {
    if (this.boxes?.width === width && this.boxes.height === height) return;
    const { cut } = this.explorer;
    const order = [...cut.nodes.keys()].sort((a, b) => this.size(cut.nodes[b]) - this.size(cut.nodes[a]) || a - b);
    const boxes = squarified(order.map((group) => this.size(cut.nodes[group])), [0, 0, width, height]);
    this.boxes = { width, height, ofGroup: [] };
    order.forEach((group, index) => { this.boxes.ofGroup[group] = boxes[index]; });
  }

  draw() {
    cancelAnimationFrame(this.frame);
    this.frame = undefined;
    if (!this.isShown) return;
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight];
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.context = this.canvas.getContext("2d");
    this.context.scale(ratio, ratio);
    this.place(width, height);
    this.explorer.cut.nodes.forEach((node, group) => this.drawGroup(node, this.boxes.ofGroup[group]));
    const { tree, cut, selected, theme, view } = this.explorer;
    this.context.lineWidth = 2;
    this.context.strokeStyle = Colours.css(theme.accent);
    cut.nodes.forEach((node, group) => {
      const isMarked = group === this.at || [selected, view.hovered].some((other) => other >= 0 && tree.contains(node, other));
      const [x, y, wide, high] = this.boxes.ofGroup[group];
      if (isMarked && wide > 2 && high > 2) this.context.strokeRect(x + 1, y + 1, wide - 2, high - 2);
    });
  }

  drawGroup(node, [x, y, width, height]) {
    const { context } = this;
    const { theme, tree } = this.explorer;
    const colour = this.explorer.colour(node);
    context.fillStyle = Colours.css(Colours.mix(theme.background, colour, 0.42));
    context.fillRect(x, y, width, height);
    context.strokeStyle = Colours.css(theme.background);
    context.lineWidth = 0.6;
    if ((width * height) / tree.size[node] > 18) {
      const members = [...tree.members(node)].sort((a, b) => this.size(b) - this.size(a) || a - b);
      for (const box of squarified(members.map((leaf) => this.size(leaf)), [x, y, width, height])) context.strokeRect(...box);
    }
    context.lineWidth = 2;
    context.strokeRect(x, y, width, height);
    if (width < 36 || height < 18) return;
    const words = tree.title(node).split(" ");
    // As large as the longest word lets it be.
    for (const size of [11, 10, 9]) {
      context.font = smallFont.replace("11px", `600 ${size}px`);
      if (words.every((word) => context.measureText(word).width <= width - 8)) break;
    }
    context.textBaseline = "top";
    context.fillStyle = Colours.css(theme.ink);
    this.lines(words, width - 8, Math.max(1, Math.floor((height - 6) / 13)))
      .forEach((line, index) => context.fillText(line, x + 4, y + 5 + 13 * index));
  }

  /** Words in lines of a width, at most so many; what has no room is cut. */
  lines(words, width, most) {
    const lines = [words[0]];
    for (const word of words.slice(1)) {
      const line = `${lines.at(-1)} ${word}`;
      if (this.context.measureText(line).width > width) lines.push(word);
      else lines[lines.length - 1] = line;
    }
    return [...lines.slice(0, most - 1), lines.slice(most - 1).join(" ")].map((line) => fitted(this.context, line, width));
  }

  // MARK: Pointing

  groupAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    return this.boxes?.ofGroup.findIndex(([left, top, width, height]) => x >= left && x < left + width && y >= top && y < top + height) ?? -1;
  }

  point(group) {
    if (group === this.at) return;
    this.at = group;
    const { tree, cut } = this.explorer;
    const node = cut.nodes[group];
    this.readout.textContent = node === undefined ? this.hint : `${tree.label(node)}: `
      + `${Text.count(tree.size[node], "cluster")} · ${Text.count(tree.samples[node], "sample")} · ${Text.percent(tree.samples[node], tree.samples[tree.root])}`;
    this.explorer.hover(node ?? -1);
    this.redraw();
  }

  leave() {
    this.at = -1;
    this.readout.textContent = this.hint;
    if (this.explorer.view) this.explorer.hover(-1);
    this.redraw();
  }

  choose(group) {
    if (group >= 0) this.explorer.goTo(this.explorer.cut.nodes[group]);
  }

  press(event) {
    const { cut, selected } = this.explorer;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const begin = selected < 0 ? -1 : cut.groupOf[selected];
    if (step) this.point(this.at < 0 ? Math.max(begin, 0) : (this.at + step + cut.nodes.length) % cut.nodes.length);
    else if (event.key === "Enter" || event.key === " ") this.choose(this.at);
    else return;
    event.preventDefault();
  }
}
