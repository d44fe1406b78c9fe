/** The curve of levels: a click cuts the tree there, a line shows where it is cut. */
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
  }

  /** Where the curve begins and ends, from left to right; groups are on a logarithmic scale from 2 to all leaves. */
  get ends() { return [Number(this.curve.dataset.first), Number(this.curve.dataset.last)]; }

  groupsAt(event) {
    const [first, last] = this.ends;
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.curve.getScreenCTM().inverse());
    const part = last > first ? Math.min(1, Math.max(0, (point.x - first) / (last - first))) : 0;
    return 2 * (this.explorer.tree.leafCount / 2) ** part;
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
