// The world at one quarter: outlines or tiles, filled by the likeliest state, paler where it is less certain; or,
// against a reference, by the state whose probability rises most, stronger where it rises more.

const MANY_PARTS = 10; // of an outline: a thick line around each island would cover its colour
const FULL_RISE = 0.25; // a rise of the probability that is drawn in full strength

// The state whose probability rises most against the reference, and by how much.
function rise(frames, reference, quarter, index, states) {
  let best = 0;
  let most = 0;
  for (let state = 0; state < states; state++) {
    const change = frames.at(quarter, index, state) - reference.at(quarter, index, state);
    if (change > most + 1e-9) [best, most] = [state, change];
  }
  return [best, most];
}

function countryShapes(model, prefix) {
  const geo = model.get("geo");
  const tiles = model.get("tiles");
  const names = new Map(model.get("iso").map((iso, index) => [iso, model.get("names")[index]]));
  const outlines = new Map(geo.countries.map((country) => [country.iso, country]));
  const size = Math.min(geo.width / tiles.columns, geo.height / tiles.rows);
  const [left, top] = [(geo.width - size * tiles.columns) / 2, (geo.height - size * tiles.rows) / 2];
  return model.get("iso").map((iso) => {
    const outline = outlines.get(iso);
    const x = left + tiles.tiles[iso][0] * size;
    const y = top + tiles.tiles[iso][1] * size;
    const shape = outline.d ? svg("path", { d: outline.d, "data-iso": iso, class: "ab-land" }) : null;
    const circle = outline.r
      ? svg("circle", { cx: outline.x, cy: outline.y, r: outline.r, "data-iso": iso, class: "ab-dot" })
      : null;
    const box = svg("rect", {
      x: x + 0.6, y: y + 0.6, width: size - 1.2, height: size - 1.2, rx: 2.5, class: "ab-box", "data-iso": iso,
    });
    const text = svg("text", { x: x + size / 2, y: y + size / 2, "data-iso": iso, text: iso });
    return {
      iso, name: names.get(iso), shape, circle, box,
      tile: svg("g", { class: "ab-tile", "data-iso": iso }, box, text),
      map: { x: outline.x, y: outline.y, main: circle ?? shape },
      tiles: { x: x + size / 2, y: y + size / 2, main: null },
      code: "",
    };
  });
}

class Scene {
  constructor(model, prefix, frame) {
    this.model = model;
    this.prefix = prefix;
    this.states = model.get("states");
    this.geo = model.get("geo");
    this.countries = countryShapes(model, prefix);
    this.byIso = new Map(this.countries.map((country, index) => [country.iso, index]));
    this.focused = Math.max(0, this.byIso.get(model.get("selected")) ?? 0);
    this.outlines = new Map();
    for (const country of this.countries) country.tiles.main = country.tile;
    this.build(frame);
  }

