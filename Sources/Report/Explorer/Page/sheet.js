/** On a narrow screen the details are a sheet at the bottom: its tabs are in sight, and it rises when something is selected. */
class Sheet {
  constructor(explorer) {
    this.explorer = explorer;
    this.sheet = document.getElementById("details");
    this.button = document.getElementById("sheet-button");
    this.narrow = window.matchMedia("(max-width: 760px)");
    this.button.addEventListener("click", () => this.set({ closed: "half", half: "full", full: "closed" }[this.state]));
    document.getElementById("tabs").addEventListener("click", (event) => {
      if (event.target.matches("[role=tab]")) this.open();
    });
    this.sheet.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.isUp) this.set("closed");
    });
    this.addDrag();
    this.set("closed");
  }

  get isUp() { return this.narrow.matches && this.state !== "closed"; }

  set(state) {
    this.state = this.sheet.dataset.sheet = state;
    this.button.textContent = { closed: "▴", half: "▴", full: "▾" }[state];
    this.button.setAttribute("aria-expanded", String(state !== "closed"));
    this.button.setAttribute("aria-label", { closed: "Show details", half: "Show more of the details", full: "Close the details" }[state]);
  }

  /** Rises, if it is down; what is at `clientY` stays in sight above it. */
  open(clientY = 0) {
    if (!this.narrow.matches) return;
    if (this.state === "closed") this.set("half");
    const over = clientY - window.innerHeight * 0.42;
    if (over > 0) window.scrollBy({ top: over, behavior: "instant" });
  }

  /** A swipe on its head moves it up or down. */
  addDrag() {
    let from = null;
    const head = this.sheet.querySelector(".sheet-head");
    head.addEventListener("touchstart", (event) => { from = event.touches[0].clientY; }, { passive: true });
    head.addEventListener("touchend", (event) => {
      const moved = event.changedTouches[0].clientY - from;
      if (Math.abs(moved) < 30) return;
      const states = ["closed", "half", "full"];
      this.set(states[Math.min(Math.max(states.indexOf(this.state) - Math.sign(moved), 0), 2)]);
    }, { passive: true });
  }
}
