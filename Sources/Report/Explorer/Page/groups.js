/** The groups of the cut, and the slider that sets how many. */
class GroupsPanel {
  constructor(explorer) {
    this.explorer = explorer;
    this.slider = document.getElementById("slider");
    this.number = document.getElementById("count");
    this.summary = document.getElementById("groups-summary");
    this.scale = new GroupScale(explorer.tree.leafCount);
    this.list = new LongList(document.getElementById("groups"), 66, (group) => this.row(group));
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
    const row = element("button", { class: tree.term(node) ? "group named" : "group", type: "button", "aria-current": isSelected && "true" },
      element("span", { class: "swatch", style: { background: colour } }),
      element("span", { class: "name", title: tree.label(node) }, tree.title(node)),
      element("span", { class: "facts" }, ...this.facts(node)),
      element("span", { class: "share" }, Text.percent(share)),
      element("span", { class: "bar", style: { width: `${100 * share}%`, background: colour } }));
    row.addEventListener("click", () => this.explorer.goTo(node));
    return element("div", { class: "row", role: "listitem" }, row);
  }

  /** How large a group is; on a second line its most typical members, if its name is something else. */
  facts(node) {
    const { tree } = this.explorer;
    const lines = [element("span", {}, `${tree.extent(node)} · ${Text.count(tree.samples[node], "sample")}`)];
    if (tree.term(node)) lines.push(element("span", {}, tree.typicalNames(node)));
    return lines;
  }
}
