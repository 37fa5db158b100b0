// Levers: name, slider with the scenario's value marked and the effect of its range behind it, number field, unit, help.
// Two stops of the keyboard each: the slider and the field. "?" in either opens the help, an empty field gives the lever back.

function shown(value, digits = 6) {
  return Number(value.toPrecision(digits)).toLocaleString(LOCALE, { maximumFractionDigits: 10 });
}

// What was typed, as the reader writes numbers: where the comma stands before decimals, a point may too.
function parsed(text) {
  const comma = decimal(0.5, 1).includes(",");
  const plain = text.replace(/[\s%]/g, "").replaceAll(",", comma ? "." : "");
  return plain === "" ? null : Number(plain);
}

// How a value relates to the scenario's: "none", "all", "doubled", "× 1.5".
function relation(item, value) {
  if (value === item.low && item.words.low) return item.words.low;
  if (value === item.high && item.words.high) return item.words.high;
  if (!(item.base > 0) || item.base_text) return "";
  const times = value / item.base;
  const named = { 0.5: tr("halved"), 2: tr("doubled"), 3: tr("tripled") }[Number(times.toFixed(2))];
  if (named) return named;
  const rounded = Number(times.toPrecision(2));
  return rounded === 1 || times > 10 || times < 0.1 || item.scale === 100 ? "" : `× ${shown(rounded)}`;
}

class Lever {
  constructor(item, act) {
    this.item = item;
    this.act = act;
    const id = `ab-lever-${item.name.replaceAll(".", "-")}`;
    const isSwitch = item.kind === "switch";
    this.range = html("input", {
      type: isSwitch ? "checkbox" : "range", role: isSwitch ? "switch" : null, min: item.low, max: item.high, step: item.step, id,
      "data-lever": item.name, "aria-label": isSwitch ? item.full : `${item.full} (${item.unit})`, "aria-describedby": `${id}-note`,
      "aria-keyshortcuts": "?",
      oninput: () => { if (!isSwitch) this.move(Number(this.range.value), false); },
      onchange: () => (isSwitch ? this.switched() : this.move(Number(this.range.value), true)),
    });
    this.number = html("input", {
      type: "text", inputmode: "decimal", role: "spinbutton", class: "ab-number", "aria-label": tr("{lever}, exact value", { lever: item.full }),
      "aria-valuemin": item.least, "aria-valuemax": item.most, title: tr("{allowed}; empty: back to the scenario", { allowed: this.allowed() }),
      onchange: () => this.typed(),
    });
    this.reset = html("button", {
      type: "button", class: "ab-reset", tabindex: -1, title: tr("Back to the scenario (or empty the field)"),
      "aria-label": tr("Reset {lever}", { lever: item.full }), text: "↺", onclick: () => this.act(this.item.name, null, true),
    });
    this.note = html("span", { id: `${id}-note` });
    this.effect = html("span", { class: "ab-lever-effect" });
    this.bar = html("i", { class: "ab-lever-bar", "aria-hidden": "true" });
    this.help = html("div", { class: "ab-help-text", hidden: "" });
    this.ask = html("button", {
      type: "button", class: "ab-help", tabindex: -1, text: "?", "aria-label": tr("About {lever}", { lever: item.full }), "aria-expanded": "false",
      title: tr("What is this? (or press ? on the slider)"), onclick: () => this.explain(),
    });
    const base = html("i", { class: "ab-base", title: tr("Scenario: {value}", { value: this.text(item.base, 3) }) });
    this.node = html(
      "div", { class: `ab-lever${isSwitch ? " ab-switch-lever" : ""}`, onkeydown: (event) => this.key(event) },
      html("div", { class: "ab-lever-head" }, html("label", { for: id }, ...glossed(item.label, false)),
        ...(isSwitch ? [this.range] : [this.number, html("span", { class: "ab-unit", text: item.unit })]), this.ask),
      ...(isSwitch ? [] : [html("div", { class: "ab-lever-track" }, this.bar, this.range, base)]),
      html("p", { class: "ab-lever-foot" }, this.note, this.effect, this.reset), this.help,
    );
    this.node.style.setProperty("--base", clamp((item.base - item.low) / (item.high - item.low), 0, 1));
    this.lines();
    this.set(item.value);
  }

  // What was typed is shown as it was; what the scenario holds (it may be drawn) to three digits.
  text(value, digits = 6) {
    return shown(value * this.item.scale, digits);
  }

