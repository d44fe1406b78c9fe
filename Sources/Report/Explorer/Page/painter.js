const axisHeight = 34;
const labelFont = '12px system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';
const strongFont = labelFont.replace("12px", "600 12.5px");
const smallFont = labelFont.replace("12px", "11px");

/** Draws the tree onto a canvas: what of a layout lies in view, at the given scale and scroll position. */
class Painter {
  constructor(canvas, tree, scale) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.tree = tree;
    this.scale = scale;
  }

  /** Fits the canvas to its place on the page, in the screen's own pixels. */
  resize(width, height) {
    const ratio = window.devicePixelRatio || 1;
    this.width = width;
    this.height = height;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const labels = Math.min(Math.max(width * 0.36, 130), 340);
    this.left = 18;
    this.right = Math.max(width - labels - 52, 90);
  }

  /** The horizontal position of a node. */
  x(node) {
    const part = this.tree.heights ? 1 - this.tree.height(node) : this.scale.place(this.tree.groupsAt(node));
    return this.left + (this.right - this.left) * part;
  }

  /** The number of groups that a horizontal position stands for, if the axis counts groups. */
  groups(x) {
    return this.tree.heights ? this.view.cut.count : this.scale.groups((x - this.left) / (this.right - this.left));
  }

  /**
   * `view` has the layout, `unit` (pixels a row), `scrollTop`, `y` (of a node, in units, as it moves), `colour` (of a
   * node), `branchColour` (of the branch to it), `strength` (of a merge), `cut`, `selected`, `hovered`, `theme`.
   */
  draw(view) {
    this.view = view;
    const { context } = this;
    context.clearRect(0, 0, this.width, this.height);
    this.drawHighlight(view.hovered, 0.05);
    this.drawHighlight(view.selected, 0.1);
    this.drawCut();
    this.drawBranches();
    this.drawSupport();
    this.drawPath();
    this.drawTips();
    this.drawAxis();
  }

  screenY(y) {
    return axisHeight + y * this.view.unit - this.view.scrollTop;
  }

  drawHighlight(node, alpha) {
    const { layout, theme } = this.view;
    if (node < 0 || !layout.has(node)) return;
    const top = this.screenY(layout.top(node));
    const parent = this.tree.parent[node];
    const from = parent < 0 ? this.left - 8 : (this.x(parent) + this.x(node)) / 2;
    this.context.fillStyle = Colours.css(theme.accent, alpha);
    this.context.beginPath();
    this.context.roundRect(from, top, this.width - from - 4, Math.max(this.screenY(layout.bottom(node)) - top, 2), 4);
    this.context.fill();
  }

  drawCut() {
    const { cut, theme } = this.view;
    const x = this.cutX();
    if (cut.count < 2 || this.tree.heights) return;
    this.context.strokeStyle = Colours.css(theme.accent, 0.55);
    this.context.lineWidth = 1;
    this.context.setLineDash([3, 4]);
    this.context.beginPath();
    this.context.moveTo(x, axisHeight);
    this.context.lineTo(x, this.height);
    this.context.stroke();
    this.context.setLineDash([]);
  }

  cutX() {
    const { count } = this.view.cut;
    const place = (this.scale.place(count - 1) + this.scale.place(count)) / 2;
    return this.left + (this.right - this.left) * place;
  }

  /** The branches in view, gathered by colour: to stroke a few long paths is many times faster than many short ones. */
  drawBranches() {
    const { layout, y, branchColour, strength } = this.view;
    const lines = new Map();
    const path = (node, opacity) => {
      const key = branchColour(node, opacity);
      if (!lines.has(key)) lines.set(key, new Path2D());
      return lines.get(key);
    };
    const wedges = [];
    for (const node of layout.nodes) {
      const nodeY = this.screenY(y(node));
      if (layout.isTip(node)) {
        if (!this.tree.isLeaf(node) && this.isInView(layout.top(node), layout.bottom(node))) wedges.push(node);
        continue;
      }
      const [first, second] = this.tree.children(node);
      const [firstY, secondY] = [this.screenY(y(first)), this.screenY(y(second))];
      if (Math.max(firstY, secondY, nodeY) < axisHeight || Math.min(firstY, secondY, nodeY) > this.height) continue;
      const x = this.x(node);
      for (const [child, childY] of [[first, firstY], [second, secondY]]) {
        const line = path(child, strength(node));
        const radius = Math.min(4, Math.abs(childY - nodeY), this.x(child) - x);
        line.moveTo(x, nodeY);
        line.lineTo(x, childY - Math.sign(childY - nodeY) * radius);
        line.quadraticCurveTo(x, childY, x + radius, childY);
        line.lineTo(this.x(child), childY);
      }
    }
    this.context.lineWidth = this.view.unit < 4 ? 0.8 : 1.5;
    this.context.lineJoin = "round";
    for (const [key, line] of lines) {
      this.context.strokeStyle = key;
      this.context.stroke(line);
    }
    for (const node of wedges) this.drawWedge(node);
  }

  /**
   * The support of nodes, in percent, on the branches that lead to them, where these are as long and the nodes' own rows as
   * high: then no figure touches another.
   */
  drawSupport() {
    const { layout, y, unit, theme } = this.view;
    const { context, tree } = this;
    if (!tree.support || unit < 9) return;
    context.font = smallFont.replace("11px", "9px");
    context.textAlign = "right";
    context.textBaseline = "alphabetic";
    context.fillStyle = Colours.css(theme.faint);
    for (const node of layout.nodes) {
      if (tree.isLeaf(node) || node === tree.root || !this.isInView(layout.top(node), layout.bottom(node))) continue;
      const figure = String(tree.supportOf(node));
      const room = this.x(node) - this.x(tree.parent[node]);
      if (room < context.measureText(figure).width + 4) continue;
      context.fillText(figure, this.x(node) - 2, this.screenY(y(node)) - 3);
    }
    context.textAlign = "left";
  }

  isInView(top, bottom) {
    return this.screenY(bottom) >= axisHeight && this.screenY(top) <= this.height;
  }

  /** A node that is collapsed: as wide as its merges reach, as high as its row. */
  drawWedge(node) {
    const { layout, y, unit, colour } = this.view;
    const middle = this.screenY(y(node));
    const half = Math.max(((layout.bottom(node) - layout.top(node)) * unit) / 2 - Math.min(2.5, unit / 5), 0.75);
    const [from, to] = [this.x(node), this.right];
    const bend = from + (to - from) * 0.55;
    this.context.beginPath();
    this.context.moveTo(from, middle);
    this.context.bezierCurveTo(bend, middle, bend, middle - half, to, middle - half);
    this.context.lineTo(to, middle + half);
    this.context.bezierCurveTo(bend, middle + half, bend, middle, from, middle);
    const fill = this.context.createLinearGradient(from, 0, to, 0);
    fill.addColorStop(0, colour(node, 0.75));
    fill.addColorStop(1, colour(node, 0.28));
    this.context.fillStyle = fill;
    this.context.fill();
    this.context.strokeStyle = colour(node);
    this.context.lineWidth = 1;
    this.context.stroke();
  }

  /** The way from the root to what is selected, and its node. */
  drawPath() {
    const { layout, selected, y, theme } = this.view;
    if (selected < 0 || !layout.has(selected)) return;
    this.context.strokeStyle = this.context.fillStyle = Colours.css(theme.accent);
    this.context.lineWidth = 2;
    this.context.beginPath();
    for (let node = selected; this.tree.parent[node] >= 0; node = this.tree.parent[node]) {
      const parent = this.tree.parent[node];
      this.context.moveTo(this.x(node), this.screenY(y(node)));
      this.context.lineTo(this.x(parent), this.screenY(y(node)));
      this.context.lineTo(this.x(parent), this.screenY(y(parent)));
    }
    this.context.stroke();
    this.context.beginPath();
    this.context.arc(this.x(selected), this.screenY(y(selected)), 4.5, 0, 2 * Math.PI);
    this.context.fill();
  }

  /** The tips' names, as many as there is room for beside that of the selected one, with bars for their samples. */
  drawTips() {
    const { layout, scrollTop, unit, y, selected } = this.view;
    const kept = selected >= 0 && layout.isTip(selected) ? this.screenY(y(selected)) : -Infinity;
    const from = Math.max(0, layout.tipIndex(scrollTop / unit) - 1);
    const to = Math.min(layout.tips.length - 1, layout.tipIndex((scrollTop + this.height) / unit) + 1);
    let free = -Infinity;
    for (let index = from; index <= to; index++) {
      const node = layout.tips[index];
      const middle = this.screenY(y(node));
      const height = (layout.edges[index + 1] - layout.edges[index]) * unit;
      this.drawBar(node, middle, height);
      const [above, below] = height >= 26 && !this.tree.isLeaf(node) ? [13, 13] : [5.5, 5.5];
      const isInTheWay = node !== selected && Math.abs(middle - kept) < above + 5.5;
      if (isInTheWay || (node !== selected && middle - above < free)) continue;
      free = middle + below;
      this.drawLabel(node, middle, height);
    }
  }

  drawBar(node, middle, height) {
    const { mostSamples, colour } = this.view;
    const thickness = Math.min(Math.max(height * 0.55, 0.7), 14);
    this.context.fillStyle = colour(node, 0.8);
    this.context.fillRect(
      this.right + 8, middle - thickness / 2, Math.max(1, (34 * this.tree.samples[node]) / mostSamples), thickness);
  }

  drawLabel(node, middle, height) {
    const { theme, selected, hovered } = this.view;
    const { context, tree } = this;
    const x = this.right + 50;
    const room = this.width - x - 10;
    context.textBaseline = "middle";
    const isGroup = !tree.isLeaf(node);
    context.fillStyle = Colours.css(node === selected || node === hovered ? theme.accent : theme.ink);
    context.font = isGroup ? strongFont : labelFont;
    if (!isGroup || height < 26) return context.fillText(this.fitted(tree.label(node), room), x, middle);
    context.fillText(this.fitted(tree.label(node), room), x, middle - 7);
    context.font = smallFont;
    context.fillStyle = Colours.css(theme.faint);
    const share = Text.percent(tree.samples[node], tree.samples[tree.root]);
    const size = `${Text.count(tree.size[node], "cluster")} · ${Text.count(tree.samples[node], "sample")} · ${share}`;
    context.fillText(this.fitted(size, room), x, middle + 8);
  }

  /** A text, shortened to a width. */
  fitted(text, width) {
    if (this.context.measureText(text).width <= width) return text;
    const characters = [...text];
    let [low, high] = [0, characters.length];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.context.measureText(characters.slice(0, middle).join("") + "…").width <= width) low = middle;
      else high = middle - 1;
    }
    return characters.slice(0, low).join("").trimEnd() + "…";
  }

  drawAxis() {
    const { theme, cut } = this.view;
    const { context } = this;
    context.fillStyle = Colours.css(theme.background, 0.94);
    context.fillRect(0, 0, this.width, axisHeight);
    context.strokeStyle = Colours.css(theme.line);
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(0, axisHeight - 0.5);
    context.lineTo(this.width, axisHeight - 0.5);
    context.stroke();
    context.font = smallFont;
    context.textBaseline = "middle";
    context.fillStyle = Colours.css(theme.faint);
    context.textAlign = "center";
    const cutX = this.cutX();
    const badge = `${Text.count(cut.count)} groups`;
    const badgeWidth = context.measureText(badge).width + 14;
    const badgeX = Math.min(Math.max(cutX, badgeWidth / 2 + 2), this.right - badgeWidth / 2 + 20);
    const { heights } = this.tree;
    const ticks = heights
      ? [0, 0.2, 0.4, 0.6, 0.8, 1].map((height) => [height === 1 ? `1 − ${heights.name}: 1` : String(height), 1 - height])
      : this.scale.ticks().map((tick) => [Text.count(tick), this.scale.place(tick)]);
    let free = -Infinity;
    for (const [text, place] of ticks.sort((a, b) => a[1] - b[1])) {
      const x = this.left + (this.right - this.left) * place;
      const half = context.measureText(text).width / 2;
      if (x - half < free || (!heights && Math.abs(x - badgeX) < badgeWidth / 2 + half + 4)) continue;
      context.fillText(text, heights ? Math.max(x, half + 2) : x, axisHeight / 2);
      free = Math.max(x, heights ? half + 2 : x) + half + 8;
    }
    if (cut.count > 1 && !heights) {
      context.fillStyle = Colours.css(theme.accent);
      context.beginPath();
      context.roundRect(badgeX - badgeWidth / 2, 7, badgeWidth, axisHeight - 14, 10);
      context.fill();
      context.fillStyle = Colours.css(theme.background);
      context.fillText(badge, badgeX, axisHeight / 2 + 0.5);
    }
    context.textAlign = "left";
    context.fillStyle = Colours.css(theme.faint);
    context.fillText("samples", this.right + 50, axisHeight / 2);
  }
}
