/** The curve of levels: a click cuts the tree there, a line shows where it is cut. Levels that stand out are marked at the slider. */
class LevelsPanel {
  constructor(explorer) {
    this.explorer = explorer;
    this.curve = document.getElementById("level-curve");
    document.getElementById("levels-tab").hidden = !this.curve;
    if (!this.curve) return;
    this.line = document.createElementNS(this.curve.namespaceURI, "path");
    this.line.setAttribute("class", "level-cut");
    this.curve.append(this.line);
    this.curve.addEventListener("click", (event) => explorer.setGroups(this.groupsAt(event)));
    for (const button of document.querySelectorAll("#levels-panel [data-groups]")) {
      button.addEventListener("click", () => explorer.setGroups(Number(button.dataset.groups)));
    }
    this.scale = new GroupScale(explorer.tree.leafCount);
    this.markSlider(explorer.data.levels);
  }

  /** Where the curve begins and ends, from left to right; groups are on a logarithmic scale from 2 to all leaves. */
  get ends() { return [Number(this.curve.dataset.first), Number(this.curve.dataset.last)]; }

  groupsAt(event) {
    const [first, last] = this.ends;
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.curve.getScreenCTM().inverse());
    const part = last > first ? Math.min(1, Math.max(0, (point.x - first) / (last - first))) : 0;
    return 2 * (this.explorer.tree.leafCount / 2) ** part;
  }

  /** The curve behind the slider, on the slider's own scale, and below it the levels that stand out. */
  markSlider({ groups, inside, recommended }) {
    const curve = document.getElementById("slider-curve");
    const points = groups.map((count, index) => `${VectorContext.number(100 * this.scale.place(count))} ${VectorContext.number(20 * (1 - inside[index]))}`);
    const area = document.createElementNS(curve.namespaceURI, "path");
    if (points.length > 1) area.setAttribute("d", `M${points.join("L")}V20H${points[0].split(" ")[0]}Z`);
    curve.replaceChildren(area);
    document.getElementById("slider-marks").replaceChildren(...recommended.map(({ groups: count, reason }) => element("button", {
      type: "button", class: "mark", style: { left: `${100 * this.scale.place(count)}%` }, title: `${Text.count(count, "group")}: ${reason}`,
      "aria-label": `${Text.count(count, "group")}: ${reason}`, onclick: () => this.explorer.setGroups(count),
    })));
  }

  update() {
    if (!this.curve) return;
    const { cut, tree } = this.explorer;
    const [first, last] = this.ends;
    const part = tree.leafCount > 2 ? Math.log(Math.max(2, cut.count) / 2) / Math.log(tree.leafCount / 2) : 0;
    this.line.setAttribute("d", `M${first + part * (last - first)} 0V${this.curve.dataset.bottom}`);
  }

  updateSelection() {}
}