  allowed() {
    return tr("{low} to {high} {unit}", { low: this.text(this.item.least), high: this.text(this.item.most), unit: this.item.unit });
  }

  key(event) {
    if (event.key !== "?" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.explain();
  }

  explain() {
    this.help.hidden = !this.help.hidden;
    this.ask.setAttribute("aria-expanded", String(!this.help.hidden));
  }

  lines() {
    const card = this.found ? [...this.found.help] : [];
    this.help.replaceChildren(...[...this.item.help, ...card].filter(Boolean).map((line) => html("p", {}, ...glossed(line))));
  }

  // What the whole range of the lever does in this scenario, once it is known.
  learn(found) {
    this.found = found;
    this.effect.textContent = "";
    if (!found) return;
    this.effect.textContent = found.text;
    this.effect.title = found.title;
    this.bar.style.width = `${100 * found.length}%`;
    this.bar.style.setProperty("--bar-light", found.light);
    this.bar.style.setProperty("--bar-dark", found.dark);
    this.node.classList.toggle("ab-idle", found.idle);
    this.lines();
  }

  move(value, final) {
    this.set(value);
    this.act(this.item.name, value, final);
  }

  switched() {
    const on = this.range.checked ? this.item.high : this.item.low;
    this.set(on);
    this.act(this.item.name, on === this.item.base ? null : on, true);
  }

  typed() {
    const said = this.number.value.trim();
    const value = parsed(said);
    if (value === null) {
      this.set(null);
      this.act(this.item.name, null, true);
      return;
    }
    const taken = value / this.item.scale;
    if (Number.isFinite(taken) && taken >= this.item.least && taken <= this.item.most) {
      this.move(taken, true);
      return;
    }
    this.set(this.value);
    this.say(tr("“{text}” was not taken: {allowed} are allowed.", { text: said, allowed: this.allowed() }), true);
  }

  say(text, refused) {
    this.note.textContent = text;
    this.note.classList.toggle("ab-refused", refused);
    if (refused) this.note.setAttribute("role", "alert");
    else this.note.removeAttribute("role");
  }

  set(value) {
    const { item } = this;
    const held = value !== null;
    this.value = value;
    const number = held ? value : item.base;
    const text = held ? this.text(number) : item.base_text || this.text(number, 3);
    if (item.kind === "switch") this.range.checked = number === item.high;
    else if (document.activeElement !== this.range || Number(this.range.value) !== number) this.range.value = number;
    this.number.value = text;
    this.number.setAttribute("aria-valuenow", number);
    if (item.kind !== "switch") this.range.setAttribute("aria-valuetext", `${text} ${item.unit}`);
    this.node.classList.toggle("ab-held", held);
    this.node.classList.toggle("ab-long", item.note.length > 20); // room for a second line
    this.reset.disabled = !held;
    this.say(held ? [relation(item, number), item.held_note].filter(Boolean).join("; ") : item.note, false);
  }
}

function render({ model, el }) {
  const root = html("div", { class: "ab ab-levers" });
  el.append(root);
  let levers = new Map();
  const act = (name, value, final) => {
    model.set("moved", { name, value, final, number: (model.get("moved").number ?? 0) + 1 });
    model.save_changes();
  };
  const build = () => {
    levers = new Map();
    root.replaceChildren();
    let heading = "";
    for (const item of model.get("levers")) {
      if (item.heading !== heading) {
        heading = item.heading;
        root.append(html("h4", { text: heading }));
      }
      const lever = new Lever(item, act);
      levers.set(item.name, lever);
      root.append(lever.node);
    }
    learn();
    follow();
  };
  const learn = () => {
    const effects = model.get("effects");
    for (const [name, lever] of levers) if (effects[name] !== lever.found) lever.learn(effects[name]);
  };
  // what the user is dragging is ahead of the server: its own slider is left alone
  const follow = () => {
    const values = model.get("values");
    for (const [name, lever] of levers) {
      const value = values[name] ?? null;
      const dragging = document.activeElement === lever.range && lever.range.matches(":active");
      if (value !== lever.value && !dragging) lever.set(value);
    }
  };
  build();
  const handlers = { "change:levers": build, "change:effects": learn, "change:values": follow };
  for (const [name, handler] of Object.entries(handlers)) model.on(name, handler);
  return () => {
    for (const [name, handler] of Object.entries(handlers)) model.off(name, handler);
  };
}

export default { render };
