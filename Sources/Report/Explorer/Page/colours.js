/** Colours as [red, green, blue], 0 to 255. */
const Colours = {
  parse(hex) {
    return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  },

  css([red, green, blue], alpha = 1) {
    return `rgb(${Math.round(red)} ${Math.round(green)} ${Math.round(blue)} / ${alpha})`;
  },

  mix(a, b, part) {
    return a.map((value, channel) => value + (b[channel] - value) * part);
  },

  /** Relative luminance (WCAG 2). */
  luminance(colour) {
    const [red, green, blue] = colour.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  },

  contrast(a, b) {
    const [low, high] = [Colours.luminance(a), Colours.luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  },

  /** The colour, moved away from the background as far as it takes to be told from it. */
  legible(colour, background, ratio) {
    const end = Colours.luminance(background) < 0.2 ? [255, 255, 255] : [0, 0, 0];
    for (let part = 0; part < 1; part += 0.05) {
      const candidate = Colours.mix(colour, end, part);
      if (Colours.contrast(candidate, background) >= ratio) return candidate;
    }
    return end;
  },

  /** The colour at `part`, 0 to 1, of a scale with stops at equal distances. */
  onScale(stops, part) {
    const place = Math.min(Math.max(part, 0), 1) * (stops.length - 1);
    const index = Math.min(Math.floor(place), stops.length - 2);
    return Colours.mix(stops[index], stops[index + 1], place - index);
  },

  /** A scale as CSS has it, from left to right. */
  gradient(stops) {
    return `linear-gradient(to right, ${stops.map((stop) => Colours.css(stop)).join(", ")})`;
  },
};

/** The colours of the page as it is shown now, light or dark. */
class Theme {
  constructor(palette) {
    this.palette = palette;
    this.read();
  }

  read() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => Colours.parse(style.getPropertyValue(`--${name}`).trim());
    this.background = colour("surface");
    this.isDark = Colours.luminance(this.background) < 0.2;
    this.ink = colour("ink");
    this.faint = colour("faint");
    this.line = colour("line");
    this.accent = colour("accent");
    const legible = (hex) => Colours.legible(Colours.parse(hex), this.background, this.isDark ? 3.2 : 2);
    this.groups = this.rounds(this.palette.colours.map(legible));
    this.categories = this.palette.categories.map(legible);
    this.other = Colours.mix(Colours.parse(this.palette.other), this.background, this.isDark ? 0.6 : 0);
    this.support = this.palette.support.map(({ colour, colourOnBlack }) => Colours.parse(this.isDark ? colourOnBlack : colour));
    this.neutral = Colours.mix(Colours.parse(this.palette.neutral), this.background, 0.25);
    this.heat = (this.isDark
      ? ["#17191e", "#223a5e", "#2f6690", "#5aa6b5", "#bfe0c4", "#fdf7d3"]
      : ["#fbfaf7", "#dbe6ee", "#9cc3dc", "#4a90c0", "#1f5a99", "#0d2a55"]).map(Colours.parse);
    this.purity = (this.isDark ? ["#e8825d", "#8a8f98", "#62b6ff"] : ["#c2410c", "#b9bec6", "#1d6fb8"]).map(Colours.parse);
  }

  /**
   * The colours, then all of them closer to the page, then all of them closer to the ink: so that three times as many
   * groups differ, and neighbours always do in hue. On a dark page the closer ones are kept from fading.
   */
  rounds(colours) {
    const paler = colours.map((colour) => Colours.legible(Colours.mix(colour, this.background, 0.42), this.background, this.isDark ? 2.1 : 1));
    const stronger = colours.map((colour) => Colours.mix(colour, this.ink, 0.48));
    return [...colours, ...paler, ...stronger];
  }

  group(index) {
    return index < 0 ? this.neutral : this.groups[index % this.groups.length];
  }
}
