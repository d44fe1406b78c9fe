const zoomStep = 1.35;
const largestUnit = 60;

/** The tree on the page: scrolling, zooming, pointing; which nodes are open. */
class TreeView {
  constructor(explorer) {
    this.explorer = explorer;
    this.tree = explorer.tree;
    this.scroller = document.getElementById("tree");
    this.space = document.getElementById("tree-space");
    this.painter = new Painter(document.getElementById("tree-canvas"), this.tree, new GroupScale(this.tree.leafCount));
    /** Nodes opened or closed by hand; others are open if they are above the cut, or if all are to be shown. */
    this.byHand = new Map();
    this.showsAll = this.tree.leafCount <= 120;
    this.hovered = -1;
    this.unit = 0;
    this.motion = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.scroller.addEventListener("scroll", () => this.redraw(), { passive: true });
    this.addPointer();
    this.addZoom();
    this.relayout();
    new ResizeObserver(() => this.resize()).observe(this.scroller);
    this.resize();
  }

  isOpen(node) {
    return this.byHand.get(node) ?? (this.showsAll || this.tree.groupsAt(node) < this.explorer.cut.count);
  }

  // MARK: Layout

  resize() {
    const { clientWidth, clientHeight } = this.scroller;
    if (clientWidth === this.painter.width && clientHeight === this.painter.height) return;
    this.painter.resize(clientWidth, clientHeight);
    if (!this.isZoomed) this.unit = this.comfortableUnit();
    this.setScale(this.unit);
  }

  /** All rows in view if they can be read then; else as small as can be read. Those of groups are higher than a unit. */
  comfortableUnit() {
    const readable = this.layout.tips.some((tip) => this.tree.isLeaf(tip)) ? 13 : 9;
    return Math.min(Math.max(this.fittingUnit(), readable), 26);
  }

  fittingUnit() {
    return (this.painter.height - axisHeight - 8) / this.layout.height;
  }

  /** Lays out what is open now, and lets nodes move from where they were. */
  relayout({ keepsScale = true } = {}) {
    const before = this.layout;
    const startY = before ? this.currentY() : null;
    this.layout = new Layout(this.tree, (node) => this.isOpen(node));
    this.mostSamples = this.layout.tips.reduce((most, tip) => Math.max(most, this.tree.samples[tip]), 1);
    if (!this.painter.width) return;
    if (!keepsScale || !this.isZoomed) this.unit = this.comfortableUnit();
    this.setScale(this.unit);
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
    const { cut, selected, theme } = this.explorer;
    this.painter.draw({
      layout, cut, selected, theme, hovered: this.hovered, unit: this.unit, scrollTop: this.scroller.scrollTop,
      mostSamples: this.mostSamples, y: motionState ? motionState.y : (node) => layout.y[node],
      colour: (node, alpha) => Colours.css(this.explorer.colour(node), alpha),
      branchColour: (node, alpha) => Colours.css(this.explorer.branchColour(node), alpha),
      strength: (node) => this.explorer.strength(node),
    });
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

  show({ all }) {
    this.showsAll = all;
    this.byHand.clear();
    this.isZoomed = false;
    this.relayout({ keepsScale: false });
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
    this.isZoomed = true;
    this.motionState = null;
    this.setScale(unit);
    this.scroller.scrollTop = row * unit - screenY + axisHeight;
  }

  fit() {
    this.isZoomed = true;
    this.motionState = null;
    this.setScale(Math.min(this.fittingUnit(), largestUnit));
  }

  addZoom() {
    this.scroller.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.004)), this.position(event).y);
    }, { passive: false });
    let distance = 0;
    const between = ([a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
    this.scroller.addEventListener("touchstart", (event) => {
      if (event.touches.length === 2) distance = between(event.touches);
    }, { passive: true });
    this.scroller.addEventListener("touchmove", (event) => {
      if (event.touches.length !== 2) return;
      event.preventDefault();
      const now = between(event.touches);
      this.zoom(now / distance, this.position(event.touches[0]).y);
      distance = now;
    }, { passive: false });
  }

  // MARK: Pointing

  position(event) {
    const box = this.scroller.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  /** The node whose branch, or row, is at a point of the view: of those above the row's tip, the one that reaches there. */
  nodeAt({ x, y }) {
    if (y < axisHeight) return -1;
    const place = (y - axisHeight + this.scroller.scrollTop) / this.unit;
    if (place > this.layout.height) return -1;
    let node = this.layout.tips[this.layout.tipIndex(place)];
    while (this.tree.parent[node] >= 0 && this.painter.x(this.tree.parent[node]) > x - 4) node = this.tree.parent[node];
    return node;
  }

  addPointer() {
    let pressed = null;
    const isAxis = (event) => this.position(event).y < axisHeight && this.position(event).x < this.painter.right + 10;
    this.scroller.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || event.offsetX > this.scroller.clientWidth) return;
      pressed = { ...this.position(event), scrollTop: this.scroller.scrollTop, onAxis: isAxis(event) };
      if (pressed.onAxis) this.explorer.setGroups(this.painter.groups(pressed.x));
    });
    window.addEventListener("pointermove", (event) => {
      if (!pressed || event.pointerType === "touch") return;
      const at = this.position(event);
      if (pressed.onAxis) return this.explorer.setGroups(this.painter.groups(at.x));
      if (Math.abs(at.y - pressed.y) > 4) pressed.isDrag = true;
      if (pressed.isDrag) this.scroller.scrollTop = pressed.scrollTop + pressed.y - at.y;
    });
    window.addEventListener("pointerup", () => setTimeout(() => { pressed = null; }));
    window.addEventListener("pointercancel", () => { pressed = null; });
    this.scroller.addEventListener("click", (event) => {
      if (pressed?.isDrag || pressed?.onAxis) return;
      const node = this.nodeAt(this.position(event));
      if (node < 0) return;
      if (node === this.explorer.selected) this.toggle(node);
      this.explorer.select(node);
    });
    this.scroller.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch" || pressed?.isDrag) return;
      this.scroller.style.cursor = isAxis(event) ? "ew-resize" : "default";
      this.explorer.hover(this.nodeAt(this.position(event)), event);
    });
    this.scroller.addEventListener("pointerleave", () => this.explorer.hover(-1));
  }
}
