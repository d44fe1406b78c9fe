/**
 * What is shown, as the fragment of the page's address: so a view can be sent, and Back leads to the one before. Nodes are
 * named by their ids, so a link says which tree it is of.
 */
class ViewLink {
  constructor(explorer) {
    this.explorer = explorer;
    this.tree = explorer.tree;
    this.signature = this.sign();
    this.first = null;
  }

  /** A hash of the tree's merges (FNV-1a, 32 bits). */
  sign() {
    let hash = 0x811c9dc5;
    for (const child of [...this.tree.merges.lowest, ...this.tree.merges.partner]) {
      hash = Math.imul(hash ^ child, 0x01000193) >>> 0;
    }
    return hash.toString(36);
  }

  // MARK: Writing

  /** The state as `name=value` pairs. What is as the page opens is left out. */
  state() {
    const { explorer, tree } = this;
    const { view, strips } = explorer;
    const byHand = (isOpen) => this.list([...view.byHand].filter((entry) => entry[1] === isOpen).map(([node]) => node));
    const isZoomed = view.scaling === "hand";
    return {
      groups: String(explorer.cut.count),
      selected: explorer.selected < 0 ? "" : String(explorer.selected),
      show: explorer.mode, colour: explorer.colouring,
      names: tree.terms && !tree.namesTerms ? "members" : "",
      branches: explorer.shareAs,
      zoom: isZoomed ? view.unit.toFixed(2) : view.scaling === "fit" ? "fit" : "",
      top: view.scroller.scrollTop > 0 ? (view.scroller.scrollTop / view.unit).toFixed(1) : "",
      room: view.chosenNames === null ? "" : String(Math.round(view.chosenNames)),
      open: byHand(true), closed: byHand(false), turned: this.list(this.turned(tree.turned)),
      strips: strips.all.flatMap((strip, index) => (strip.isShown ? [`${index}${strip.isBar ? "b" : ""}`] : [])).join("."),
      sizes: explorer.sizes.isShown ? explorer.sizes.measure : "",
    };
  }

  /** Nodes that are turned, as nodes that are turned otherwise than the lines beside another tree ask for; and the way back. */
  turned(nodes) {
    const { mode, beside } = this.explorer;
    if (mode !== "beside") return [...nodes];
    const given = new Set(nodes);
    return [...nodes].filter((node) => !beside.untangled.has(node)).concat([...beside.untangled].filter((node) => !given.has(node)));
  }

  /** Ids in ascending order as their differences, to the base of 36. */
  list(nodes) {
    return nodes.sort((a, b) => a - b).map((node, index) => (node - (index ? nodes[index - 1] : 0)).toString(36)).join(".");
  }

  fragment() {
    const changed = Object.entries(this.state()).filter(([name, value]) => value !== this.first[name]);
    const pairs = changed.map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    return pairs.length ? `#${pairs.join("&")}&tree=${this.signature}` : "";
  }

  /** Whether the page has an address of its own. One within another, as a notebook shows it, has none. */
  get hasAddress() { return location.protocol !== "about:"; }

  /** Has the address say what is shown, a little later. */
  update() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.write(), 250);
  }

  write() {
    clearTimeout(this.timer);
    if (!this.hasAddress) return;
    this.written = this.fragment();
    if (this.written !== location.hash) history.replaceState(null, "", this.written || location.pathname + location.search);
  }

  // MARK: Reading

  /** Shows what the address says, as far as it makes sense; what it does not name is as the page opens. */
  read() {
    this.first ??= this.state();
    if (location.hash === (this.written ?? "")) return;
    const said = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
    const isOurs = said.tree === undefined || said.tree === this.signature;
    this.apply({ ...this.first, ...said }, isOurs);
    if (!isOurs) this.explorer.say("The link was made for another tree: nodes that it names are left out.");
  }

  apply(state, isOurs) {
    const { explorer, tree } = this;
    const { view } = explorer;
    const nodes = (text) => (isOurs ? this.nodes(text) : []);
    tree.namesTerms = tree.terms !== undefined && state.names !== "members";
    this.applyStrips(state.strips);
    explorer.setColouring(state.colour);
    explorer.shareAs = shareForms.includes(state.branches) ? state.branches : this.first.branches;
    explorer.sizes.show(state.sizes);
    explorer.setMode(state.show);
    tree.turn(this.turned(nodes(state.turned).filter((node) => !tree.isLeaf(node))));
    explorer.beside?.arrange();
    view.byHand = new Map([...nodes(state.open).map((node) => [node, true]), ...nodes(state.closed).map((node) => [node, false])]);
    view.chosenNames = this.number(state.room, 60, 4000);
    explorer.cut = tree.cut(this.number(state.groups, 1, tree.leafCount) ?? explorer.cut.count);
    const unit = this.number(state.zoom, 0.01, largestUnit);
    view.scaling = state.zoom === "fit" ? "fit" : unit === null ? "comfortable" : "hand";
    if (unit !== null) view.unit = unit;
    view.changeColumns();
    view.relayout();
    explorer.updateAll();
    const selected = isOurs ? this.number(state.selected, 0, tree.nodeCount - 1) : null;
    explorer.select(selected !== null && tree.isInTree(Math.round(selected)) ? Math.round(selected) : -1);
    view.scroller.scrollTop = (this.number(state.top, 0, 1e9) ?? 0) * view.unit;
    explorer.showControls();
  }

  applyStrips(text) {
    const { strips } = this.explorer;
    const shown = new Map(text.split(".").map((part) => [parseInt(part, 10), part.endsWith("b")]));
    strips.all.forEach((strip, index) => {
      strip.isShown = shown.has(index);
      strip.isBar = strip.numbers !== undefined && shown.get(index) === true;
    });
    strips.update();
  }

  /** A number between two others; null for anything else. */
  number(text, least, most) {
    const number = text ? Number(text) : NaN;
    return Number.isFinite(number) ? Math.min(Math.max(number, least), most) : null;
  }

  /** The nodes of the tree that a list names. */
  nodes(text) {
    if (!text) return [];
    let node = 0;
    return text.split(".").map((part) => { node += parseInt(part, 36); return node; })
      .filter((found) => Number.isInteger(found) && found >= 0 && found < this.tree.nodeCount && this.tree.isInTree(found));
  }

  /** The address of what is shown now, on the clipboard if the browser lets it, else to be copied by hand. */
  async copy() {
    this.write();
    const address = location.href;
    try {
      await navigator.clipboard.writeText(address);
      this.explorer.say("Link copied");
    } catch {
      const dialog = document.getElementById("link");
      const field = document.getElementById("link-address");
      field.value = address;
      dialog.showModal();
      field.select();
    }
  }
}