  build(frame) {
    const { width, height, scale } = this.geo;
    const inside = `scale(${1 / scale})`;
    const land = svg("g", { transform: inside }, svg("path", { d: this.geo.neutral, class: "ab-neutral" }));
    const dots = svg("g");
    const tiles = svg("g", { class: "ab-tiles" });
    for (const country of this.countries) {
      if (country.shape) land.append(country.shape);
      if (country.circle) dots.append(country.circle);
      tiles.append(country.tile);
    }
    this.landMarks = svg("g", { transform: inside, class: "ab-marks" });
    this.flatMarks = svg("g", { class: "ab-marks" });
    this.land = svg("g", {}, land, dots);
    this.tiles = tiles;
    const options = svg("g", { role: "listbox", "aria-label": tr("Countries") }, this.land, tiles);
    this.svg = svg(
      "svg",
      { class: "ab-world", viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": tr("World map") },
      patternDefs(`${this.prefix}-map`, this.states, scale),
      patternDefs(this.prefix, this.states, 1),
      options, this.landMarks, this.flatMarks,
    );
    frame.append(this.svg);
    for (const country of this.countries) {
      for (const main of [country.map.main, country.tile]) {
        main.setAttribute("role", "option");
        main.setAttribute("aria-selected", "false");
        main.setAttribute("tabindex", "-1");
      }
      if (country.shape && country.circle) country.shape.setAttribute("aria-hidden", "true");
    }
    this.show(this.model.get("view"));
  }

  show(view) {
    this.view = view === "tiles" ? "tiles" : "map";
    this.land.toggleAttribute("hidden", this.view !== "map");
    this.landMarks.toggleAttribute("hidden", this.view !== "map");
    this.tiles.toggleAttribute("hidden", this.view !== "tiles");
    for (const group of this.outlines.values()) group.remove();
    this.outlines.clear();
    this.rove(this.focused, false);
    this.mark();
  }

  main(index) {
    return this.countries[index][this.view].main;
  }

  rove(index, focus) {
    const before = this.countries[this.focused];
    for (const main of [before.map.main, before.tile]) main.setAttribute("tabindex", "-1");
    this.focused = index;
    this.main(index).setAttribute("tabindex", "0");
    if (focus) this.main(index).focus();
  }

  paint(frames, reference, quarter) {
    if (!frames.has(quarter)) return;
    const compared = quarter >= 0 && reference.has(quarter);
    const changes = this.model.get("tint") === "change" && compared;
    this.differing = new Set();
    this.countries.forEach((country, index) => {
      const likeliest = frames.likeliest(quarter, index);
      if (compared && reference.likeliest(quarter, index) !== likeliest) {
        this.differing.add(index);
      }
      const [state, share] = changes
        ? rise(frames, reference, quarter, index, this.states.length)
        : [likeliest, frames.at(quarter, index, likeliest)];
      const level = Math.round(share * (changes ? 200 : 50));
      const differs = this.differing.has(index);
      const kind = changes ? "change" : quarter < 0 ? "record" : "state";
      const code = `${state} ${level} ${differs} ${kind}`;
      if (code === country.code) return;
      country.code = code;
      this.colour(country, state, share, differs, kind);
    });
    this.mark();
  }

  colour(country, state, share, differs, kind) {
    const changes = kind === "change";
    const certain = 0.36 + 0.64 * clamp((share - 0.25) / 0.7, 0, 1);
    const opacity = (changes ? clamp(share / FULL_RISE, 0.04, 1) : certain).toFixed(2);
    const label = this.states[state].label;
    const set = (node, fillValue) => {
      if (!node) return;
      node.setAttribute("fill", fillValue);
      node.setAttribute("fill-opacity", opacity);
      node.setAttribute("data-state", this.states[state].key);
    };
    set(country.shape, fillOf(`${this.prefix}-map`, this.states, state));
    set(country.circle, fillOf(this.prefix, this.states, state));
    set(country.box, fillOf(this.prefix, this.states, state));
    country.tile.classList.toggle("ab-strong", share > 0.55 && state !== 0);
    const size = kind === "record" ? (share < 1 ? tr("lists joined, no member") : tr("member")) : changes ? tr("{change} points", { change: points(share) }) : percent(share);
    const facts = [label, ...(state === 0 && kind === "record" ? [] : [size]), ...(differs ? [tr("differs from the reference")] : [])];
    const spoken = tr("{when}: {event}", { when: country.name, event: facts.join(", ") });
    country.map.main.setAttribute("aria-label", spoken);
    country.tile.setAttribute("aria-label", spoken);
  }

  // Outlines lie on top of everything: differing from the reference, hovered, focused, selected.
  mark(hovered = this.hovered) {
    this.hovered = hovered;
    const wanted = new Map();
    for (const index of this.differing ?? []) wanted.set(index, "ab-differs");
    const selected = this.byIso.get(this.model.get("selected"));
    if (hovered !== undefined) wanted.set(hovered, "ab-hovered");
    if (selected !== undefined) wanted.set(selected, "ab-selected");
    for (const [index, node] of this.outlines) {
      if (!wanted.has(index)) {
        node.remove();
        this.outlines.delete(index);
      }
    }
    for (const [index, kind] of wanted) {
      const node = this.outline(index);
      const islands = (node.getAttribute("d") ?? "").split("M").length > MANY_PARTS;
      node.setAttribute("class", `ab-mark ${kind}${islands ? " ab-islands" : ""}`);
    }
    for (const [index, state] of [[this.chosen, "false"], [selected, "true"]]) {
      if (index !== undefined) this.main(index).setAttribute("aria-selected", state);
    }
    this.chosen = selected;
  }

  outline(index) {
    if (!this.outlines.has(index)) {
      const country = this.countries[index];
      const flat = this.view === "tiles" ? country.box : country.circle;
      const copy = (flat ?? country.shape).cloneNode(false);
      for (const name of [...copy.getAttributeNames()]) {
        if (!["d", "cx", "cy", "r", "x", "y", "width", "height", "rx"].includes(name)) copy.removeAttribute(name);
      }
      (flat ? this.flatMarks : this.landMarks).append(copy);
      this.outlines.set(index, copy);
    }
    return this.outlines.get(index);
  }

  // The nearest country in the direction of an arrow key: within 60 degrees of it if there is one.
  towards(index, dx, dy) {
    const here = this.countries[index][this.view];
    let best = index;
    let least = Infinity;
    this.countries.forEach((country, other) => {
      const there = country[this.view];
      const ahead = (there.x - here.x) * dx + (there.y - here.y) * dy;
      const aside = Math.abs((there.x - here.x) * dy) + Math.abs((there.y - here.y) * dx);
      const cost = ahead + 2 * aside + (aside > 1.7 * ahead ? this.geo.width : 0);
      if (other !== index && ahead > 0.5 && cost < least) {
        least = cost;
        best = other;
      }
    });
    return best;
  }
}
