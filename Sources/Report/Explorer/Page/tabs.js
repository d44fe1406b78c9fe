/** Panels of which one is shown at a time, and the tabs that choose it; arrow keys go from tab to tab. */
class Tabs {
  constructor(list) {
    this.tabs = [...list.querySelectorAll("[role=tab]")];
    for (const tab of this.tabs) tab.addEventListener("click", () => this.show(tab));
    list.addEventListener("keydown", (event) => this.press(event));
    this.show(this.tabs[0]);
  }

  show(shown) {
    for (const tab of this.tabs) {
      const isShown = tab === shown;
      tab.setAttribute("aria-selected", String(isShown));
      tab.tabIndex = isShown ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !isShown;
    }
  }

  press(event) {
    const tabs = this.tabs.filter((tab) => !tab.hidden);
    const at = tabs.indexOf(event.target);
    const next = {
      ArrowRight: tabs[(at + 1) % tabs.length], ArrowLeft: tabs.at(at - 1), Home: tabs[0], End: tabs.at(-1),
    }[event.key];
    if (at < 0 || !next) return;
    event.preventDefault();
    this.show(next);
    next.focus();
  }
}
