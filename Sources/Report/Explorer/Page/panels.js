/** The groups of the cut, and the slider that sets how many. */
class GroupsPanel {
  constructor(explorer) {
    this.explorer = explorer;
    this.slider = document.getElementById("slider");
    this.number = document.getElementById("count");
    this.summary = document.getElementById("groups-summary");
    this.scale = new GroupScale(explorer.tree.leafCount);
    this.list = new LongList(document.getElementById("groups"), 52, (group) => this.row(group));
    this.number.max = explorer.tree.leafCount;
    // The slider goes along the tree's own axis, in a thousand steps.
    this.slider.addEventListener("input", () => explorer.setGroups(this.scale.groups(this.slider.value / 1000)));
    this.slider.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      explorer.setGroups(explorer.cut.count + step);
    });
    this.number.addEventListener("change", () => explorer.setGroups(Number(this.number.value) || explorer.cut.count));
  }

  update() {
    const { cut } = this.explorer;
    // Where the slider already says so, it stays under the finger that moves it.
    if (this.scale.groups(this.slider.value / 1000) !== cut.count) {
      this.slider.value = Math.round(1000 * this.scale.place(cut.count));
    }
    this.slider.setAttribute("aria-valuetext", Text.count(cut.count, "group"));
    this.number.value = cut.count;
    this.summary.textContent = Text.count(cut.count, "group");
    this.list.show([...cut.nodes.keys()]);
  }

  updateSelection() {
    this.list.render();
  }

  row(group) {
    const { tree, cut, selected } = this.explorer;
    const node = cut.nodes[group];
    const share = tree.samples[node] / tree.samples[tree.root];
    const colour = Colours.css(this.explorer.colour(node));
    const isSelected = selected >= 0 && tree.contains(node, selected);
    const row = element("button", { class: "group", type: "button", "aria-current": isSelected && "true" },
      element("span", { class: "swatch", style: { background: colour } }),
      element("span", { class: "name", title: tree.label(node) }, tree.label(node)),
      element("span", { class: "facts" },
        `${Text.count(tree.size[node], "cluster")} · ${Text.count(tree.samples[node], "sample")}`),
      element("span", { class: "share" }, Text.percent(share)),
      element("span", { class: "bar", style: { width: `${100 * share}%`, background: colour } }));
    row.addEventListener("click", () => this.explorer.goTo(node));
    return element("div", { class: "row", role: "listitem" }, row);
  }
}

