/** The page: what is selected and how the tree is cut, and the panels that show it. */
class Explorer {
  constructor(data) {
    this.data = data;
    this.tree = new Tree(data);
    this.labellings = data.labellings;
    this.theme = new Theme(data.palette);
    this.selected = -1;
    this.colouring = this.tree.support ? "support" : "-1";
    this.shareAs = "both";
    this.cut = this.tree.cut(this.firstCount());
    this.strips = new StripSet(this);
    this.legend = new Legend(this);
    this.link = new ViewLink(this);
    this.beside = data.beside ? new Beside(this) : null;
    this.view = new TreeView(this);
    this.search = new SearchPanel(this);
    this.tabs = new Tabs(document.getElementById("tabs"));
    this.run = new RunPanel(this);
    this.matrix = new MatrixPanel(this);
    this.sizes = new SizesPanel(this);
    this.details = new DetailsPanel(this);
    this.sheet = new Sheet(this);
    this.panels = [new GroupsPanel(this), this.details, this.matrix, this.sizes, new LevelsPanel(this)];
    this.downloads = new Downloads(this);
    this.printing = new Printing(this);
    addControls(this);
    addKeyboard(this);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.changeTheme());
    this.showControls();
    this.updateAll();
    this.link.read();
    window.addEventListener("hashchange", () => this.link.read());
    this.view.draw();
    this.firstView = performance.now();
  }

  /** As many groups as tell something at first sight: some 10 of a hundred clusters, 24 of a thousand. */
  firstCount() {
    return Math.min(this.tree.leafCount, Math.max(2, Math.min(27, Math.round(2.2 * this.tree.leafCount ** 0.345))));
  }

  // MARK: Colours

  get coloursSupport() { return this.colouring === "support"; }

  /** The index of the labelling whose purity is coloured; −1 for none. */
  get labelling() { return /^\d+$/.test(this.colouring) ? Number(this.colouring) : -1; }

  /** The strip whose colours branches have. */
  get colourStrip() { return this.colouring.startsWith("strip-") ? this.strips.all[Number(this.colouring.slice(6))] : undefined; }

  /** The colour of the branch to a node; the node itself has another, if branches tell support. */
  branchColour(node) {
    return this.coloursSupport ? this.theme.support[this.tree.supportClass(node)] ?? this.theme.neutral : this.colour(node);
  }

  get tints() { return !this.coloursSupport && (this.shareAs === "tint" || this.shareAs === "both"); }
  get widens() { return this.shareAs === "width" || this.shareAs === "both"; }

  /** How opaque the lines of a merge are. In colours of support all are: lighter ones would look like others. */
  strength(node) { return this.tints ? this.tree.strength(node) : 1; }

  /** How wide the lines of a merge are, as a part of the usual width. */
  thickness(node) { return this.widens ? this.tree.thickness(node) : 1; }

  colour(node) {
    if (this.colourStrip) return this.colourStrip.nodeColour(node);
    const labelling = this.labellings[this.labelling];
    if (!labelling) return this.theme.group(this.cut.groupOf[node]);
    const purity = labelling.purity[node];
    return purity === null || purity === undefined
      ? this.theme.neutral : Colours.onScale(this.theme.purity, Math.round(purity * 20) / 20);
  }

  /** Colours branches by what a choice of the list stands for, if it is one. */
  setColouring(choice) {
    const choices = [...document.getElementById("colouring").options].map(({ value }) => value);
    if (choices.includes(choice)) this.colouring = choice;
  }

  // MARK: Actions

  setGroups(count) {
    const groups = Math.min(Math.max(Math.round(count), 1), this.tree.leafCount);
    if (groups !== this.cut.count) {
      this.cut = this.tree.cut(groups);
      this.view.relayout();
    }
    this.updateAll();
  }

  /** Selects a node, or none (−1). */
  select(node) {
    this.selected = node;
    for (const panel of this.panels) panel.updateSelection();
    if (node >= 0) {
      this.tabs.show(document.getElementById("node-tab"));
      this.sheet.open(this.view.clientY(node));
      this.announce(node);
    }
    this.view.redraw();
    this.changed();
  }

  goTo(node) {
    this.view.reveal(node);
    this.select(node);
  }

  toggle(node) {
    this.view.toggle(node);
    this.select(node);
  }

  openAll(node) {
    this.view.openAll(node);
    this.select(node);
  }

  /** Swaps the children of a node. */
  turn(node) {
    const { tree } = this;
    if (tree.isLeaf(node)) return;
    tree.turn(tree.turned.has(node) ? [...tree.turned].filter((other) => other !== node) : [...tree.turned, node]);
    this.cut = tree.cut(this.cut.count);
    this.beside?.arrange();
    this.view.relayout();
    this.updateAll();
    this.select(node);
    this.say(`The children of ${isolated(tree.label(node))} are swapped`);
  }

  /** What is laid out: `groups`, `all` clusters, or both trees, one `beside` the other. */
  get mode() { return this.view.showsOther ? "beside" : this.view.showsAll ? "all" : "groups"; }

  setMode(mode) {
    if (mode !== "groups" && mode !== "all" && (mode !== "beside" || !this.beside)) return;
    if ((mode === "beside") !== (this.mode === "beside")) {
      if (mode === "beside") this.beside.enter();
      else this.beside.leave();
      this.cut = this.tree.cut(this.cut.count);
    }
    this.view.show(mode);
  }

  hover(node, event) {
    const tip = document.getElementById("tooltip");
    tip.hidden = node < 0 || !event;
    if (!tip.hidden) {
      const { tree } = this;
      tip.replaceChildren(element("strong", {}, tree.title(node)), element("span", {},
        `${tree.extent(node)} · ${Text.count(tree.samples[node], "sample")}`), ...this.stripTexts(node));
      tip.style.left = `${Math.min(event.clientX + 14, window.innerWidth - 290)}px`;
      tip.style.top = `${Math.min(event.clientY + 16, window.innerHeight - 70)}px`;
    }
    if (this.view.hovered === node) return;
    this.view.hovered = node;
    this.view.redraw();
    this.matrix.redraw();
    this.sizes?.redraw();
  }

  stripTexts(node) {
    return this.strips.shown.map((strip) => element("span", {}, `${strip.name}: ${strip.text(node) ?? "–"}`));
  }

  /** Says what is selected, for those who don't see it: the tree's current item, and a live region. */
  announce(node) {
    const { tree, view } = this;
    const text = `${isolated(tree.label(node))}, ${Text.count(tree.size[node], "cluster")}, ${Text.count(tree.samples[node], "sample")}`;
    const item = document.getElementById("current");
    item.textContent = text;
    item.setAttribute("aria-level", tree.depth[node] + 1);
    if (tree.isLeaf(node)) item.removeAttribute("aria-expanded");
    else item.setAttribute("aria-expanded", String(view.isOpen(node)));
    const state = tree.isLeaf(node) ? "" : view.isOpen(node) ? ", expanded" : ", collapsed";
    document.getElementById("live").textContent = text + state;
  }

  /** Says what was done: for eyes a note that goes away, for ears a live region. */
  say(text) {
    document.getElementById("live").textContent = text;
    const note = document.getElementById("note");
    note.textContent = text;
    note.hidden = false;
    clearTimeout(this.noteTimer);
    this.noteTimer = setTimeout(() => { note.hidden = true; }, 4000);
  }

  updateAll() {
    for (const panel of this.panels) panel.update();
    this.legend.show();
    this.view.redraw();
    this.changed();
  }

  /** Something is shown in another way than before: the address follows. */
  changed() { this.link.update(); }

  changeStrips() {
    this.view.changeColumns();
    this.updateAll();
  }

  changeTheme() {
    this.theme.read();
    this.strips.update();
    this.matrix.updateTheme();
    this.updateAll();
  }

  /** Has the controls say what is shown. */
  showControls() {
    for (const choice of document.getElementsByName("show")) choice.checked = choice.value === this.mode;
    document.getElementById("colouring").value = this.colouring;
    document.getElementById("share-as").value = this.shareAs;
    document.getElementById("name-by").value = this.tree.namesTerms ? "terms" : "members";
    this.strips.fill(document.getElementById("strip-choices"));
    this.legend.show();
  }

  /** What is shown, for tests: the drawing itself can't be asked. */
  describe() {
    const { layout, unit, painter, scroller } = this.view;
    const box = scroller.getBoundingClientRect();
    const position = (node) => ({
      x: box.left + painter.x(node),
      y: box.top + axisHeight + layout.y[node] * unit - scroller.scrollTop,
    });
    return {
      groups: this.cut.count, selected: this.selected, tips: layout.tips, unit, firstView: this.firstView,
      positions: Object.fromEntries(layout.tips.slice(0, 200).map((tip) => [tip, position(tip)])),
    };
  }
}

window.logitree = new Explorer(JSON.parse(document.getElementById("data").textContent));
