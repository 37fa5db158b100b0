// Shared by all widgets of the page: elements, colours, the local bus, decoding of probability arrays.

const SVG = "http://www.w3.org/2000/svg";

// Words and numbers in the reader's language: English texts are keys, SAID holds what they are called in SPOKEN.
function tr(text, values = {}) {
  return filled(SAID[text] ?? text, values);
}

function trn(one, many, number, values = {}) {
  const form = new Intl.PluralRules(SPOKEN).select(number) === "one" ? 0 : 1;
  return filled((SAID[one] ?? [one, many])[form], { n: decimal(number), ...values });
}

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

const LOCALE = SPOKEN === "en" ? "en-GB" : SPOKEN;

function decimal(value, digits = 0) {
  const form = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(LOCALE, form).format(value);
}

function html(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(node, attributes, children = []) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

// Colours of the states as CSS variables --s0, --s1, ... (light and dark) on the widget's own root.
function stateColours(root, states) {
  window.aiblocsWidgets = (window.aiblocsWidgets ?? 0) + 1; // every widget is a module of its own
  const name = `ab-${window.aiblocsWidgets}`;
  root.classList.add("ab", name);
  const line = (key) => states.map((state, index) => `--s${index}:${state[key]}`).join(";");
  root.append(html("style", { text: `.${name}{${line("light")}} .theme--dark .${name}{${line("dark")}}` }));
  return name;
}

// Widgets of one page talk to each other here, without a trip to the server.
function announce(kind, value, from) {
  window.dispatchEvent(new CustomEvent(`aiblocs:${kind}`, { detail: { value, from } }));
}

function listen(kind, from, heard) {
  const handler = (event) => {
    if (event.detail.from !== from) heard(event.detail.value);
  };
  window.addEventListener(`aiblocs:${kind}`, handler);
  return () => window.removeEventListener(`aiblocs:${kind}`, handler);
}

function bytesOf(view) {
  return view ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength) : new Uint8Array(0);
}

// Probabilities come as bytes [quarters, countries, states] in half per cent. Quarters before the start of the futures, of
// which there is a record, have negative numbers: -1 is the last of them.
class Frames {
  constructor(view, countries, states, past) {
    this.countries = countries;
    this.states = states;
    const [before, after] = [bytesOf(past), bytesOf(view)];
    this.past = Math.floor(before.length / (countries * states));
    this.quarters = Math.floor(after.length / (countries * states));
    this.bytes = new Uint8Array(before.length + after.length);
    this.bytes.set(before);
    this.bytes.set(after, before.length);
  }

  has(quarter) {
    return quarter >= -this.past && quarter < this.quarters;
  }

  start(quarter, country) {
    return ((quarter + this.past) * this.countries + country) * this.states;
  }

  at(quarter, country, state) {
    return this.bytes[this.start(quarter, country) + state] / 200;
  }

  // Probability of belonging to one bloc: the states whose bitmask holds it.
  member(quarter, country, bloc) {
    let total = 0;
    for (let state = 0; state < this.states; state++) {
      if ((state >> bloc) & 1) total += this.at(quarter, country, state);
    }
    return Math.min(1, total);
  }

  likeliest(quarter, country) {
    const start = this.start(quarter, country);
    let best = 0;
    for (let state = 1; state < this.states; state++) {
      if (this.bytes[start + state] > this.bytes[start + best]) best = state;
    }
    return best;
  }

  // How many countries were in a state, of a record; who joined lists alone was in none.
  counted(quarter, state) {
    let total = 0;
    for (let country = 0; country < this.countries; country++) {
      const drawn = this.likeliest(quarter, country);
      total += (this.at(quarter, country, drawn) === 1 ? drawn : 0) === state;
    }
    return total;
  }

  expected(quarter, state) {
    let total = 0;
    for (let country = 0; country < this.countries; country++) total += this.at(quarter, country, state);
    return total;
  }
}

function percent(share) {
  return percents(Math.round(share * 100));
}

function percents(number) {
  return tr("{n} %", { n: decimal(number) });
}

