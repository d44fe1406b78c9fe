/** The largest side that browsers have canvases of, in pixels. */
const largestSide = 16384;

/** Files of what is shown: pictures, groups, what is selected. */
class Downloads {
  constructor(explorer) {
    this.explorer = explorer;
    this.menu = new Menu("download-menu");
    const on = (id, make) => document.getElementById(id).addEventListener("click", async () => {
      this.menu.close();
      const { name, content, type } = await make();
      this.save(name, content, type);
    });
    on("save-svg", () => this.file("svg", this.svg(), "image/svg+xml"));
    on("save-png", async () => this.file("png", await this.png(), "image/png"));
    on("save-csv", () => this.file("groups.csv", this.csv(), "text/csv"));
    on("save-json", () => this.file("selection.json", this.json(), "application/json"));
  }

  /** A file named after the store. */
  file(ending, content, type) {
    const store = this.explorer.data.run.store.replace(/\.logitree$/, "").replace(/[^\p{L}\p{N}._-]+/gu, "-") || "tree";
    return { name: `${store}.${ending}`, content, type };
  }

  save(name, content, type) {
    const address = URL.createObjectURL(new Blob([content], { type }));
    const link = element("a", { href: address, download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
    this.explorer.say(`Saved ${name}`);
  }

  // MARK: Pictures

  /**
   * Draws the whole tree as it is laid out and coloured now, with its legend below, whatever part is scrolled into view.
   * `makeContext` is given its width and height.
   */
  draw(makeContext, unit = this.explorer.view.unit) {
    const { view, tree, theme } = this.explorer;
    const width = Math.max(view.width, 360);
    const treeHeight = axisHeight + view.layout.height * unit + 10;
    const legend = new LegendPicture(this.explorer, width);
    const height = Math.ceil(treeHeight + legend.height);
    const context = makeContext(width, height);
    const painter = new Painter(context, tree, view.painter.scale);
    view.giveRoom(painter, width, treeHeight);
    context.fillStyle = Colours.css(theme.background);
    context.fillRect(0, 0, width, height);
    view.paint(painter, width, { unit, scrollTop: 0, isPicture: true });
    legend.draw(context, treeHeight);
    return context;
  }

  get title() {
    return `${this.explorer.data.run.store}, ${Text.count(this.explorer.cut.count, "group")}`;
  }

  svg() {
    return this.draw((width, height) => new VectorContext(width, height)).svg(this.title);
  }

  /** Twice as fine as on the page; what would be too high for a canvas has lower rows. */
  png() {
    const { view } = this.explorer;
    const most = largestSide - axisHeight - 400;
    const unit = Math.min(view.unit, most / view.layout.height);
    const ratio = Math.min(2, largestSide / (axisHeight + view.layout.height * unit + 400));
    let canvas;
    this.draw((width, height) => {
      canvas = element("canvas", { width: Math.round(width * ratio), height: Math.round(height * ratio) });
      const context = canvas.getContext("2d");
      context.scale(ratio, ratio);
      return context;
    }, unit);
    return new Promise((resolve) => { canvas.toBlob(resolve, "image/png"); });
  }

  // MARK: Tables

  /** The groups of the cut, a line for each cluster, as `logitree cut` has them. */
  csv() {
    const { tree, cut, data } = this.explorer;
    const field = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    const lines = data.clusters.names.map((name, cluster) => {
      const group = cut.groupOf[cluster];
      if (group < 0) return [cluster, field(name), "", "", ""].join(",");
      const node = cut.nodes[group];
      return [cluster, field(name), group, field(this.plain(tree.label(node))), tree.samples[node]].join(",");
    });
    return ["cluster,name,group,label,samples", ...lines].join("\n") + "\n";
  }

  /** A label without the marks that keep directions of writing apart on the page. */
  plain(label) { return label.replace(/[\u2066-\u2069]/g, ""); }

  /** The selected node, or the root: its figures, and its clusters. */
  json() {
    const { tree, cut, data, details, strips } = this.explorer;
    const { node } = details;
    const at = node - tree.clusterCount;
    const merge = tree.isLeaf(node) ? {} : {
      step: tree.step(node), children: tree.children(node),
      ...Object.fromEntries(["lowest", "partner", "score", "gap", "reassigned", "share", "margin"]
        .map((name) => [name, tree.merges[name][at]])),
    };
    const clusters = [...tree.members(node)].map((cluster) => ({
      id: cluster, name: data.clusters.names[cluster], samples: tree.samples[cluster],
      mean_probability: tree.probability[cluster], group: cut.groupOf[cluster],
      annotations: Object.fromEntries(strips.annotations.map((strip) => [strip.name, strip.value(cluster)])),
    }));
    return JSON.stringify({
      store: data.run.store, node, label: this.plain(tree.label(node)), clusters_below: tree.size[node],
      samples: tree.samples[node], groups: cut.count, ...merge, clusters,
    }, null, 2) + "\n";
  }
}
