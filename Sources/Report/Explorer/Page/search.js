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
