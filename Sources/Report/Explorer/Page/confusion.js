/** What a class is confused with, or which groups a group might have joined: links with shares. */
class ConfusionPanel {
  constructor(explorer) {
    this.explorer = explorer;
    this.place = document.getElementById("confusion");
  }

  /** Shows the lists that there are for a node. */
  show(node) {
    const { tree, data } = this.explorer;
    const lists = tree.isLeaf(node) ? this.listsOfClass(node, data.confusion) : this.listsOfGroup(node, data.rivals);
    this.place.replaceChildren(...lists.filter(({ entries }) => entries.length).flatMap(({ title, help, entries }) => [
      element("h3", {}, title),
      element("p", { class: "facts" }, help),
      element("ul", { class: "confused" }, ...entries.map((entry) => this.item(entry))),
    ]));
  }

  listsOfClass(cluster, confusion) {
    if (!confusion) return [];
    const entries = ({ clusters, shares }) => {
      const [from, to] = [confusion.most * cluster, confusion.most * (cluster + 1)];
      return clusters.slice(from, to).map((other, index) => ({ node: other, share: shares[from + index] })).filter(({ node }) => node >= 0);
    };
    return [
      { title: "Confused with", help: "What gets most of the probability that it gives away when it is masked.", entries: entries(confusion.gives) },
      { title: "Confused with it", help: "What gives most to it, as a part of all that each gives.", entries: entries(confusion.gets) },
    ];
  }

  listsOfGroup(node, rivals) {
    const entries = rivals?.[node - this.explorer.tree.clusterCount] ?? [];
    return [{
      title: "Rivals", help: "Groups that it was weighed against when it was the lowest, by what a cluster of each would get.",
      entries: entries.map(([other, share]) => ({ node: other, share })),
    }];
  }

  item({ node, share, note }) {
    const row = element("li", {}, this.explorer.details.link(node));
    row.append(
      element("span", { class: "meter", "aria-hidden": "true" }, element("span", { style: { width: `${Math.min(100 * share, 100)}%` } })),
      element("span", { class: "facts" }, note ? `${Text.percent(share)} · ${note}` : Text.percent(share)));
    return row;
  }
}
