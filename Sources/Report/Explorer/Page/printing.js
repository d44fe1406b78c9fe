/** The size of what a page of paper holds, in pixels: A4 and Letter both do. */
const paper = { width: 700, height: 930 };

/** Paper is white, does not scroll, and has pages: before printing the tree is drawn anew for it, and lists are shown whole. */
class Printing {
  constructor(explorer) {
    this.explorer = explorer;
    this.place = document.getElementById("printed-tree");
    this.form = document.getElementById("paper-form");
    document.getElementById("print-button").addEventListener("click", () => {
      explorer.downloads.menu.close();
      window.print();
    });
    window.addEventListener("beforeprint", () => this.begin());
    window.addEventListener("afterprint", () => this.end());
  }

  begin() {
    document.documentElement.classList.add("paper");
    // The root's members are all that are in the tree.
    document.documentElement.classList.toggle("memberless", this.explorer.details.node === this.explorer.tree.root);
    this.explorer.changeTheme();
    this.explorer.matrix.draw();
    this.explorer.sizes.draw();
    for (const list of this.lists) list.showAll(true);
    this.place.replaceChildren(...this.pages());
  }

  end() {
    document.documentElement.classList.remove("paper", "memberless");
    this.place.replaceChildren();
    for (const list of this.lists) list.showAll(false);
    this.explorer.changeTheme();
  }

  get lists() {
    return [this.explorer.panels[0].list, this.explorer.details.members];
  }

  /**
   * On one page, if rows can be read then, or if that is wanted: then groups have names. Else on as many as rows of the
   * usual height take.
   */
  get unit() {
    const { layout, tree } = this.explorer.view;
    const legend = new LegendPicture(this.explorer, paper.width);
    const fitting = (paper.height - axisHeight - legend.height) / layout.height;
    const readable = layout.tips.some((tip) => tree.isLeaf(tip)) ? 8 : 6;
    return fitting >= readable || this.form.value === "page" ? Math.min(fitting, 24) : Math.max(readable, 11);
  }

  /** The tree in pieces, each as high as a page and with the axis above. */
  pages() {
    const { view } = this.explorer;
    const { edges } = view.layout;
    const { unit } = this;
    const pages = [];
    for (let first = 0; first < edges.length - 1;) {
      let last = first + 1;
      while (last + 1 < edges.length && (edges[last + 1] - edges[first]) * unit <= paper.height - axisHeight) last++;
      pages.push(this.page(edges[first], edges[last], unit, pages.length));
      first = last;
    }
    return pages;
  }

  page(from, to, unit, index) {
    const { view, tree } = this.explorer;
    const height = axisHeight + (to - from) * unit;
    const context = new VectorContext(paper.width, height, `page-${index}-`);
    const painter = new Painter(context, tree, view.painter.scale);
    view.giveRoom(painter, paper.width, height, Math.min(view.namesWidth(paper.width), 260));
    view.paint(painter, paper.width, { unit, scrollTop: from * unit, selected: -1, isPicture: true });
    const parsed = new DOMParser().parseFromString(context.svg(`Page ${index + 1} of the tree`), "image/svg+xml");
    return document.adoptNode(parsed.documentElement);
  }
}
