/** A path as SVG has it, made by a canvas's methods. */
class VectorPath {
  constructor() {
    this.parts = [];
  }

  add(letter, ...numbers) {
    this.parts.push(letter + numbers.map(VectorContext.number).join(" "));
  }

  moveTo(x, y) { this.add("M", x, y); }
  lineTo(x, y) { this.add("L", x, y); }
  closePath() { this.parts.push("Z"); }
  quadraticCurveTo(...points) { this.add("Q", ...points); }
  bezierCurveTo(...points) { this.add("C", ...points); }

  rect(x, y, width, height) {
    this.add("M", x, y);
    this.add("h", width);
    this.add("v", height);
    this.add("h", -width);
    this.closePath();
  }

  roundRect(x, y, width, height, radius) {
    const r = Math.min(radius, width / 2, height / 2);
    this.add("M", x + r, y);
    for (const [dx, dy, cornerX, cornerY] of [
      [width - 2 * r, 0, r, r], [0, height - 2 * r, -r, r], [2 * r - width, 0, -r, -r], [0, 2 * r - height, r, -r],
    ]) {
      this.add("l", dx, dy);
      this.add("a", r, r, 0, 0, 1, cornerX, cornerY);
    }
    this.closePath();
  }

  /** A whole circle. */
  arc(x, y, radius) {
    this.add("M", x - radius, y);
    this.add("a", radius, radius, 0, 1, 1, 2 * radius, 0);
    this.add("a", radius, radius, 0, 1, 1, -2 * radius, 0);
  }

  toString() { return this.parts.join(""); }
}

/**
 * What the painter uses of a canvas's context, written down as SVG: a picture to keep is drawn by the same code as the one
 * on the page. Colours have their opacity apart, and text its baseline worked out, since not all readers of SVG know
 * the newer ways.
 */
class VectorContext {
  /** `prefix` is that of identifiers, which differ between pictures on a page. */
  constructor(width, height, prefix = "") {
    Object.assign(this, { width, height, prefix, elements: [], gradients: [], groups: [], dash: "" });
    Object.assign(this, { lineWidth: 1, lineJoin: "miter", textAlign: "left", textBaseline: "alphabetic" });
    this.ruler = document.createElement("canvas").getContext("2d");
    this.path = new VectorPath();
  }

  static number(value) { return String(Math.round(value * 100) / 100); }

  static escaped(text) {
    return text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);
  }

  /** Attributes of a paint that is a colour as `Colours.css` writes it, or a gradient. */
  paint(name, style) {
    if (style.identifier) return ` ${name}="url(#${style.identifier})"`;
    const [red, green, blue, alpha] = style.match(/[\d.e-]+/g).map(Number);
    return ` ${name}="rgb(${red},${green},${blue})"${alpha < 1 ? ` ${name}-opacity="${VectorContext.number(alpha)}"` : ""}`;
  }

  newPath() { return new VectorPath(); }
  beginPath() { this.path = new VectorPath(); }
  moveTo(...point) { this.path.moveTo(...point); }
  lineTo(...point) { this.path.lineTo(...point); }
  rect(...box) { this.path.rect(...box); }
  roundRect(...box) { this.path.roundRect(...box); }
  arc(...circle) { this.path.arc(...circle); }
  bezierCurveTo(...points) { this.path.bezierCurveTo(...points); }
  closePath() { this.path.closePath(); }
  setLineDash(lengths) { this.dash = lengths.length ? ` stroke-dasharray="${lengths.join(" ")}"` : ""; }
  // Transforms are groups that are open until the state before is restored.
  save() { this.groups.push(0); }

  restore() { this.elements.push("</g>".repeat(this.groups.pop())); }

  translate(x, y) { this.transform(`translate(${VectorContext.number(x)} ${VectorContext.number(y)})`); }

  scale(x, y) { this.transform(`scale(${VectorContext.number(x)} ${VectorContext.number(y)})`); }

  transform(how) {
    this.elements.push(`<g transform="${how}">`);
    this.groups[this.groups.length - 1]++;
  }

  fill(path = this.path) {
    if (path.parts.length) this.elements.push(`<path d="${path}"${this.paint("fill", this.fillStyle)}/>`);
  }

  stroke(path = this.path) {
    if (!path.parts.length) return;
    const width = VectorContext.number(this.lineWidth);
    this.elements.push(`<path d="${path}" fill="none"${this.paint("stroke", this.strokeStyle)} stroke-width="${width}" `
      + `stroke-linejoin="${this.lineJoin}"${this.dash}/>`);
  }

  fillRect(x, y, width, height) {
    const [left, top, wide, high] = [x, y, width, height].map(VectorContext.number);
    this.elements.push(`<rect x="${left}" y="${top}" width="${wide}" height="${high}"${this.paint("fill", this.fillStyle)}/>`);
  }

  measureText(text) {
    this.ruler.font = this.font;
    return this.ruler.measureText(text);
  }

  fillText(text, x, y) {
    const [, weight, size, family] = this.font.match(/^(?:(\d+) )?([\d.]+)px (.*)$/);
    const anchor = { left: "start", center: "middle", right: "end" }[this.textAlign];
    const baseline = this.textBaseline === "middle" ? y + 0.35 * size : y;
    this.elements.push(`<text x="${VectorContext.number(x)}" y="${VectorContext.number(baseline)}" font-size="${size}"`
      + `${weight ? ` font-weight="${weight}"` : ""}${anchor === "start" ? "" : ` text-anchor="${anchor}"`}`
      + ` font-family="${VectorContext.escaped(family)}"${this.paint("fill", this.fillStyle)}>${VectorContext.escaped(text)}</text>`);
  }

  createLinearGradient(fromX, fromY, toX, toY) {
    const gradient = { identifier: `${this.prefix}gradient-${this.gradients.length + 1}`, ends: [fromX, fromY, toX, toY], stops: [] };
    gradient.addColorStop = (offset, style) => gradient.stops.push(`<stop offset="${offset}"${this.paint("stop-color", style)
      .replace("stop-color-opacity", "stop-opacity")}/>`);
    this.gradients.push(gradient);
    return gradient;
  }

  /** The picture. */
  svg(title) {
    const gradients = this.gradients.map(({ identifier, ends, stops }) => {
      const [x1, y1, x2, y2] = ends.map(VectorContext.number);
      return `<linearGradient id="${identifier}" gradientUnits="userSpaceOnUse" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}">`
        + `${stops.join("")}</linearGradient>`;
    });
    const [width, height] = [this.width, this.height].map(VectorContext.number);
    // The page itself names no address, not even a namespace's.
    const { namespaceURI } = document.querySelector("svg");
    return `<svg xmlns="${namespaceURI}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">\n`
      + `<title>${VectorContext.escaped(title)}</title>\n`
      + (gradients.length ? `<defs>${gradients.join("\n")}</defs>\n` : "")
      + `${this.elements.join("\n")}\n</svg>\n`;
  }
}
