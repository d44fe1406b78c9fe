/** Search by name, as one types: clusters, and groups that a taxonomy has a term for. */
class SearchPanel {
  constructor(explorer) {
    this.explorer = explorer;
    this.input = document.getElementById("search");
    this.hits = document.getElementById("hits");
    const { tree } = explorer;
    const leaves = [...tree.leaves].sort((a, b) => a - b).map((leaf) => ({ node: leaf, name: tree.names[leaf] }));
    this.places = [...this.groups(), ...leaves].map((place) => ({ ...place, key: this.key(place.name) }));
    if (tree.terms) this.input.placeholder = "Search clusters, groups  /";
    this.active = 0;
    this.input.addEventListener("input", () => this.search());
    this.input.addEventListener("focus", () => this.search());
    this.input.addEventListener("blur", () => this.close());
    this.input.addEventListener("keydown", (event) => this.press(event));
    // A press on a hit must not take the focus away before it is a click.
    this.hits.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  /** For each term that is some node's name, the node that it fits best. */
  groups() {
    const { tree } = this.explorer;
    const best = new Map();
    tree.terms?.index.forEach((index, merge) => {
      const node = tree.clusterCount + merge;
      if (index < 0) return;
      const term = tree.termOf(node);
      if (!(best.get(index)?.f1 >= term.f1)) best.set(index, { ...term, node });
    });
    return [...best.values()];
  }

  /** Names compare without case and accents. */
  key(text) {
    return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  }

  /** Names that are the words come first, then those that begin with them, those with a word that does, and the others. */
  find(words) {
    const ranked = [[], [], [], []];
    for (const place of this.places) {
      const at = place.key.indexOf(words);
      if (at < 0) continue;
      const isWord = at > 0 && !/[\p{L}\p{N}]/u.test(place.key[at - 1]);
      ranked[place.key === words ? 0 : at === 0 ? 1 : isWord ? 2 : 3].push(place);
    }
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
    const rows = this.found.slice(0, 60).map((place, index) =>
      element("li", {
        role: "option", id: `hit-${index}`, "aria-selected": String(index === this.active),
        onclick: () => this.choose(index),
      }, element("span", { class: "name" }, place.name), element("span", { class: "facts" }, this.facts(place))));
    const rest = this.found.length - rows.length;
    const remark = (text) => element("li", { class: "none", role: "option", "aria-disabled": "true" }, text);
    if (!rows.length) rows.push(remark(`No cluster${tree.terms ? " or group" : ""} has this in its name`));
    if (rest > 0) rows.push(remark(`and ${Text.count(rest)} more`));
    this.hits.replaceChildren(...rows);
    this.hits.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.input.setAttribute("aria-activedescendant", this.found.length ? `hit-${this.active}` : "");
    document.getElementById(`hit-${this.active}`)?.scrollIntoView({ block: "nearest" });
  }

  facts({ node, leaves }) {
    const { tree } = this.explorer;
    return tree.isLeaf(node) ? Text.count(tree.samples[node], "sample")
      : `group · ${Text.count(leaves)} of ${Text.count(tree.size[node], "cluster")}`;
  }

  close() {
    this.hits.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  choose(index) {
    const place = this.found[index];
    this.close();
    if (place) this.explorer.goTo(place.node);
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
