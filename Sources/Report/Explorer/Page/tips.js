/** The smallest height of a leaf's row that has a name; of lower ones the groups are named. */
const smallestNamed = 5.2;

/** Draws what stands beside the tips of the tree: bars of samples, strips, names. */
class TipPainter {
  constructor(painter) {
    this.painter = painter;
  }

  draw(view) {
    this.view = view;
    const { layout, scrollTop, unit } = view;
    const from = Math.max(0, layout.tipIndex(scrollTop / unit) - 1);
    const to = Math.min(layout.tips.length - 1, layout.tipIndex((scrollTop + this.painter.height) / unit) + 1);
    const columns = this.columns();
    const cells = new Map();
    for (let index = from; index <= to; index++) {
      const node = layout.tips[index];
      const height = (layout.edges[index + 1] - layout.edges[index]) * unit;
      const box = { top: this.painter.screenY(view.y(node)) - height / 2, height };
      this.drawBar(node, box);
      for (const column of columns) this.addCells(cells, column, node, box);
    }
    for (const [style, path] of cells) {
      this.painter.context.fillStyle = style;
      this.painter.context.fill(path);
    }
    this.drawNames(from, to);
  }

  /** Where the strips are, and the mark above each. */
  columns() {
    let x = this.painter.right + 50;
    return this.painter.view.strips.map((strip) => {
      const column = { strip, x, width: strip.width, mark: strip.mark };
      x += strip.width + stripGap;
      return column;
    });
  }

  /** A bar as long as a node has samples, beside the node that has most. */
  drawBar(node, { top, height }) {
    const { mostSamples, colour } = this.view;
    const thickness = Math.min(Math.max(height * 0.55, 0.7), 14);
    const { context, right, tree } = this.painter;
    context.fillStyle = colour(node, 0.8);
    context.fillRect(
      right + 8, top + (height - thickness) / 2, Math.max(1, (34 * tree.samples[node]) / mostSamples), thickness);
  }

  /** The cells of a strip beside a node: one for each leaf below, as far as pixels go, in the order of the tree. */
  addCells(cells, { strip, x, width }, node, { top, height }) {
    const members = this.painter.tree.members(node);
    const parts = Math.min(members.length, Math.max(1, Math.floor(height * 2)));
    const gap = members.length === 1 && height > 8 ? 0.5 : 0;
    let part = 0;
    while (part < parts) {
      const leaf = members[Math.floor((part * members.length) / parts)];
      const style = strip.style(leaf);
      let end = part + 1;
      // Neighbours that look alike are one cell.
      while (end < parts && !strip.isBar && strip.style(members[Math.floor((end * members.length) / parts)]) === style) end++;
      if (style) {
        if (!cells.has(style)) cells.set(style, this.painter.newPath());
        const [y, high] = [top + (height * part) / parts, (height * (end - part)) / parts];
        cells.get(style).rect(x, y + gap, width * strip.length(leaf), Math.max(high - 2 * gap, 0.5));
      }
      part = end;
    }
  }

  // MARK: Names

  /**
   * The names there is room for. Those of what is selected and of large groups come first. Where leaves' rows are too low
   * for names, the groups of the cut have theirs.
   */
  drawNames(from, to) {
    const { layout, unit, selected, hovered, y, cut } = this.view;
    const { tree, painter } = this;
    const names = [];
    for (let index = from; index <= to; index++) {
      const node = layout.tips[index];
      const height = (layout.edges[index + 1] - layout.edges[index]) * unit;
      const isNamed = !tree.isLeaf(node) || unit >= smallestNamed || node === selected || node === hovered;
      if (isNamed) names.push(this.name(node, painter.screenY(y(node)), height));
    }
    if (unit < smallestNamed) {
      for (const node of cut.nodes) {
        if (!layout.has(node) || layout.isTip(node) || !painter.isInView(layout.top(node), layout.bottom(node))) continue;
        const [top, bottom] = [painter.screenY(layout.top(node)), painter.screenY(layout.bottom(node))];
        const middle = (Math.max(top, axisHeight) + Math.min(bottom, painter.height)) / 2;
        names.push({ ...this.name(node, middle, bottom - top), span: [top, bottom] });
      }
    }
    const rank = (name) => (name.node === selected ? 2 : name.node === hovered && unit < smallestNamed ? 1 : 0);
    names.sort((a, b) => rank(b) - rank(a) || b.height - a.height || a.middle - b.middle);
    const taken = new Intervals();
    for (const name of names) if (taken.take(name.middle - name.half, name.middle + name.half)) this.drawName(name);
  }

