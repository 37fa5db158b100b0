// Positions: each country in the unit square of its two membership probabilities. The corners are the four
// states; a shaded cell says how many countries lie there, a trail where the selected country came from.

const SIDE = 400;
const PAD = { left: 46, right: 16, top: 24, bottom: 40 };
const CELLS = 10;
const LABELLED = 60;

const LETTER = 6.3; // width of a letter and height of a line of the names, in units of the picture
const LINE = 12;
const EDGE = 7; // how far a name may stand over the edge of the square

// Where the name of a circle can stand: right of it, left, above, below; with the box that it takes.
function labelPlaces(node, name) {
  const [cx, cy, r] = ["cx", "cy", "r"].map((key) => Number(node.getAttribute(key)));
  const wide = LETTER * name.length;
  const box = (left, y) => [left, y - LINE + 2, left + wide, y + 2];
  return [
    { x: cx + r + 3, y: cy + 4, kind: "ab-start", box: box(cx + r + 3, cy + 4) },
    { x: cx - r - 3, y: cy + 4, kind: "ab-end", box: box(cx - r - 3 - wide, cy + 4) },
    { x: cx, y: cy - r - 4, kind: "ab-mid", box: box(cx - wide / 2, cy - r - 4) },
    { x: cx, y: cy + r + 12, kind: "ab-mid", box: box(cx - wide / 2, cy + r + 12) },
  ];
}

// The first place within the square where no other name stands.
function placeLabel(node, name, taken) {
  return labelPlaces(node, name).find(({ box: [left, top, right, bottom] }) =>
    left >= PAD.left - EDGE && right <= PAD.left + SIDE + EDGE && top >= PAD.top - EDGE && bottom <= PAD.top + SIDE + EDGE &&
    !taken.some((other) => left < other[2] && other[0] < right && top < other[3] && other[1] < bottom));
}

class Positions {
  constructor(model, root, prefix) {
    this.model = model;
    this.prefix = prefix;
    this.states = model.get("states");
    this.tip = html("div", { class: "ab-tip", hidden: "", "aria-hidden": "true" });
    this.cells = svg("g");
    this.trail = svg("path", { class: "ab-trail" });
    this.dots = svg("g");
    this.words = svg("g", { class: "ab-words" });
    this.svg = svg(
      "svg",
      {
        class: "ab-square", role: "img", "aria-label": model.get("title"),
        viewBox: `0 0 ${SIDE + PAD.left + PAD.right} ${SIDE + PAD.top + PAD.bottom}`,
      },
      patternDefs(prefix, this.states, 1), this.cells, this.axes(), this.trail, this.dots, this.words,
    );
    const frame = html("div", { class: "ab-frame" }, this.svg, this.tip);
    root.append(frame);
    this.nodes = model.get("iso").map((iso, index) => {
      const radius = 2.6 + 9 * Math.sqrt(model.get("sizes")[index]);
      const node = svg("circle", { r: radius.toFixed(1), "data-iso": iso, class: "ab-country" });
      return node;
    });
    // large circles first, so that small ones stay on top
    const order = this.nodes.map((_, index) => index).sort((a, b) => model.get("sizes")[b] - model.get("sizes")[a]);
    this.largest = order.slice(0, LABELLED);
    this.dots.append(...order.map((index) => this.nodes[index]));
    const pointed = (event) => {
      const index = model.get("iso").indexOf(event.target.dataset?.iso);
      return index < 0 ? undefined : index;
    };
    this.svg.addEventListener("pointermove", (event) => {
      const index = pointed(event);
      announce("hover", index === undefined ? "" : model.get("iso")[index], prefix);
      this.explain(index, event, frame);
    });
    this.svg.addEventListener("pointerleave", () => { this.tip.hidden = true; announce("hover", "", prefix); });
    this.svg.addEventListener("click", (event) => {
      const index = pointed(event);
      if (index === undefined) return;
      const iso = model.get("iso")[index];
      model.set("selected", model.get("selected") === iso ? "" : iso);
      model.save_changes();
      this.paint(this.quarter);
    });
  }

  place(share, axis) {
    return axis === "x" ? PAD.left + share * SIDE : PAD.top + (1 - share) * SIDE;
  }

  axes() {
    const group = svg("g", { class: "ab-axes" });
    group.append(svg("rect", { x: PAD.left, y: PAD.top, width: SIDE, height: SIDE, class: "ab-edge" }));
    for (const tick of [0, 0.25, 0.5, 0.75, 1]) {
      const [x, y] = [this.place(tick, "x"), this.place(tick, "y")];
      if (tick > 0 && tick < 1) {
        group.append(svg("line", { x1: x, x2: x, y1: PAD.top, y2: PAD.top + SIDE }));
        group.append(svg("line", { x1: PAD.left, x2: PAD.left + SIDE, y1: y, y2: y }));
      }
      group.append(svg("text", { x, y: PAD.top + SIDE + 15, class: "ab-mid", text: `${tick * 100}` }));
      group.append(svg("text", { x: PAD.left - 7, y: y + 4, class: "ab-end", text: `${tick * 100}` }));
    }
    const [first, second] = this.model.get("axes");
    const middle = PAD.top + SIDE / 2;
    group.append(
      svg("text", {
        x: PAD.left + SIDE / 2, y: PAD.top + SIDE + 33, class: "ab-mid ab-name", text: tr("Probability {what} (%)", { what: first.label }),
      }),
      svg("text", {
        x: 13, y: middle, class: "ab-mid ab-name", transform: `rotate(-90 13 ${middle})`,
        text: tr("Probability {what} (%)", { what: second.label }),
      }),
    );
    for (const corner of this.model.get("corners")) {
      group.append(svg("text", {
        x: this.place(corner.x, "x"), y: corner.y ? PAD.top - 7 : PAD.top + SIDE + 33,
        class: corner.x ? "ab-end ab-corner" : "ab-start ab-corner", text: corner.label,
      }));
    }
    return group;
  }

