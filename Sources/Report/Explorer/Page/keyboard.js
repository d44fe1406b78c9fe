/** The keys, as the help lists them. */
function addKeyboard(explorer) {
  const { tree, view } = explorer;
  const scroller = view.scroller;
  const current = () => (view.layout.has(explorer.selected) ? explorer.selected : tree.root);
  const go = (node) => { if (node >= 0) explorer.goTo(node); };

  /** The next tip; from a node with tips below, the next node that is not deeper. */
  const beside = (node, direction) => {
    const { layout } = view;
    const index = (direction > 0 ? layout.lastTip[node] : layout.firstTip[node]) + direction;
    let next = layout.tips[index] ?? -1;
    if (next < 0 || layout.isTip(node)) return next;
    while (tree.depth[next] > tree.depth[node]) next = tree.parent[next];
    return next;
  };

  const inTree = {
    ArrowLeft: () => go(tree.parent[current()]),
    ArrowRight: () => {
      const node = current();
      if (tree.isLeaf(node)) return;
      if (view.isOpen(node)) go(tree.first[node]);
      else explorer.toggle(node);
    },
    ArrowDown: () => go(beside(current(), 1)),
    ArrowUp: () => go(beside(current(), -1)),
    Home: () => go(view.layout.tips[0]),
    End: () => go(view.layout.tips.at(-1)),
    Enter: () => explorer.toggle(current()),
    " ": () => explorer.toggle(current()),
    r: () => explorer.turn(current()),
  };
  const anywhere = {
    "/": () => explorer.search.input.select(),
    "+": () => view.zoom(zoomStep),
    "=": () => view.zoom(zoomStep),
    "-": () => view.zoom(1 / zoomStep),
    "0": () => view.fit(),
    "[": () => explorer.setGroups(explorer.cut.count - 1),
    "]": () => explorer.setGroups(explorer.cut.count + 1),
    Escape: () => explorer.select(-1),
    "?": () => document.getElementById("help").showModal(),
  };
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.matches("input:not([type=range], [type=radio]), select");
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping || document.querySelector("dialog[open]")) return;
    const act = (document.activeElement === scroller && inTree[event.key]) || anywhere[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
