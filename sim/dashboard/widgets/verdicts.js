// The frozen forecast of a list against who joined it: a tint of the map with its legend, for the list that is chosen.

const VERDICTS = [
  ["hit", tr("Joined, as forecast")],
  ["unforeseen", tr("Joined, not foreseen")],
  ["alarm", tr("Foreseen, stayed out")],
];
const VERDICT_NOTE = tr("The frozen forecast against what happened, list by list. Foreseen: among as many likeliest states as joined.");

// Hatches tell the kinds apart without their colour: full = hit, stripes = not foreseen, outline dots = stayed out.
function verdictDefs(prefix, sides, scale) {
  const defs = svg("defs");
  const pattern = (kind, side, draw) => {
    const node = svg("pattern", {
      id: `${prefix}-v-${kind}-${side}`, patternUnits: "userSpaceOnUse", width: 5, height: 5,
      patternTransform: `scale(${scale}) rotate(45)`, "data-scale": scale,
    }, ...draw);
    defs.append(node);
  };
  for (const side of sides) {
    pattern("unforeseen", side, [
      svg("rect", { width: 5, height: 5, fill: "var(--paper)" }), svg("rect", { width: 2.6, height: 5, fill: `var(--s${side})` }),
    ]);
    pattern("alarm", side, [
      svg("rect", { width: 5, height: 5, fill: "var(--soft)" }), svg("circle", { cx: 2.5, cy: 2.5, r: 1.1, fill: `var(--s${side})` }),
    ]);
  }
  return defs;
}

function verdictFill(prefix, kind, side) {
  if (kind === "hit") return `var(--s${side})`;
  return kind === "rest" ? "var(--land)" : `url(#${prefix}-v-${kind}-${side})`;
}

class Verdicts {
  constructor(model, scene, prefix) {
    this.model = model;
    this.scene = scene;
    this.prefix = prefix;
    this.picker = html("select", {
      class: "ab-pick-list", "aria-label": tr("Forecast of which list"),
      onchange: () => { model.set("outcome", this.picker.value); model.save_changes(); },
    });
    this.sentence = html("p", { class: "ab-note" });
    this.keys = html("div", { class: "ab-legend" });
    this.node = html("div", { class: "ab-verdicts", hidden: "" }, this.picker, this.keys, this.sentence);
    this.read();
  }

  read() {
    this.lists = JSON.parse(this.model.get("verdicts"));
    const sides = [...new Set(this.lists.map((list) => list.state))];
    for (const old of this.scene.svg.querySelectorAll(".ab-verdict-defs")) old.remove();
    for (const [prefix, scale] of [[`${this.prefix}-map`, this.scene.geo.scale], [this.prefix, 1]]) {
      const defs = verdictDefs(prefix, sides, scale);
      defs.setAttribute("class", "ab-verdict-defs");
      this.scene.svg.prepend(defs);
    }
    this.picker.replaceChildren(...this.lists.map((list) => html("option", { value: list.key, text: list.name })));
  }

  get list() {
    return this.lists.find((list) => list.key === this.model.get("outcome")) ?? this.lists[0];
  }

  get on() {
    return this.model.get("tint") === "reality" && this.lists.length > 0;
  }

  // Colours every country; returns nothing else to be said.
  paint() {
    const list = this.list;
    this.picker.value = list.key;
    this.sentence.textContent = list.sentence;
    this.keys.replaceChildren(
      ...VERDICTS.map(([kind, label]) => html("span", { class: "ab-key" }, this.swatch(kind, list.state), html("span", { text: label }), html("b", { text: list.counts[kind] }))),
    );
    this.scene.differing = new Set();
    for (const country of this.scene.countries) {
      const [kind] = list.states[country.iso] ?? ["rest"];
      const code = `verdict ${list.key} ${kind}`;
      if (code === country.code) continue;
      country.code = code;
      const fills = [[country.shape, `${this.prefix}-map`], [country.circle, this.prefix], [country.box, this.prefix]];
      for (const [node, prefix] of fills) {
        if (!node) continue;
        node.setAttribute("fill", verdictFill(prefix, kind, list.state));
        node.setAttribute("fill-opacity", 1);
        node.setAttribute("data-state", kind);
      }
      country.tile.classList.toggle("ab-strong", kind === "hit");
      const spoken = tr("{when}: {event}", { when: country.name, event: this.words(country.iso) });
      country.map.main.setAttribute("aria-label", spoken);
      country.tile.setAttribute("aria-label", spoken);
    }
    this.scene.mark();
  }

  words(iso) {
    const found = this.list.states[iso];
    if (!found) return tr("leads a bloc");
    const [kind, chance] = found;
    const joined = kind === "hit" || kind === "unforeseen" ? tr("joined") : tr("stayed out");
    const share = chance < 0.01 ? tr("under 1 %") : percent(chance);
    const foreseen = kind === "hit" || kind === "alarm" ? tr("among the likeliest") : tr("not among the likeliest");
    return tr("{joined}; forecast {share}, {foreseen}", { joined, share, foreseen });
  }

  swatch(kind, side) {
    const box = svg("svg", { class: "ab-swatch", viewBox: "0 0 14 14", "aria-hidden": "true" });
    box.append(svg("rect", { width: 14, height: 14, rx: 3, fill: verdictFill(this.prefix, kind, side) }));
    return box;
  }

  tell(tip, country) {
    tip.replaceChildren(html("strong", { text: country.name }), html("div", { text: this.list.name }), html("div", { text: this.words(country.iso) }));
  }
}
