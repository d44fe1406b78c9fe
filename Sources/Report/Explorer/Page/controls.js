/** How the share of a merge can be told by its lines. */
const shareForms = ["both", "tint", "width", "none"];

/** The controls of the toolbar and its menus. */
function addControls(explorer) {
  const { view, tree } = explorer;
  const on = (id, act) => document.getElementById(id).addEventListener("click", act);
  on("zoom-in", () => view.zoom(zoomStep));
  on("zoom-out", () => view.zoom(1 / zoomStep));
  on("fit", () => view.fit());
  on("help-button", () => document.getElementById("help").showModal());
  on("help-close", () => document.getElementById("help").close());
  on("link-button", () => explorer.link.copy());
  document.getElementById("link-button").hidden = !explorer.link.hasAddress;
  on("link-close", () => document.getElementById("link").close());
  new Menu("show-menu");
  document.getElementById("beside-choice").hidden = !explorer.beside;
  for (const choice of document.getElementsByName("show")) {
    choice.addEventListener("change", () => {
      explorer.setMode(choice.value);
      explorer.updateAll();
    });
  }
  const change = (id, act) => document.getElementById(id).addEventListener("change", (event) => {
    act(event.target.value);
    explorer.details.updateSelection();
    explorer.updateAll();
  });
  const colouring = document.getElementById("colouring");
  if (tree.support) colouring.append(element("option", { value: "support" }, "support"));
  explorer.labellings.forEach(({ name }, index) => colouring.append(element("option", { value: index }, `purity of ${name}`)));
  explorer.strips.all.forEach(({ name }, index) => colouring.append(element("option", { value: `strip-${index}` }, name)));
  change("colouring", (choice) => explorer.setColouring(choice));
  change("share-as", (choice) => { explorer.shareAs = choice; });
  change("name-by", (choice) => { tree.namesTerms = choice === "terms"; });
  document.getElementById("name-by").closest("label").hidden = !tree.terms;
  addPanelSplitters(explorer);
}

/** The lines between the panels of the page. */
function addPanelSplitters(explorer) {
  const main = document.querySelector("main");
  const panels = [
    { id: "groups-splitter", panel: ".groups-panel", property: "--groups-width", direction: 1 },
    { id: "aside-splitter", panel: "aside", property: "--aside-width", direction: -1 },
  ];
  for (const { id, panel, property, direction } of panels) {
    new Splitter(document.getElementById(id), {
      direction, least: 180, most: () => Math.max(main.clientWidth * 0.45, 200),
      get: () => document.querySelector(panel).getBoundingClientRect().width,
      set: (width) => (width === null ? main.style.removeProperty(property) : main.style.setProperty(property, `${width}px`)),
    });
  }
}
