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
