const zoomStep = 1.35;
const largestUnit = 60;

/** The tree on the page: scrolling, zooming, pointing; which nodes are open. */
class TreeView {
  constructor(explorer) {
    this.explorer = explorer;
    this.tree = explorer.tree;
    this.scroller = document.getElementById("tree");
    this.space = document.getElementById("tree-space");
    this.canvas = document.getElementById("tree-canvas");
    this.painter = new Painter(this.canvas.getContext("2d"), this.tree, new GroupScale(this.tree.leafCount));
    /** Nodes opened or closed by hand; others are open if they are above the cut, or if all are to be shown. */
    this.byHand = new Map();
    this.showsAll = this.tree.leafCount <= 120;
    /** Whether another tree is beside this one; then all of both is shown. */
    this.showsOther = false;
    this.hovered = -1;
    this.unit = 0;
    /** How rows are scaled: `comfortable`, `fit`, or `hand` after zooming, when they stay as high as they are. */
    this.scaling = "comfortable";
    /** The room for names that was chosen by hand, in pixels; null for what suits the window. */
    this.chosenNames = null;
    this.motion = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.scroller.addEventListener("scroll", () => this.redraw(), { passive: true });
    addGestures(this);
    this.addSplitter();
    this.relayout();
    new ResizeObserver(() => this.resize()).observe(this.scroller);
    this.resize();
  }

  isOpen(node) {
    return this.showsOther || (this.byHand.get(node) ?? (this.showsAll || this.tree.groupsAt(node) < this.explorer.cut.count));
  }

  // MARK: Layout

  resize() {
    const { clientWidth, clientHeight } = this.scroller;
    if (clientWidth === this.width && clientHeight === this.painter.height) return;
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(clientWidth * ratio);
    this.canvas.height = Math.round(clientHeight * ratio);
    this.canvas.style.width = `${clientWidth}px`;
    this.canvas.style.height = `${clientHeight}px`;
    this.painter.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.width = clientWidth;
    this.giveRoom(this.painter, clientWidth, clientHeight);
    this.rescale();
  }

  /** Gives a painter its room in a picture of some width. */
  giveRoom(painter, width, height, names = this.namesWidth(width)) {
    const { beside, strips } = this.explorer;
    if (this.showsOther) painter.resize(beside.ownWidth(width), height, beside.namesWidth(width), 0);
    else painter.resize(width, height, names, strips.width);
  }

  /** Draws with a painter that has its room, on a picture of some width. */
  paint(painter, width, place) {
    if (this.showsOther) this.explorer.beside.draw(painter, this.look(place), width);
    else painter.draw(this.look(place));
  }

  /** Draws anew after the columns beside the tree have changed. */
  changeColumns() {
    this.giveRoom(this.painter, this.width, this.painter.height);
    this.placeSplitter();
    this.redraw();
  }

  namesWidth(width) {
    return this.chosenNames === null ? Math.min(Math.max(width * 0.36, 130), 340) : Math.min(this.chosenNames, this.mostNames(width));
  }

  mostNames(width) { return Math.max(width - this.explorer.strips.width - 180, 60); }

  /** The line between branches and names. */
  addSplitter() {
    this.line = document.getElementById("names-splitter");
    this.splitter = new Splitter(this.line, {
      get: () => (this.width ? this.namesWidth(this.width) : 0), direction: -1, least: 60,
      most: () => this.mostNames(this.width ?? 600),
      set: (width) => {
        this.chosenNames = width === null ? null : Math.round(width);
        this.changeColumns();
        this.explorer.changed();
      },
    });
  }

  placeSplitter() {
    this.line.hidden = this.showsOther;
    this.line.style.left = `${this.painter.labelLeft - 9}px`;
    this.splitter.tell();
  }

  /** The height of rows that the way of scaling asks for. */
  rescale() {
    if (this.scaling === "comfortable") this.unit = this.comfortableUnit();
    if (this.scaling === "fit") this.unit = Math.min(this.fittingUnit(), largestUnit);
    this.placeSplitter();
    this.setScale(this.unit);
  }

  /** All rows in view if they can be read then; else as small as can be read. Those of groups are higher than a unit. */
  comfortableUnit() {
    const readable = this.layout.tips.some((tip) => this.tree.isLeaf(tip)) ? 13 : 9;
    return Math.min(Math.max(this.fittingUnit(), readable), 26);
  }

  fittingUnit() {
    return (this.painter.height - axisHeight - 9) / this.layout.height;
  }

  /** Lays out what is open now, and lets nodes move from where they were. */
  relayout() {
    const before = this.layout;
    const startY = before ? this.currentY() : null;
    this.layout = new Layout(this.tree, (node) => this.isOpen(node));
    this.mostSamples = this.layout.tips.reduce((most, tip) => Math.max(most, this.tree.samples[tip]), 1);
    if (!this.painter.width) return;
    this.rescale();
    if (before && !this.motion.matches && this.layout.nodes.length < 4000) this.move(startY, before);
    this.redraw();
  }

  /** Where nodes are drawn now, in pixels from the top of the tree. */
  currentY() {
    const { unit, layout } = this;
    const motion = this.motionState;
    return (node) => (motion ? motion.y(node) : layout.y[node]) * unit;
  }

