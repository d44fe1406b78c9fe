/** What colours and widths stand for: below the tree, and below a picture of it. */
class Legend {
  constructor(explorer) {
    this.explorer = explorer;
    this.list = document.getElementById("legend");
  }

  /** Its parts: a title, and keys with words, or the ends of a scale. */
  parts() {
    const { explorer } = this;
    const { theme, tree, strips } = explorer;
    if (explorer.mode === "beside") return this.besideParts();
    const parts = [];
    if (explorer.coloursSupport) {
      const keys = theme.palette.support.map(({ name }, index) => ({ name, colour: theme.support[index], isLine: true }));
      parts.push({ id: "support-legend", title: "Support", keys });
    }
    const labelling = explorer.labellings[explorer.labelling];
    if (labelling) parts.push({ id: "purity-legend", title: `Purity of ${labelling.name}`, ends: ["0 %", "100 %"], scale: theme.purity });
    if (explorer.colourStrip) parts.push({ id: "colour-legend", title: explorer.colourStrip.name, ...explorer.colourStrip.legend() });
    if (explorer.shareAs !== "none" && tree.merges.lowest.length) {
      parts.push({ id: "share-legend", title: "Share of the partner", keys: this.shareKeys() });
    }
    for (const strip of strips.shown) parts.push({ mark: strip.mark, title: strip.name, ...strip.legend(strip.isBar) });
    return parts;
  }

  besideParts() {
    const { beside, data } = this.explorer;
    return [{ id: "beside-legend", title: `${data.run.store} and ${beside.name}`, keys: [
      { name: "groups that both trees have", colour: beside.colour(true), isLine: true },
      { name: "groups of one alone", colour: beside.colour(false), isLine: true },
    ] }];
  }

  shareKeys() {
    const { explorer } = this;
    const { theme, tree } = explorer;
    return ["below 10 %", "10 to 25 %", "25 to 50 %", "from 50 %"].map((name, index) => ({
      name, isLine: true, width: explorer.widens ? 2 * strengthWidths[index] : 1.5,
      colour: explorer.tints ? Colours.mix(theme.background, theme.ink, tree.opacities[index]) : theme.ink,
    }));
  }

  show() {
    this.list.replaceChildren(...this.elements());
  }

  elements() {
    return this.parts().map(({ id, mark, title, keys = [], ends, scale, rest }) => {
      const part = element("span", { class: "legend", id }, element("b", {}, mark ? `${mark} · ${title}` : title));
      part.append(...keys.map(({ name, colour, isLine, width }) => element("span", { class: "key" },
        element("span", { class: isLine ? "swatch" : "swatch box", style: { background: Colours.css(colour), height: width && `${width}px` } }), name)));
      if (ends) part.append(ends[0], element("span", { class: "scale", style: { background: Colours.gradient(scale) } }), ends[1]);
      if (rest > 0) part.append(`and ${Text.count(rest)} more`);
      return part;
    });
  }
}

/** The legend as a picture has it, laid out for a width. */
class LegendPicture {
  constructor(explorer, width) {
    this.explorer = explorer;
    this.width = width;
    this.ruler = element("canvas").getContext("2d");
    this.ruler.font = smallFont;
    this.items = [];
    this.line = 0;
    this.place();
  }

  get height() { return 12 + 18 * (this.line + 1); }

  place() {
    for (const { mark, title, keys = [], ends, scale, rest } of this.explorer.legend.parts()) {
      if (this.items.length) this.line++;
      this.x = 18;
      this.add({ text: mark ? `${mark} · ${title}` : title, isTitle: true }, 0);
      for (const key of keys) this.add({ ...key, text: key.name }, 20);
      if (ends) {
        this.add({ text: ends[0] }, 0);
        this.add({ text: ends[1], scale }, 104);
      }
      if (rest > 0) this.add({ text: `and ${Text.count(rest)} more` }, 0);
    }
  }

  /** Adds words after a sign of some width, on the next line if this one is full. */
  add(item, sign) {
    const width = sign + this.ruler.measureText(item.text).width * (item.isTitle ? 1.1 : 1);
    if (this.x + width > this.width - 18 && this.x > 18) {
      this.line++;
      this.x = 18;
    }
    this.items.push({ ...item, sign, x: this.x, line: this.line });
    this.x += width + 14;
  }

  draw(context, top) {
    const { theme } = this.explorer;
    context.textAlign = "left";
    context.textBaseline = "middle";
    for (const item of this.items) {
      const [x, y] = [item.x, top + 15 + 18 * item.line];
      if (item.scale) this.drawScale(context, item.scale, x, y);
      else if (item.colour) {
        const high = item.isLine ? item.width ?? 3 : 11;
        context.fillStyle = Colours.css(item.colour);
        context.fillRect(x, y - high / 2, 14, high);
      }
      context.fillStyle = Colours.css(item.isTitle ? theme.ink : theme.faint);
      context.font = item.isTitle ? smallFont.replace("11px", "600 11px") : smallFont;
      context.fillText(item.text, x + item.sign, y);
    }
  }

  drawScale(context, scale, x, y) {
    for (let step = 0; step < 24; step++) {
      context.fillStyle = Colours.css(Colours.onScale(scale, step / 23));
      context.fillRect(x + 4 * step, y - 4, 4.2, 8);
    }
  }
}
