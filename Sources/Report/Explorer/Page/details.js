/** The figures of the selected node, and the way to it. */
class DetailsPanel {
  constructor(explorer) {
    this.explorer = explorer;
    this.path = document.getElementById("path");
    this.title = document.getElementById("node-title");
    this.figures = document.getElementById("node-figures");
    this.more = document.getElementById("node-more");
    this.actions = document.getElementById("node-actions");
    this.children = document.getElementById("children");
    this.members = new LongList(document.getElementById("members"), 28, (cluster) => this.member(cluster));
    this.heading = document.getElementById("members-heading");
    this.confusion = new ConfusionPanel(explorer);
  }

  /** The selected node; the root, if none is. */
  get node() {
    return this.explorer.selected < 0 ? this.explorer.tree.root : this.explorer.selected;
  }

  /** Another cut leaves the node's figures as they are, but it may be open now. */
  update() {
    if (this.shown === this.node) this.updateActions(this.node);
    else this.updateSelection();
  }

  updateSelection() {
    const { tree } = this.explorer;
    const { node } = this;
    this.shown = node;
    const isLeaf = tree.isLeaf(node);
    this.title.textContent = tree.label(node);
    this.path.replaceChildren(...this.crumbs(tree.path(node)));
    const rows = this.rows(node);
    // What is asked for most comes first: how large, how sure; then what it is confused with; then what else is known.
    this.figures.replaceChildren(...this.listed(rows.filter((row) => !row[3])));
    this.more.replaceChildren(...this.listed(rows.filter((row) => row[3])));
    this.showMerge(isLeaf ? [] : this.mergeRows(node));
    this.children.replaceChildren(...tree.children(node).map((child, index) =>
      element("li", {}, this.link(child), element("span", { class: "facts" },
        `${Text.count(tree.size[child], "cluster")}${child === tree.merges.lowest[node - tree.clusterCount] ? ", lowest" : ", partner"}`))));
    document.getElementById("children-heading").hidden = isLeaf;
    this.heading.hidden = this.members.container.hidden = isLeaf;
    this.heading.textContent = Text.count(tree.size[node], "member");
    this.members.container.scrollTop = 0;
    this.members.show(isLeaf ? [] : tree.typicalFirst(node));
    this.confusion.show(node);
    this.updateActions(node);
  }

  listed(rows) {
    return rows.map(([name, value, help, isWide]) =>
      element("div", { class: isWide && "wide" }, element("dt", { title: help }, name), element("dd", {}, value)));
  }

  /** The figures of the merge, each with a word on what it is. */
  showMerge(rows) {
    document.getElementById("merge").hidden = rows.length === 0;
    document.getElementById("merge-figures").replaceChildren(...rows.map(([name, value, help]) =>
      element("div", {}, element("dt", {}, name), element("dd", {}, value), element("dd", { class: "facts" }, help))));
  }

  updateActions(node) {
    const { tree, view } = this.explorer;
    const button = (text, act) => element("button", { type: "button", onclick: act }, text);
    this.actions.replaceChildren(...(tree.isLeaf(node) ? [] : [
      button(view.isOpen(node) ? "Collapse" : "Expand", () => this.explorer.toggle(node)),
      button("Expand all", () => this.explorer.openAll(node)),
      button("Swap children", () => this.explorer.turn(node)),
    ]));
  }

