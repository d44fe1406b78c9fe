/** What a class is confused with, and why a group was merged with the one it was and not with the next: links with shares. */
class ConfusionPanel {
  constructor(explorer) {
    this.explorer = explorer;
    this.place = document.getElementById("confusion");
  }

  /** Shows the lists that there are for a node. */
  show(node) {
    const { tree } = this.explorer;
    const lists = [...(tree.isLeaf(node) ? this.listsOfClass(node) : []), ...this.rivals(node), ...this.strange(node)];
    this.place.replaceChildren(...lists.filter(({ entries }) => entries.length).flatMap(({ title, help, entries }) => [
      element("h3", {}, title),
      element("p", { class: "facts" }, help),
      element("ul", { class: "confused" }, ...entries.map((entry) => this.item(entry))),
    ]));
  }

  listsOfClass(cluster) {
    const { confusion } = this.explorer.data;
    if (!confusion) return [];
    const entries = ({ clusters, shares }) => this.part(clusters, cluster, confusion.most)
      .map((other, index) => ({ node: other, part: shares[confusion.most * cluster + index], text: Text.percent(shares[confusion.most * cluster + index]) }));
    return [
      { title: "Confused with", help: "Without this class its samples would go to these: parts of all that it loses.", entries: entries(confusion.getters) },
      { title: "Confused with it", help: "Without one of these its samples would go to this class: parts of all that each loses.", entries: entries(confusion.givers) },
    ];
  }

  /** The groups that the lowest group of the merge above a node might have been merged with. */
  rivals(node) {
    const { tree, data } = this.explorer;
    const parent = tree.parent[node];
    if (!data.rivals || parent < 0) return [];
    const at = parent - tree.clusterCount;
    const { most, nodes, reassigned, shares } = data.rivals;
    const others = this.part(nodes, at, most);
    if (others.length < 2) return [];
    const largest = reassigned.slice(most * at, most * at + others.length).reduce((a, b) => Math.max(a, b), Number.MIN_VALUE);
    const isLowest = tree.merges.lowest[at] === node;
    const lowest = isolated(tree.label(tree.merges.lowest[at]));
    return [{
      title: isLowest ? `Why with ${isolated(tree.label(others[0]))}` : `Why ${lowest} chose it`,
      help: `What these get of what ${isLowest ? "it" : "that"} loses, for each of their clusters, by which the partner is chosen, and in all.`,
      entries: others.map((other, index) => ({
        node: other, part: reassigned[most * at + index] / largest,
        text: `${Text.figure(reassigned[most * at + index])} · ${Text.percent(shares[most * at + index])}`,
      })),
    }];
  }

  /** Of the root, the clusters that a taxonomy has among others: those that are nearer to others than chance has it. */
  strange(node) {
    const { tree, data } = this.explorer;
    if (node !== tree.root || !data.strange) return [];
    return [{
      title: "Sit strangely",
      help: "Far from their siblings in the taxonomy: how often another cluster is nearer than a sibling; 50 % by chance.",
      entries: data.strange.filter(({ strangeness }) => strangeness > 0.5).map(({ cluster, group, strangeness }) => ({
        node: cluster, part: strangeness, name: `${isolated(tree.names[cluster])} (${group})`, text: Text.percent(strangeness),
      })),
    }];
  }

  /** A part of a column that has `most` places for each; −1 ends it. */
  part(column, index, most) {
    const part = column.slice(most * index, most * (index + 1));
    return part.includes(-1) ? part.slice(0, part.indexOf(-1)) : part;
  }

  item({ node, part, text, name }) {
    return element("li", {}, this.explorer.details.link(node, name),
      element("span", { class: "meter", "aria-hidden": "true" }, element("span", { style: { width: `${Math.min(100 * part, 100)}%` } })),
      element("span", { class: "facts" }, text));
  }
}
