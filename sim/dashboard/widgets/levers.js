// A group of levers: name, slider with the scenario's value marked, number field, unit, help, reset.

function shown(value) {
  return Number(value.toPrecision(6)).toLocaleString("en-GB", { maximumFractionDigits: 10 });
}

function parsed(text) {
  const plain = text.replace(/[\s,]/g, "");
  return plain === "" ? Number.NaN : Number(plain);
}

class Lever {
  constructor(item, act) {
    this.item = item;
    this.act = act;
    const id = `ab-lever-${item.name.replaceAll(".", "-")}`;
    this.range = html("input", {
      type: "range", min: item.low, max: item.high, step: item.step, id, "data-lever": item.name,
      "aria-label": `${item.full} (${item.unit})`,
      oninput: () => this.move(Number(this.range.value), false),
      onchange: () => this.move(Number(this.range.value), true),
    });
    this.number = html("input", {
      type: "text", inputmode: "decimal", role: "spinbutton", class: "ab-number", "aria-label": `${item.full}, exact value`,
      "aria-valuemin": item.least, "aria-valuemax": item.most, title: `${shown(item.least)} to ${shown(item.most)} ${item.unit}`,
      onchange: () => this.typed(),
    });
    this.reset = html("button", {
      type: "button", class: "ab-reset", title: "Back to the scenario", "aria-label": `Reset ${item.full}`, text: "↺",
      onclick: () => this.act(this.item.name, null, true),
    });
    this.note = html("p", { class: "ab-lever-note" });
    const help = html(
      "details", { class: "ab-help" }, html("summary", { text: "?", "aria-label": `About ${item.full}`, title: "What is this?" }),
      ...item.help.map((line) => html("p", { text: line })),
    );
    this.node = html(
      "div", { class: "ab-lever" },
      html("div", { class: "ab-lever-head" }, html("label", { for: id, text: item.label }), this.reset, this.number,
        html("span", { class: "ab-unit", text: item.unit })),
      html("div", { class: "ab-lever-track" }, this.range, html("i", { class: "ab-base", title: `Scenario: ${shown(item.base)}` })),
      this.note, help,
    );
    const span = item.high - item.low;
    this.node.style.setProperty("--base", clamp((item.base - item.low) / span, 0, 1));
    this.set(item.value);
  }

  move(value, final) {
    this.set(value);
    this.act(this.item.name, value, final);
  }

  typed() {
    const value = parsed(this.number.value);
    if (!Number.isFinite(value)) this.set(this.value);
    else this.move(clamp(value, this.item.least, this.item.most), true);
  }

  set(value) {
    const held = value !== null;
    this.value = value;
    const number = held ? value : this.item.base;
    if (document.activeElement !== this.range || Number(this.range.value) !== number) this.range.value = number;
    this.number.value = shown(number);
    this.number.setAttribute("aria-valuenow", number);
    this.range.setAttribute("aria-valuetext", `${shown(number)} ${this.item.unit}`);
    this.node.classList.toggle("ab-held", held);
    this.reset.disabled = !held;
    this.note.textContent = held ? this.item.held_note : this.item.note;
    this.note.hidden = !this.note.textContent;
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
    follow();
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
  model.on("change:levers", build);
  model.on("change:values", follow);
  return () => {
    model.off("change:levers", build);
    model.off("change:values", follow);
  };
}

export default { render };
