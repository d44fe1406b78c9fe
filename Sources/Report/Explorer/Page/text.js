/** Numbers as people read them. */
const Text = {
  count(number, noun, plural) {
    const digits = number.toLocaleString("en-US");
    if (noun === undefined) return digits;
    return `${digits} ${number === 1 ? noun : plural ?? noun + "s"}`;
  },

  figure(value) {
    if (value === null || value === undefined || !Number.isFinite(value)) return "–";
    const size = Math.abs(value);
    if (size !== 0 && (size < 1e-4 || size >= 1e7)) {
      const [digits, power] = value.toExponential(2).split("e");
      return `${digits} × 10${[...power].map((sign) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign] ?? (sign === "-" ? "⁻" : "")).join("")}`;
    }
    return String(Number(value.toPrecision(4)));
  },

  /** A figure from 0 to 1 with its standard error, if that is known: to a thousandth, since no error is known better. */
  withError(value, error) {
    if (error === null || error === undefined) return Text.figure(value);
    return `${value.toFixed(3)} ± ${error > 0 && error < 0.0005 ? "< 0.001" : error.toFixed(3)}`;
  },

  /** A probability; of one close to 1, what is missing. */
  probability(value) {
    if (value === null) return "–";
    return value > 0.9995 && value < 1 ? `1 − ${Text.figure(1 - value)}` : Text.figure(value);
  },

  percent(part, whole = 1) {
    const percent = (100 * part) / whole;
    if (percent > 0 && percent < 0.01) return "< 0.01 %";
    return `${percent >= 10 ? percent.toFixed(1) : percent.toFixed(2)} %`;
  },
};

/** The blocks of the scripts that are written from right to left. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** A name to stand beside other text, which takes no part in its direction: see Unicode Standard Annex 9, isolates. */
function isolated(name) {
  return rightToLeft.test(name) ? `\u2068${name}\u2069` : name;
}

/** A text, shortened to a width in the font of a context; nothing where there is no room for a letter. */
function fitted(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  const characters = [...text];
  let [low, high] = [0, characters.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (context.measureText(characters.slice(0, middle).join("") + "…").width <= width) low = middle;
    else high = middle - 1;
  }
  return low ? characters.slice(0, low).join("").trimEnd() + "…" : "";
}

/** An element with attributes and content, which is text or elements; never parsed as HTML. */
function element(name, attributes = {}, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === undefined) continue;
    if (key === "onclick") made.addEventListener("click", value);
    else if (key === "style") Object.assign(made.style, value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...content);
  return made;
}

/** A list of many rows, of which only those in view are in the document. */
class LongList {
  constructor(container, rowHeight, makeRow) {
    this.container = container;
    this.rowHeight = rowHeight;
    this.makeRow = makeRow;
    this.items = [];
    this.space = element("div", { class: "long-list-space", role: "presentation" });
    container.replaceChildren(this.space);
    container.addEventListener("scroll", () => this.render(), { passive: true });
    new ResizeObserver(() => this.render()).observe(container);
  }

  show(items) {
    this.items = items;
    this.space.style.height = `${items.length * this.rowHeight}px`;
    this.render();
  }

  scrollTo(index) {
    const top = index * this.rowHeight;
    const { scrollTop, clientHeight } = this.container;
    if (top < scrollTop || top + this.rowHeight > scrollTop + clientHeight) {
      this.container.scrollTop = top - (clientHeight - this.rowHeight) / 2;
    }
    this.render();
  }

  render() {
    if (this.isWhole) return this.put(0, this.items.length);
    const { scrollTop, clientHeight } = this.container;
    const from = Math.max(0, Math.floor(scrollTop / this.rowHeight) - 4);
    this.put(from, Math.min(this.items.length, Math.ceil((scrollTop + clientHeight) / this.rowHeight) + 4));
  }

  /** Has all rows in the document, for paper, or those in view. */
  showAll(isWhole) {
    this.isWhole = isWhole;
    this.render();
  }

  /** Puts rows into the document; the one that has the focus keeps it. */
  put(from, to) {
    const focused = document.activeElement?.closest?.(".row");
    const place = this.space.contains(focused) ? focused.getAttribute("aria-posinset") : null;
    const rows = [];
    for (let index = from; index < to; index++) {
      const row = this.makeRow(this.items[index], index);
      row.style.top = `${index * this.rowHeight}px`;
      row.style.height = `${this.rowHeight}px`;
      row.setAttribute("aria-posinset", index + 1);
      row.setAttribute("aria-setsize", this.items.length);
      rows.push(row);
    }
    this.space.replaceChildren(...rows);
    if (place !== null) rows[place - 1 - from]?.querySelector("button")?.focus({ preventScroll: true });
  }
}
