/** The affinity matrix in the order of the leaves, as a heat map; of many leaves, means over blocks of them. */
class MatrixPanel {
  constructor(explorer) {
    this.explorer = explorer;
    const { affinity } = explorer.data;
    document.getElementById("affinity").hidden = !affinity;
    if (!affinity) return;
    Object.assign(this, affinity);
    this.cells = Uint8Array.from(atob(affinity.cells), (character) => character.charCodeAt(0));
    this.canvas = document.getElementById("matrix");
    this.readout = document.getElementById("matrix-readout");
    document.getElementById("matrix-low").textContent = Text.figure(this.value(1));
    document.getElementById("matrix-high").textContent = Text.figure(this.highest);
    if (this.size < explorer.tree.leafCount) {
      document.getElementById("matrix-blocks").textContent =
        `Each cell is the mean over about ${Math.round(explorer.tree.leafCount / this.size)}² pairs of neighbouring clusters.`;
    }
    this.canvas.addEventListener("pointermove", (event) => this.show(this.cellAt(event)));
    this.canvas.addEventListener("pointerleave", () => this.leave());
    this.canvas.addEventListener("click", (event) => explorer.goTo(this.common(this.cellAt(event))));
    this.canvas.addEventListener("keydown", (event) => this.press(event));
    this.canvas.addEventListener("blur", () => this.leave());
    this.leave();
    this.paint();
    new ResizeObserver(() => this.redraw()).observe(this.canvas);
  }

  /** What a level, 1 to 255, stands for. */
  value(level) {
    return level === 0 ? 0 : this.highest * 10 ** (this.decades * ((level - 1) / 254 - 1));
  }

  /** The first leaf's place of a block. */
  start(block) {
    return Math.floor((block * this.explorer.tree.leafCount) / this.size);
  }

  /** The block that a leaf's place is in. */
  blockOf(place) {
    return Math.floor(((place + 1) * this.size - 1) / this.explorer.tree.leafCount);
  }

  updateTheme() {
    if (this.cells) this.paint();
  }

  update() {
    this.redraw();
  }

  updateSelection() {
    this.redraw();
  }

  redraw() {
    if (this.cells) this.frame ??= requestAnimationFrame(() => this.draw());
  }

  paint() {
    const { theme } = this.explorer;
    this.image = element("canvas", { width: this.size, height: this.size });
    const context = this.image.getContext("2d");
    const pixels = context.createImageData(this.size, this.size);
    const levels = Array.from({ length: 256 }, (_, level) => [...Colours.onScale(theme.heat, level / 255), 255]);
    this.cells.forEach((level, cell) => pixels.data.set(levels[level], 4 * cell));
    context.putImageData(pixels, 0, 0);
    document.getElementById("matrix-scale").style.background = Colours.gradient(theme.heat);
  }

  draw() {
    cancelAnimationFrame(this.frame);
    this.frame = undefined;
    if (!this.cells) return;
    const side = this.canvas.clientWidth;
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = this.canvas.height = Math.round(side * ratio);
    const context = this.canvas.getContext("2d");
    context.scale(ratio, ratio);
    context.imageSmoothingEnabled = side < this.size;
    context.drawImage(this.image, 0, 0, side, side);
    const { tree, cut, theme, selected, view } = this.explorer;
    const scale = side / tree.leafCount;
    const outline = (node) => {
      const [from, length] = [tree.given.start[node] * scale, Math.max(tree.size[node] * scale, 2)];
      context.strokeRect(from + 0.5, from + 0.5, length - 1, length - 1);
    };
    context.lineWidth = 1.5;
    if (cut.count <= 400) cut.nodes.forEach((node, group) => {
      context.strokeStyle = Colours.css(theme.group(group));
      outline(node);
    });
    for (const [node, alpha] of [[selected, 0.2], [view.hovered, 0.1]]) {
      if (node < 0 || node === tree.root) continue;
      context.fillStyle = Colours.css(theme.accent, alpha);
      const [from, length] = [tree.given.start[node] * scale, Math.max(tree.size[node] * scale, 1.5)];
      context.fillRect(0, from, side, length);
      context.fillRect(from, 0, length, side);
      context.strokeStyle = Colours.css(theme.accent);
      outline(node);
    }
    this.drawCell(context, side);
  }

  /** The row and the column that are pointed at, up to where they meet. */
  drawCell(context, side) {
    if (!this.at) return;
    const [x, y, width] = [this.at.column, this.at.row, 1].map((block) => (block * side) / this.size);
    context.strokeStyle = Colours.css(this.explorer.theme.ink, 0.6);
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(0, y + width / 2);
    context.lineTo(x, y + width / 2);
    context.moveTo(x + width / 2, 0);
    context.lineTo(x + width / 2, y);
    context.stroke();
    context.strokeRect(x - 0.5, y - 0.5, width + 1, width + 1);
  }

  cellAt(event) {
    const box = this.canvas.getBoundingClientRect();
    return { row: this.clamped(((event.clientY - box.top) / box.height) * this.size),
      column: this.clamped(((event.clientX - box.left) / box.width) * this.size) };
  }

  clamped(block) {
    return Math.min(Math.max(Math.floor(block), 0), this.size - 1);
  }

  /** Arrow keys move from cell to cell, from where the selected node begins. */
  press(event) {
    const { tree, selected } = this.explorer;
    const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    const isChoice = event.key === "Enter" || event.key === " ";
    if (!move && !isChoice) return;
    event.preventDefault();
    const begin = this.blockOf(selected < 0 ? 0 : tree.given.start[selected]);
    const { row, column } = this.at ?? { row: begin, column: begin };
    if (move) this.show({ row: this.clamped(row + move[0]), column: this.clamped(column + move[1]) });
    else this.explorer.goTo(this.common({ row, column }));
  }

  /** Says what a cell is, and marks the node where its row and its column meet. */
  show(cell) {
    const { row, column } = this.at = cell;
    const level = this.cells[row * this.size + column];
    const value = row === column && this.size === this.explorer.tree.leafCount ? "itself" : level === 0
      ? `below ${Text.figure(this.value(1))}` : `about ${Number(this.value(level).toPrecision(2))}`;
    this.readout.textContent = `${this.name(row)} → ${this.name(column)}: ${value}`;
    this.explorer.hover(this.common(cell));
    this.redraw();
  }

  leave() {
    this.at = null;
    this.readout.textContent = "Point at a cell for its value; a click selects the node where row and column meet.";
    this.explorer.hover(-1);
    this.redraw();
  }

  name(block) {
    const { tree } = this.explorer;
    const [from, to] = [this.start(block), this.start(block + 1)];
    const first = isolated(tree.names[tree.given.leaves[from]]);
    return to - from > 1 ? `${first} +${to - from - 1}` : first;
  }

  /** The node that a cell's row and column have in common. */
  common({ row, column }) {
    const { tree } = this.explorer;
    const [low, high] = [Math.min(row, column), Math.max(row, column)];
    let node = tree.given.leaves[this.start(low)];
    const last = tree.given.leaves[this.start(high + 1) - 1];
    while (!tree.contains(node, last)) node = tree.parent[node];
    return node;
  }
}