  get tree() { return this.painter.tree; }

  /** The lines of a node's name, and half of their height. Leaves' names are as high as their rows let them be. */
  name(node, middle, height) {
    const { tree } = this;
    if (tree.isLeaf(node)) {
      const isAlone = this.view.unit < smallestNamed;
      const size = isAlone ? 12 : Math.min(12, Math.max(6, Math.floor(2 * height) / 2));
      return { node, middle, height, half: isAlone ? 5.5 : Math.max(Math.min(size * 0.46, height / 2 - 0.01), 2.5), lines: 1, size };
    }
    const lines = height >= 52 ? 3 : height >= 25.5 ? 2 : 1;
    return { node, middle, height, half: [5.5, 12.7, 20][lines - 1], lines };
  }

  drawName({ node, middle, lines, size, span }) {
    const { theme, selected, hovered, colour } = this.view;
    const { painter, tree } = this;
    const { context } = painter;
    const x = painter.labelLeft + (span ? 8 : 0);
    const room = painter.width - x - 10;
    if (span) {
      context.fillStyle = colour(node);
      context.fillRect(painter.labelLeft, span[0] + 0.5, 3, Math.max(span[1] - span[0] - 1, 1));
    }
    context.textBaseline = "middle";
    const ink = Colours.css(node === selected || node === hovered ? theme.accent : theme.ink);
    context.fillStyle = ink;
    if (tree.isLeaf(node)) {
      context.font = size === 12 ? labelFont : labelFont.replace("12px", `${size}px`);
      context.fillText(painter.fitted(tree.names[node], room), x, middle);
      return;
    }
    context.font = strongFont;
    if (lines === 1) return context.fillText(painter.fitted(tree.label(node), room), x, middle);
    const texts = this.inLines(node, lines, room);
    let line = middle - (13 * texts.length) / 2 + 6.5;
    for (const { text, font, isFaint } of texts) {
      context.font = font;
      context.fillStyle = isFaint ? Colours.css(theme.faint) : ink;
      context.fillText(painter.fitted(text, room), x, line);
      line += 13.5;
    }
  }

  /** A group's name, in as many lines as there are: its term and members, or its members on two lines; its figures below. */
  inLines(node, lines, room) {
    const { tree, painter } = this;
    const share = Text.percent(tree.samples[node], tree.samples[tree.root]);
    const figures = { text: `${tree.extent(node)} · ${Text.count(tree.samples[node], "sample")} · ${share}`, font: smallFont, isFaint: true };
    const title = tree.title(node);
    if (lines === 2) return [{ text: title, font: strongFont }, figures];
    if (tree.term(node)) {
      return [{ text: title, font: strongFont }, { text: tree.typicalNames(node), font: smallFont, isFaint: true }, figures];
    }
    const [first, second] = this.wrapped(title, room);
    return [{ text: first, font: strongFont }, ...(second ? [{ text: second, font: strongFont }] : []), figures];
  }

  /** Names with slashes between them on two lines, if one does not hold them. */
  wrapped(text, room) {
    this.painter.context.font = strongFont;
    if (this.painter.context.measureText(text).width <= room) return [text];
    const parts = text.split(" / ");
    let count = parts.length - 1;
    while (count > 1 && this.painter.context.measureText(`${parts.slice(0, count).join(" / ")} /`).width > room) count--;
    return count < 1 ? [text] : [`${parts.slice(0, count).join(" / ")} /`, parts.slice(count).join(" / ")];
  }
}

/** What of a line is taken: intervals that don't overlap, in order. */
class Intervals {
  constructor() {
    this.taken = [];
  }

  /** Takes an interval if it is free. */
  take(from, to) {
    let [low, high] = [0, this.taken.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.taken[middle][0] < from) low = middle + 1;
      else high = middle;
    }
    if (low > 0 && this.taken[low - 1][1] > from + 1e-6) return false;
    if (low < this.taken.length && this.taken[low][0] < to - 1e-6) return false;
    this.taken.splice(low, 0, [from, to]);
    return true;
  }
}