/** Search by name, as one types. */
class SearchPanel {
  constructor(explorer) {
    this.explorer = explorer;
    this.input = document.getElementById("search");
    this.hits = document.getElementById("hits");
    this.keys = explorer.tree.names.map((name) => this.key(name));
    this.active = 0;
    this.input.addEventListener("input", () => this.search());
    this.input.addEventListener("focus", () => this.search());
    this.input.addEventListener("blur", () => this.close());
    this.input.addEventListener("keydown", (event) => this.press(event));
    // A press on a hit must not take the focus away before it is a click.
    this.hits.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  /** Names compare without case and accents. */
  key(text) {
    return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  }

  /** Names that begin with the words come first, then those with a word that does, then the others. */
  find(words) {
    const ranked = [[], [], []];
    this.keys.forEach((key, cluster) => {
      const place = this.explorer.tree.isInTree(cluster) ? key.indexOf(words) : -1;
      if (place >= 0) ranked[place === 0 ? 0 : /[\p{L}\p{N}]/u.test(key[place - 1]) ? 2 : 1].push(cluster);
    });
    return ranked.flat();
  }

  search() {
    const words = this.key(this.input.value.trim());
    if (!words) return this.close();
    this.found = this.find(words);
    this.active = 0;
    this.show();
  }

  show() {
    const { tree } = this.explorer;
    const rows = this.found.slice(0, 60).map((cluster, index) =>
      element("li", {
        role: "option", id: `hit-${index}`, "aria-selected": String(index === this.active),
        onclick: () => this.choose(index),
      }, element("span", { class: "name" }, tree.names[cluster]),
      element("span", { class: "facts" }, Text.count(tree.samples[cluster], "sample"))));
    const rest = this.found.length - rows.length;
    if (!rows.length) rows.push(element("li", { class: "none" }, "No cluster has this in its name"));
    if (rest > 0) rows.push(element("li", { class: "none" }, `and ${Text.count(rest)} more`));
    this.hits.replaceChildren(...rows);
    this.hits.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.input.setAttribute("aria-activedescendant", this.found.length ? `hit-${this.active}` : "");
    document.getElementById(`hit-${this.active}`)?.scrollIntoView({ block: "nearest" });
  }

  close() {
    this.hits.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  choose(index) {
    const cluster = this.found[index];
    this.close();
    if (cluster !== undefined) this.explorer.goTo(cluster);
  }

  press(event) {
    const count = Math.min(this.found?.length ?? 0, 60);
    if (event.key === "Escape") {
      this.input.value = "";
      this.close();
      document.getElementById("tree").focus();
    } else if (event.key === "Enter" && !this.hits.hidden) {
      this.choose(this.active);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
      event.preventDefault();
      this.active = (this.active + (event.key === "ArrowDown" ? 1 : count - 1)) % count;
      this.show();
    }
  }
}

/** The figures of the selected node, and the way to it. */
class DetailsPanel {
  constructor(explorer) {
    this.explorer = explorer;
    this.path = document.getElementById("path");
    this.title = document.getElementById("node-title");
    this.figures = document.getElementById("node-figures");
    this.actions = document.getElementById("node-actions");
    this.children = document.getElementById("children");
    this.members = new LongList(document.getElementById("members"), 28, (cluster) => this.member(cluster));
    this.heading = document.getElementById("members-heading");
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
    this.figures.replaceChildren(...this.rows(node).map(([name, value, help, isWide]) =>
      element("div", { class: isWide && "wide" }, element("dt", { title: help }, name), element("dd", {}, value))));
    this.children.replaceChildren(...tree.children(node).map((child, index) =>
      element("li", {}, this.link(child), element("span", { class: "facts" },
        `${Text.count(tree.size[child], "cluster")}${child === tree.merges.lowest[node - tree.clusterCount] ? ", lowest" : ", partner"}`))));
    document.getElementById("children-heading").hidden = isLeaf;
    this.heading.hidden = this.members.container.hidden = isLeaf;
    this.heading.textContent = Text.count(tree.size[node], "member");
    this.members.container.scrollTop = 0;
    this.members.show(isLeaf ? [] : tree.typicalFirst(node));
    this.updateActions(node);
  }

  updateActions(node) {
    const { tree, view } = this.explorer;
    const button = (text, act) => element("button", { type: "button", onclick: act }, text);
    this.actions.replaceChildren(...(tree.isLeaf(node) ? [] : [
      button(view.isOpen(node) ? "Collapse" : "Expand", () => this.explorer.toggle(node)),
      button("Expand all below", () => this.explorer.openAll(node)),
    ]));
  }

  /** Name, figure and what it says; those with `true` behind take a line, the others half of one. */
  rows(node) {
    const { tree, labellings } = this.explorer;
    const samples = [["Samples", Text.count(tree.samples[node])],
      ["Of all", Text.percent(tree.samples[node], tree.samples[tree.root]), "the part of all samples that are its own"]];
    const rows = tree.isLeaf(node)
      ? [["Cluster", String(node), undefined, true], ...samples, ["Mean probability",
        Text.probability(tree.probability[node]), "of the cluster, over the samples assigned to it", true]]
      : [["Node", String(node)], ["Clusters", Text.count(tree.size[node])], ...samples, ...this.mergeRows(node)];
    for (const { name, purity, majority, labels } of labellings) {
      if (purity[node] === null || purity[node] === undefined) continue;
      rows.push([`Majority of ${name}`, `${isolated(labels[majority[node]] ?? "–")} · ${Text.percent(purity[node])}`,
        "the label that most of its samples have, and the part that have it: the node’s purity", true]);
    }
    return rows;
  }

  mergeRows(node) {
    const { tree } = this.explorer;
    const { merges } = tree;
    const at = node - tree.clusterCount;
    const evidence = { s: "sketch", e: "exact", g: "estimate" }[merges.evidence[at]];
    return [
      ["Step", `${Text.count(at + 1)} of ${Text.count(merges.lowest.length)}`, "when it was made"],
      ["Evidence", evidence, "exact figures, or what is certain from sketches of the rows"],
      ["Score", Text.figure(merges.score[at]), "of the group that was lowest"],
      ["Gap", Text.figure(merges.gap[at]), "to the second lowest score"],
      ["Reassigned", Text.figure(merges.reassigned[at]), "probability that goes to the partner, by its clusters"],
      ["Share", Text.percent(merges.share[at]), "the part of all reassigned probability that goes to the partner"],
      ["Margin", Text.withError(merges.margin[at], tree.support?.marginErrors[at]), "how far the second best partner was behind, from 0 to 1"
        + (tree.support ? "; with its standard error, if rows are independent" : "")],
      ...this.supportRows(node, at),
      ["Near tie", tree.nearTies.has(at + 1) ? "yes" : "no", "whether rounding might change the choice"],
    ];
  }

  supportRows(node, at) {
    const { tree } = this.explorer;
    const { support } = tree;
    if (!support || node === tree.root) return [];
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

/** What was built, and how it does against labels. */
class RunPanel {
  constructor({ data, tree }) {
    const { run } = data;
    const empty = data.clusters.names.filter((_, cluster) => data.clusters.samples[cluster] === 0);
    const facts = [
      ["Rows", Text.count(run.rows)], ["Left out", Text.count(run.skippedRows)],
      ["Clusters", Text.count(tree.clusterCount)], ["Empty clusters", Text.count(empty.length)],
      ["Near ties", Text.count(tree.nearTies.size)], ["Score", run.score],
    ];
    document.getElementById("run").replaceChildren(...facts.flatMap(([name, value]) =>
      [element("dt", {}, name), element("dd", {}, value)]));
    document.getElementById("empty").textContent = empty.length
      ? `Not in the tree, since no row is assigned to them: ${empty.slice(0, 40).map(isolated).join(", ")}${empty.length > 40 ? ", …" : ""}` : "";
    document.getElementById("labels-tab").hidden = data.labellings.length === 0;
    this.showLabellings(data.labellings);
  }

  /** A row for each measure, a column for each labelling. */
  showLabellings(labellings) {
    const measures = new Map(labellings.flatMap(({ figures }) => figures.map((figure) => [figure.name, figure.explanation])));
    const figure = ({ figures }, measure) => Text.figure(figures.find(({ name }) => name === measure)?.value);
    document.getElementById("labellings").replaceChildren(
      element("thead", {}, element("tr", {}, element("td"), ...labellings.map(({ name }) => element("th", { scope: "col" }, name)))),
      element("tbody", {}, ...[...measures].map(([measure, explanation]) =>
        element("tr", {}, element("th", { scope: "row", title: explanation }, measure),
          ...labellings.map((labelling) => element("td", {}, figure(labelling, measure)))))));
  }
}