  load() {
    const model = this.model;
    this.frames = new Frames(model.get("frames"), model.get("iso").length, this.states.length);
  }

  point(quarter, index) {
    const [first, second] = this.model.get("axes");
    return [this.frames.member(quarter, index, first.bloc), this.frames.member(quarter, index, second.bloc)];
  }

  paint(quarter) {
    if (quarter >= this.frames.quarters) return;
    this.quarter = quarter;
    const counts = new Map();
    const selected = this.model.get("iso").indexOf(this.model.get("selected"));
    this.nodes.forEach((node, index) => {
      const [x, y] = this.point(quarter, index);
      const cell = Math.min(CELLS - 1, Math.floor(x * CELLS)) + CELLS * Math.min(CELLS - 1, Math.floor(y * CELLS));
      counts.set(cell, (counts.get(cell) ?? 0) + 1);
      node.setAttribute("cx", this.place(x, "x").toFixed(1));
      node.setAttribute("cy", this.place(y, "y").toFixed(1));
      const state = this.frames.likeliest(quarter, index);
      node.setAttribute("fill", fillOf(this.prefix, this.states, state));
      node.classList.toggle("ab-chosen", index === selected);
    });
    this.shade(counts);
    this.drawTrail(selected);
    this.write(selected);
  }

  shade(counts) {
    const side = SIDE / CELLS;
    const most = Math.max(...counts.values());
    this.cells.replaceChildren(
      ...[...counts].map(([cell, count]) =>
        svg("rect", {
          x: PAD.left + (cell % CELLS) * side, y: PAD.top + SIDE - (Math.floor(cell / CELLS) + 1) * side,
          width: side, height: side, class: "ab-cell", "fill-opacity": (0.02 + (0.12 * count) / most).toFixed(3),
        }),
      ),
    );
  }

  drawTrail(selected) {
    const steps = selected < 0 ? [] : Array.from({ length: this.quarter + 1 }, (_, t) => this.point(t, selected));
    const text = steps.map(([x, y]) => `${this.place(x, "x").toFixed(1)} ${this.place(y, "y").toFixed(1)}`);
    this.trail.setAttribute("d", text.length ? `M${text.join("L")}` : "");
  }

  write(selected) {
    const named = new Set(this.largest);
    if (selected >= 0) named.add(selected);
    const taken = [];
    this.words.replaceChildren(
      ...[...named].sort((a, b) => (b === selected) - (a === selected)).flatMap((index) => {
        const node = this.nodes[index];
        const name = this.model.get("names")[index];
        const found = placeLabel(node, name, taken);
        if (!found && index !== selected) return [];
        const { x, y, kind, box } = found ?? labelPlaces(node, name)[0];
        taken.push(box);
        return [svg("text", { x, y, class: `${kind}${index === selected ? " ab-bold" : ""}`, text: name })];
      }),
    );
  }

  explain(index, event, frame) {
    if (index === undefined) {
      this.tip.hidden = true;
      return;
    }
    const shares = this.states.map((_, state) => this.frames.at(this.quarter, index, state));
    const name = html("strong", { text: this.model.get("names")[index] });
    this.tip.replaceChildren(name, ...probabilityRows(this.prefix, this.states, shares));
    placeTip(this.tip, frame, event);
  }

  hover(iso) {
    for (const node of this.nodes) node.classList.toggle("ab-hover", node.dataset.iso === iso);
  }
}

function render({ model, el }) {
  const root = html("section", { class: "ab-positions", "aria-label": model.get("title") });
  el.append(root);
  const prefix = stateColours(root, model.get("states"));
  root.append(html("h3", { text: model.get("title") }));
  const view = new Positions(model, root, prefix);
  view.load();
  view.paint(model.get("quarter"));
  const handlers = {
    "change:frames": () => { view.load(); view.paint(Math.min(view.quarter, view.frames.quarters - 1)); },
    "change:quarter": () => view.paint(model.get("quarter")),
    "change:selected": () => view.paint(view.quarter),
  };
  for (const [name, handler] of Object.entries(handlers)) model.on(name, handler);
  const deaf = [
    listen("quarter", prefix, (quarter) => view.paint(quarter)),
    listen("hover", prefix, (iso) => view.hover(iso)),
  ];
  return () => {
    for (const stop of deaf) stop();
    for (const [name, handler] of Object.entries(handlers)) model.off(name, handler);
  };
}

export default { render };