  move(startY, before) {
    const { tree, layout, unit } = this;
    const start = new Float64Array(tree.nodeCount);
    for (const node of layout.nodes) {
      const parent = tree.parent[node];
      start[node] = before.has(node) ? startY(node) / unit : parent < 0 ? layout.y[node] : start[parent];
    }
    const begin = performance.now();
    const state = { part: 0, y: (node) => start[node] + (layout.y[node] - start[node]) * state.part };
    this.motionState = state;
    const step = (now) => {
      if (this.motionState !== state) return;
      const time = Math.min(Math.max((now - begin) / 220, 0), 1);
      state.part = 1 - (1 - time) ** 3;
      if (time === 1) this.motionState = null;
      else requestAnimationFrame(step);
      this.draw();
    };
    requestAnimationFrame(step);
  }

  setScale(unit) {
    this.unit = unit;
    this.space.style.height = `${Math.ceil(this.layout.height * unit) + axisHeight + 8}px`;
    this.redraw();
  }

  redraw() {
    this.frame ??= requestAnimationFrame(() => this.draw());
  }

  draw() {
    cancelAnimationFrame(this.frame);
    this.frame = undefined;
    if (!this.painter.width) return;
    const { layout, motionState } = this;
    this.paint(this.painter, this.width, {
      hovered: this.hovered, unit: this.unit, scrollTop: this.scroller.scrollTop,
      y: motionState ? motionState.y : (node) => layout.y[node],
    });
  }

  /** All that the painter needs to know, but for the place of things, which is in `place`. */
  look(place) {
    const { explorer, layout, mostSamples } = this;
    const { cut, selected, theme } = explorer;
    return {
      layout, cut, selected, theme, mostSamples, strips: explorer.strips.shown, hovered: -1,
      y: (node) => layout.y[node],
      colour: (node, alpha) => Colours.css(explorer.colour(node), alpha),
      branchColour: (node, alpha) => Colours.css(explorer.branchColour(node), alpha),
      strength: (node) => explorer.strength(node), thickness: (node) => explorer.thickness(node), ...place,
    };
  }

  // MARK: Opening and closing

  setOpen(node, isOpen) {
    if (this.tree.isLeaf(node)) return;
    this.byHand.set(node, isOpen);
    this.relayout();
  }

  toggle(node) {
    this.setOpen(node, !this.isOpen(node));
  }

  openAll(node) {
    for (let below = node; below >= this.tree.clusterCount; below--) {
      if (this.tree.isInTree(below) && this.tree.contains(node, below)) this.byHand.set(below, true);
    }
    this.relayout();
  }

  /** Shows `groups`, `all` clusters, or the other tree `beside`. */
  show(mode) {
    this.showsAll = mode === "all";
    this.showsOther = mode === "beside";
    this.byHand.clear();
    this.scaling = "comfortable";
    if (this.width) this.changeColumns();
    this.relayout();
  }

  /** Opens what is above a node, and scrolls to it. */
  reveal(node) {
    const closed = this.tree.path(node).slice(0, -1).filter((above) => !this.isOpen(above));
    for (const above of closed) this.byHand.set(above, true);
    if (closed.length) this.relayout();
    const y = this.layout.y[node] * this.unit;
    const room = this.painter.height - axisHeight;
    const { scrollTop } = this.scroller;
    if (y < scrollTop + 24 || y > scrollTop + room - 24) this.scroller.scrollTop = y - room / 2;
    this.redraw();
  }

  // MARK: Zooming

  /** Scales rows, so that what is at `screenY` stays there. */
  zoom(factor, screenY = this.painter.height / 2) {
    const smallest = Math.min(this.fittingUnit(), 13);
    const unit = Math.min(Math.max(this.unit * factor, smallest), largestUnit);
    const row = (this.scroller.scrollTop + screenY - axisHeight) / this.unit;
    this.scaling = "hand";
    this.motionState = null;
    this.setScale(unit);
    this.scroller.scrollTop = row * unit - screenY + axisHeight;
  }

  fit() {
    this.scaling = "fit";
    this.motionState = null;
    this.rescale();
  }

  // MARK: Pointing

  position(event) {
    const box = this.scroller.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  /** Where a node that is laid out is in the window, from its top; 0 for others. */
  clientY(node) {
    if (!this.layout.has(node)) return 0;
    return this.scroller.getBoundingClientRect().top + axisHeight + this.layout.y[node] * this.unit - this.scroller.scrollTop;
  }

  /** The node whose branch, or row, is at a point of the view: of those above the row's tip, the one that reaches there. */
  nodeAt({ x, y }) {
    if (y < axisHeight) return -1;
    const place = (y - axisHeight + this.scroller.scrollTop) / this.unit;
    if (place > this.layout.height) return -1;
    if (this.showsOther && x > this.painter.width) return this.explorer.beside.leafAt(place, this.layout.height);
    let node = this.layout.tips[this.layout.tipIndex(place)];
    while (this.tree.parent[node] >= 0 && this.painter.x(this.tree.parent[node]) > x - 4) node = this.tree.parent[node];
    return node;
  }
}
