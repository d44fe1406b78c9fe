const axisHeight = 46;
const badgeY = 14;
const tickY = 35;
const labelFont = '12px system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';
const strongFont = labelFont.replace("12px", "600 12.5px");
const smallFont = labelFont.replace("12px", "11px");

/** How wide the lines of a merge are, by how strong it is, the weakest first: in parts of the width of a strong one. */
const strengthWidths = [0.45, 0.65, 0.85, 1.25];

/** Draws the tree: what of a layout lies in view, at the given scale and scroll position. */
class Painter {
  /** `context` is a canvas's, or a `VectorContext`. */
  constructor(context, tree, scale) {
    this.context = context;
    this.tree = tree;
    this.scale = scale;
    this.tips = new TipPainter(this);
  }

  /** Says how large the picture is, how much of it is for names, and how much for strips; the branches have the rest. */
  resize(width, height, names, strips) {
    this.width = width;
    this.height = height;
    this.left = 18;
    this.right = Math.max(width - names - strips - 52, 90);
    this.labelLeft = this.right + 50 + strips;
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
   * node), `branchColour` (of the branch to it), `strength` and `thickness` (of a merge's lines), `strips`, `cut`,
   * `selected`, `hovered`, `theme`.
   */
  draw(view) {
    this.view = view;
    const { context } = this;
    if (!view.isPicture) context.clearRect(0, 0, this.width, this.height);
    this.drawHighlight(view.hovered, 0.05);
    this.drawHighlight(view.selected, 0.1);
    this.drawCut();
    this.drawBranches();
    this.drawSupport();
    this.drawPath();
    this.tips.draw(view);
    this.drawAxis();
  }

  newPath() {
    return this.context.newPath?.() ?? new Path2D();
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
    const { layout, y, branchColour, strength, thickness } = this.view;
    const lines = new Map();
    const path = (node, merge) => {
      const [style, width] = [branchColour(node, strength(merge)), thickness(merge)];
      const key = `${style} ${width}`;
      if (!lines.has(key)) lines.set(key, { style, width, path: this.newPath() });
      return lines.get(key).path;
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
        const line = path(child, node);
        const radius = Math.min(4, Math.abs(childY - nodeY), this.x(child) - x);
        line.moveTo(x, nodeY);
        line.lineTo(x, childY - Math.sign(childY - nodeY) * radius);
        line.quadraticCurveTo(x, childY, x + radius, childY);
        line.lineTo(this.x(child), childY);
      }
    }
    this.context.lineJoin = "round";
    for (const { style, width, path: line } of lines.values()) {
      this.context.strokeStyle = style;
      this.context.lineWidth = width * (this.view.unit < 4 ? 0.8 : 1.5);
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

  fitted(text, width) { return fitted(this.context, text, width); }

  /** The axis: its ticks, above them where the tree is cut, and what columns beside the tree are. */
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
    context.textAlign = "center";
    this.drawTicks();
    if (cut.count > 1 && !this.tree.heights) this.drawBadge();
    context.fillStyle = Colours.css(theme.faint);
    context.textAlign = "left";
    context.fillText("samples", this.right + 8, badgeY);
    context.textAlign = "center";
    for (const { x, width, mark } of this.tips.columns()) context.fillText(mark, x + width / 2, tickY);
    context.textAlign = "left";
  }

  /** `turned` is where a place is, in a tree that grows from the right. */
  drawTicks(turned = (x) => x) {
    const { context } = this;
    const { heights } = this.tree;
    context.fillStyle = Colours.css(this.view.theme.faint);
    const ticks = heights
      ? [0, 0.2, 0.4, 0.6, 0.8, 1].map((height) => [height === 1 ? `1 − ${heights.name}: 1` : String(height), 1 - height])
      : this.scale.ticks().map((tick) => [Text.count(tick), this.scale.place(tick)]);
    let free = -Infinity;
    for (const [text, place] of ticks.sort((a, b) => a[1] - b[1])) {
      const half = context.measureText(text).width / 2;
      const x = Math.max(this.left + (this.right - this.left) * place, heights ? half + 2 : 0);
      if (x - half < free || x + half > this.right + 16) continue;
      context.fillText(text, turned(x), tickY);
      free = x + half + 8;
    }
  }

  /** How many groups the tree is cut into, above the line of the cut. */
  drawBadge() {
    const { context } = this;
    const { theme, cut } = this.view;
    const badge = Text.count(cut.count, "group");
    const width = context.measureText(badge).width + 14;
    const x = Math.min(Math.max(this.cutX(), width / 2 + 2), this.right - width / 2 + 4);
    context.fillStyle = Colours.css(theme.accent);
    context.beginPath();
    context.roundRect(x - width / 2, 4, width, 19, 9);
    context.fill();
    context.fillStyle = Colours.css(theme.background);
    context.fillText(badge, x, badgeY);
  }
}