  /** Name, figure and what it says; those with `true` behind take a line, the others half of one. */
  rows(node) {
    const { tree, labellings, strips } = this.explorer;
    const rows = [[tree.isLeaf(node) ? "Cluster" : "Node", String(node)]];
    if (!tree.isLeaf(node)) rows.push(["Clusters", Text.count(tree.size[node])]);
    rows.push(["Samples", Text.count(tree.samples[node])],
      ["Of all", Text.percent(tree.samples[node], tree.samples[tree.root]), "the part of all samples that are its own"]);
    rows.push(...(tree.isLeaf(node)
      ? [["Mean probability", Text.probability(tree.probability[node]), "of the cluster, over the samples assigned to it"]]
      : this.supportRows(node, node - tree.clusterCount)));
    const term = tree.term(node);
    if (term) {
      rows.push(["Fit of the name", `F1 ${Text.figure(term.f1)} · ${Text.count(term.leaves)} of all ${Text.count(term.total)}`,
        `how well “${term.name}” fits: ${term.leaves} of the node’s ${tree.size[node]} clusters, of ${term.total} that the taxonomy has under it`, true]);
    }
    for (const strip of strips.annotations) {
      const text = strip.text(node);
      if (text !== null) rows.push([strip.name, text, undefined, true]);
    }
    if (this.explorer.beside) rows.push([`In ${this.explorer.beside.name}`, this.explorer.beside.text(node), undefined, true]);
    for (const { name, purity, majority, labels } of labellings) {
      if (purity[node] === null || purity[node] === undefined) continue;
      rows.push([`Majority of ${name}`, `${isolated(labels[majority[node]] ?? "–")} · ${Text.percent(purity[node])}`,
        "the label that most of its samples have, and the part that have it: the node’s purity", true]);
    }
    return rows;
  }

  /** Name, figure and what it says, of the merge that made a node. */
  mergeRows(node) {
    const { tree } = this.explorer;
    const { merges } = tree;
    const at = node - tree.clusterCount;
    const evidence = { s: "sketch", e: "exact", g: "estimate" }[merges.evidence[at]];
    return [
      ["Step", `${Text.count(at + 1)} of ${Text.count(merges.lowest.length)}`, "when it was made"],
      ["Share", Text.percent(merges.share[at]), "the part of all reassigned probability that goes to the partner"],
      ["Margin", Text.withError(merges.margin[at], tree.support?.marginErrors[at]), "how far the second best partner was behind, from 0 to 1"
        + (tree.support ? "; with its standard error, if rows are independent" : "")],
      ["Score", Text.figure(merges.score[at]), "of the group that was lowest: how sure the model is of its rows"],
      ["Gap", Text.figure(merges.gap[at]), "to the second lowest score"],
      ["Reassigned", Text.figure(merges.reassigned[at]), "probability that goes to the partner when the lowest is masked, by the partner’s clusters"],
      ["Evidence", evidence, { s: "figures are what is certain from sketches, the largest logits of each row", e: "figures are those of all rows",
        g: "figures are estimates" }[merges.evidence[at]]],
      ["Near tie", tree.nearTies.has(at + 1) ? "yes" : "no", "whether rounding might change the choice"],
    ];
  }

  supportRows(node, at) {
    const { tree } = this.explorer;
    const { support } = tree;
    if (!support) return [];
    if (node === tree.root) {
      const below = tree.children(node).filter((child) => !tree.isLeaf(child)).map((child) => (tree.supportOf(child) / 100).toFixed(2));
      return below.length ? [["First split", [...new Set(below)].join(", "), "how sure it is: the support of the two groups below"]] : [];
    }
    const drawn = `of ${Text.count(support.replicates, "tree")} from ${support.drawn} drawn anew`;
    return [
      ["Support", (support.percent[at] / 100).toFixed(2), `${drawn}: 1 if all have the node, lower the more clusters would have to be moved`],
      ["Same clade", `${(support.cladePerMille[at] / 10).toFixed(1)} %`, `the part ${drawn} that have exactly these clusters together`],
    ];
  }

  /** The nodes from the root on; of a long way, its ends. */
  crumbs(path) {
    const shown = path.length <= 6 ? path : [path[0], null, ...path.slice(-4)];
    return shown.map((node) => element("li", {}, node === null
      ? element("span", { class: "facts" }, `… ${Text.count(path.length - 5)} more …`)
      : this.link(node, node === this.explorer.tree.root ? "All" : undefined)));
  }

  link(node, text = this.explorer.tree.label(node)) {
    return element("button", { type: "button", class: "link", title: text, onclick: () => this.explorer.goTo(node) }, text);
  }

  member(cluster) {
    const row = element("div", { class: "row", role: "listitem" }, this.link(cluster));
    row.append(element("span", { class: "facts" }, Text.count(this.explorer.tree.samples[cluster])));
    return row;
  }
}
