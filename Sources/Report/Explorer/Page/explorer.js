/** The page: what is selected and how the tree is cut, and the panels that show it. */
class Explorer {
  constructor(data) {
    this.data = data;
    this.tree = new Tree(data);
    this.labellings = data.labellings;
    this.theme = new Theme(data.palette);
    this.selected = -1;
    this.labelling = -1;
    this.coloursSupport = this.tree.support !== undefined;
    this.cut = this.tree.cut(this.firstCount());
    this.view = new TreeView(this);
    this.search = new SearchPanel(this);
    this.tabs = new Tabs(document.getElementById("tabs"));
    this.run = new RunPanel(this);
    this.matrix = new MatrixPanel(this);
    this.details = new DetailsPanel(this);
    this.panels = [new GroupsPanel(this), this.details, this.matrix, new LevelsPanel(this)];
    this.addControls();
    addKeyboard(this);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.changeTheme());
    this.updateAll();
    this.view.draw();
    this.firstView = performance.now();
  }

  /** As many groups as tell something at first sight: some 10 of a hundred clusters, 24 of a thousand. */
  firstCount() {
    return Math.min(this.tree.leafCount, Math.max(2, Math.min(28, Math.round(2.2 * this.tree.leafCount ** 0.345))));
  }

  /** The colour of the branch to a node; the node itself has another, if branches tell support. */
  branchColour(node) {
    return this.coloursSupport ? this.theme.support[this.tree.supportClass(node)] ?? this.theme.neutral : this.colour(node);
  }

  /** How opaque the lines of a merge are. In colours of support all are: lighter ones would look like others. */
  strength(node) {
    return this.coloursSupport ? 1 : this.tree.strength(node);
  }

  colour(node) {
    const labelling = this.labellings[this.labelling];
    if (!labelling) return this.theme.group(this.cut.groupOf[node]);
    const purity = labelling.purity[node];
    return purity === null || purity === undefined
      ? this.theme.neutral : Colours.onScale(this.theme.purity, Math.round(purity * 20) / 20);
  }

  setGroups(count) {
    const groups = Math.min(Math.max(Math.round(count), 1), this.tree.leafCount);
    if (groups !== this.cut.count) {
      this.cut = this.tree.cut(groups);
      this.view.relayout();
    }
    this.updateAll();
  }

  select(node) {
    this.selected = node;
    for (const panel of this.panels) panel.updateSelection();
    this.tabs.show(document.getElementById("node-tab"));
    this.announce(node);
    this.view.redraw();
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

  hover(node, event) {
    const tip = document.getElementById("tooltip");
    tip.hidden = node < 0 || !event;
    if (!tip.hidden) {
      const { tree } = this;
      tip.replaceChildren(element("strong", {}, tree.label(node)), element("span", {},
        `${Text.count(tree.size[node], "cluster")} · ${Text.count(tree.samples[node], "sample")}`));
      tip.style.left = `${Math.min(event.clientX + 14, window.innerWidth - 290)}px`;
      tip.style.top = `${Math.min(event.clientY + 16, window.innerHeight - 70)}px`;
    }
    if (this.view.hovered === node) return;
    this.view.hovered = node;
    this.view.redraw();
    this.matrix.redraw();
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

  updateAll() {
    for (const panel of this.panels) panel.update();
    this.view.redraw();
  }

  changeTheme() {
    this.theme.read();
    this.matrix.updateTheme();
    this.showColouring();
    this.updateAll();
  }

  addControls() {
    const on = (id, act) => document.getElementById(id).addEventListener("click", act);
    on("zoom-in", () => this.view.zoom(zoomStep));
    on("zoom-out", () => this.view.zoom(1 / zoomStep));
    on("fit", () => this.view.fit());
    on("help-button", () => document.getElementById("help").showModal());
    on("help-close", () => document.getElementById("help").close());
    for (const choice of document.getElementsByName("show")) {
      choice.checked = (choice.value === "all") === this.view.showsAll;
      choice.addEventListener("change", () => this.view.show({ all: choice.value === "all" }));
    }
    const colouring = document.getElementById("colouring");
    colouring.closest("label").hidden = this.labellings.length === 0 && !this.tree.support;
    if (this.tree.support) colouring.append(element("option", { value: "support", selected: true }, "support"));
    this.labellings.forEach(({ name }, index) => colouring.append(element("option", { value: index }, `purity of ${name}`)));
    colouring.addEventListener("change", () => {
      this.coloursSupport = colouring.value === "support";
      this.labelling = this.coloursSupport ? -1 : Number(colouring.value);
      this.showColouring();
      this.updateAll();
    });
    this.showColouring();
  }

  /** What colours stand for, when they are those of purity or support. */
  showColouring() {
    const support = document.getElementById("support-legend");
    support.hidden = !this.coloursSupport;
    support.replaceChildren(...this.theme.palette.support.map(({ name }, index) => element("span", { class: "key" },
      element("span", { class: "swatch", style: { background: Colours.css(this.theme.support[index]) } }), name)));
    document.getElementById("purity-legend").hidden = this.labelling < 0;
    document.getElementById("purity-scale").style.background = Colours.gradient(this.theme.purity);
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

/** The keys, as the help lists them. */
function addKeyboard(explorer) {
  const { tree, view } = explorer;
  const scroller = view.scroller;
  const current = () => (view.layout.has(explorer.selected) ? explorer.selected : tree.root);
  const go = (node) => { if (node >= 0) explorer.goTo(node); };

  /** The next tip; from a node with tips below, the next node that is not deeper. */
  const beside = (node, direction) => {
    const { layout } = view;
    const index = (direction > 0 ? layout.lastTip[node] : layout.firstTip[node]) + direction;
    let next = layout.tips[index] ?? -1;
    if (next < 0 || layout.isTip(node)) return next;
    while (tree.depth[next] > tree.depth[node]) next = tree.parent[next];
    return next;
  };

  const inTree = {
    ArrowLeft: () => go(tree.parent[current()]),
    ArrowRight: () => {
      const node = current();
      if (tree.isLeaf(node)) return;
      if (view.isOpen(node)) go(tree.first[node]);
      else explorer.toggle(node);
    },
    ArrowDown: () => go(beside(current(), 1)),
    ArrowUp: () => go(beside(current(), -1)),
    Home: () => go(view.layout.tips[0]),
    End: () => go(view.layout.tips.at(-1)),
    Enter: () => explorer.toggle(current()),
    " ": () => explorer.toggle(current()),
  };
  const anywhere = {
    "/": () => explorer.search.input.select(),
    "+": () => view.zoom(zoomStep),
    "=": () => view.zoom(zoomStep),
    "-": () => view.zoom(1 / zoomStep),
    "0": () => view.fit(),
    "[": () => explorer.setGroups(explorer.cut.count - 1),
    "]": () => explorer.setGroups(explorer.cut.count + 1),
    "?": () => document.getElementById("help").showModal(),
  };
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.matches("input:not([type=range], [type=radio]), select");
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping || document.querySelector("dialog[open]")) return;
    const act = (document.activeElement === scroller && inTree[event.key]) || anywhere[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

window.logitree = new Explorer(JSON.parse(document.getElementById("data").textContent));