// A quarter by its name in the data, as the reader writes it.
function quarterLabel(name) {
  return name && tr("{year}Q{quarter}", { year: name.slice(0, 4), quarter: name.slice(5) });
}

function points(change) {
  const whole = Math.round(change * 100);
  return whole === 0 ? "±0" : `${whole > 0 ? "+" : "−"}${Math.abs(whole)}`;
}

// Fills of states: plain colours, and stripes in the colours of the blocs for states of two or more.
function patternDefs(prefix, states, scale) {
  const defs = svg("defs");
  states.forEach((state, index) => {
    if (state.blocs.length < 2) return;
    const width = 2.4;
    const pattern = svg("pattern", {
      id: `${prefix}-p${index}`,
      patternUnits: "userSpaceOnUse",
      width: width * state.blocs.length,
      height: 8,
      patternTransform: `scale(${scale}) rotate(45)`,
      "data-scale": scale,
    });
    state.blocs.forEach((bloc, order) => {
      pattern.append(svg("rect", { x: order * width, width, height: 8, fill: `var(--s${bloc})` }));
    });
    defs.append(pattern);
  });
  return defs;
}

// Keeps stripes as wide on the screen as they are drawn, however large the picture is shown.
function setGrain(root, unitsPerPixel) {
  for (const pattern of root.querySelectorAll("pattern")) {
    pattern.setAttribute("patternTransform", `scale(${pattern.dataset.scale * unitsPerPixel}) rotate(45)`);
  }
}

function fillOf(prefix, states, index) {
  return states[index].blocs.length < 2 ? `var(--s${index})` : `url(#${prefix}-p${index})`;
}

function swatch(prefix, states, index) {
  const box = svg("svg", { class: "ab-swatch", viewBox: "0 0 14 14", "aria-hidden": "true" });
  box.append(svg("rect", { width: 14, height: 14, rx: 3, fill: fillOf(prefix, states, index) }));
  return box;
}

// A text without the marks over and under its letters, as names of files have it.
function plainLetters(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "");
}

function clamp(value, low, high) {
  return Math.min(high, Math.max(low, value));
}

// One line per state with its probability, used by the tooltips of map and positions.
function probabilityRows(prefix, states, probabilities) {
  return states.map((state, index) =>
    html(
      "div",
      { class: "ab-tip-row" },
      swatch(prefix, states, index),
      html("span", { text: state.label }),
      html("b", { text: percent(probabilities[index]) }),
    ),
  );
}

function placeTip(tip, frame, event) {
  const box = frame.getBoundingClientRect();
  tip.hidden = false;
  const x = clamp(event.clientX - box.left + 14, 4, Math.max(4, box.width - tip.offsetWidth - 4));
  const below = event.clientY - box.top + 16;
  const y = below + tip.offsetHeight > box.height ? event.clientY - box.top - tip.offsetHeight - 12 : below;
  tip.style.transform = `translate(${x}px, ${Math.max(0, y)}px)`;
}

// Text as nodes, the first words of the glossary in it marked, each once. `stops`: whether the keyboard stops at them.
const WORDS = new RegExp(
  `(?<![\\p{L}\\p{N}_-])(${FORMS.map((form) => form.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})(?![\\p{L}\\p{N}_-])`, "giu",
);

function glossed(text, stops = true) {
  const seen = new Set();
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(WORDS)) {
    const term = GLOSSARY[match[0].toLowerCase()];
    if (seen.has(term) || seen.size >= MOST_MARKED) continue;
    seen.add(term);
    const word = html("span", { class: "ab-term", "data-term": term, text: match[0] });
    if (stops) fill(word, { tabindex: 0, role: "note" });
    nodes.push(text.slice(at, match.index), word);
    at = match.index + match[0].length;
  }
  return [...nodes, text.slice(at)];
}

// The entry of the glossary that explains a membership.
function termOf(state) {
  return state.blocs.length === 0 ? "non-aligned" : state.blocs.length > 1 ? "both" : "member";
}
