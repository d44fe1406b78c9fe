/** A button with what opens below it: closed by Escape, by a click elsewhere, and by a choice. */
class Menu {
  constructor(id) {
    this.details = document.getElementById(id);
    this.summary = this.details.querySelector("summary");
    document.addEventListener("pointerdown", (event) => {
      if (!this.details.contains(event.target)) this.close();
    });
    this.details.addEventListener("keydown", (event) => this.press(event));
    this.details.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !this.details.contains(event.relatedTarget)) this.close();
    });
    this.details.addEventListener("toggle", () => this.place());
  }

  /** What opens stays in the window. */
  place() {
    const content = this.details.querySelector(".menu-content");
    content.style.translate = "";
    const over = content.getBoundingClientRect().right - document.documentElement.clientWidth + 8;
    if (over > 0) content.style.translate = `${-over}px`;
  }

  close() {
    this.details.open = false;
  }

  press(event) {
    if (event.key === "Escape" && this.details.open) {
      event.stopPropagation();
      this.close();
      this.summary.focus();
    }
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const choices = [...this.details.querySelectorAll("button, input")].filter((choice) => choice.offsetParent);
    if (!move || !this.details.open || !choices.length || event.target.type === "radio") return;
    event.preventDefault();
    const at = choices.indexOf(document.activeElement);
    choices[(at + move + choices.length + (at < 0 && move < 0 ? 1 : 0)) % choices.length].focus();
  }
}

/** A line between two parts of the page, which is moved by the pointer or by arrow keys. */
class Splitter {
  /** `get` and `set` are of the width in pixels that it rules; `direction` is 1 if that grows to the right. */
  constructor(line, { get, set, direction, least, most }) {
    Object.assign(this, { line, get, set, direction, least, most });
    line.addEventListener("pointerdown", (event) => this.begin(event));
    line.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 16, ArrowLeft: -16 }[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      this.change(get() + step * direction);
    });
    line.addEventListener("dblclick", () => this.change(null));
    this.tell();
  }

  begin(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    this.line.setPointerCapture(event.pointerId);
    const [from, width] = [event.clientX, this.get()];
    const move = (moved) => this.change(width + (moved.clientX - from) * this.direction);
    this.line.addEventListener("pointermove", move);
    this.line.addEventListener("lostpointercapture", () => this.line.removeEventListener("pointermove", move), { once: true });
  }

  /** Sets a width; null for that which the page would choose. */
  change(width) {
    this.set(width === null ? null : Math.min(Math.max(width, this.least), this.most()));
    this.tell();
  }

  tell() {
    this.line.setAttribute("aria-valuenow", Math.round(this.get()));
    this.line.setAttribute("aria-valuemin", this.least);
    this.line.setAttribute("aria-valuemax", Math.round(this.most()));
  }
}
