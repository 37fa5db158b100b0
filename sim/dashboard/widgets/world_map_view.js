// World map widget: scene, scrubber, legend, tooltip and keys put together.

const STATE_NOTE = tr("Colour: the likeliest membership, paler where it is less certain.");
const DIFFERS_NOTE = [STATE_NOTE, tr("Dashed outline: another one than in the reference.")].join(" ");
const RECORD_NOTE = tr("As it was: members by two acts that count or more. Pale: lists joined, no member yet.");
const CHANGE_NOTE = tr("Colour: the membership whose probability rises most against the reference, in full strength from 25 percentage points.");

// Buttons of which one is pressed: each sets a trait of the model.
function choiceButtons(model, trait, label, choices) {
  const buttons = choices.map(([value, text, title]) =>
    html("button", {
      type: "button", class: "ab-choice", "data-choice": value, text, title,
      onclick: () => { model.set(trait, value); model.save_changes(); },
    }),
  );
  const node = html("div", { class: "ab-switch", role: "group", "aria-label": label }, ...buttons);
  const press = (value) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.choice === value));
  };
  const allow = (value, allowed) => {
    for (const button of buttons) if (button.dataset.choice === value) button.disabled = !allowed;
  };
  press(model.get(trait));
  return { node, press, allow };
}

function viewButtons(model, zoom) {
  const tool = (label, text, act) =>
    html("button", { type: "button", class: "ab-tool", "aria-label": label, title: label, text, onclick: act });
  const view = choiceButtons(model, "view", tr("View"), [["map", tr("Map")], ["tiles", tr("Tiles"), tr("One tile for each state")]]);
  const tint = choiceButtons(model, "tint", tr("Colour"), [
    ["state", tr("Memberships"), tr("The likeliest membership")],
    ["change", tr("Change"), tr("What changes against the reference: move a lever or pin a future first")],
    ["reality", tr("Against reality"), tr("The frozen forecast of each list against who joined it")],
  ]);
  const node = html(
    "div", { class: "ab-buttons" },
    tint.node, view.node,
    tool(tr("Zoom in"), "+", () => zoom.by(1.6)),
    tool(tr("Zoom out"), "−", () => zoom.by(1 / 1.6)),
    tool(tr("Whole world"), "⤢", () => zoom.reset()),
  );
  return { node, view, tint };
}

// Which lists a country had joined by the end of a quarter (all that is known: no quarter), newest first.
function actsOf(record, iso, quarter) {
  const last = quarter ? `${quarter.slice(0, 4)}-${String(3 * Number(quarter.slice(5))).padStart(2, "0")}~` : "~";
  return (record.acts?.[iso] ?? []).filter(([date]) => date <= last).reverse();
}

const MOST_ACTS = 5;

// A partial date in words: "16 July 2026", "July 2026", "2026".
function dayWords(date) {
  const [year, month, day] = date.split("-").map(Number);
  const parts = { year: "numeric", ...(month ? { month: "long" } : {}), ...(day ? { day: "numeric" } : {}) };
  return new Date(Date.UTC(year, (month ?? 1) - 1, day ?? 1)).toLocaleDateString(LOCALE, { ...parts, timeZone: "UTC" });
}

function actLines(acts, record, prefix, states) {
  const lines = acts.slice(0, MOST_ACTS).map(([date, list]) => {
    const { name, state } = record.lists[list];
    return html("div", { class: "ab-tip-act" }, swatch(prefix, states, state), html("span", { text: `${name}, ${dayWords(date)}` }));
  });
  const more = acts.length - lines.length;
  if (more > 0) lines.push(html("em", { text: tr("and {n} more", { n: decimal(more) }) }));
  return lines;
}

function tipContent(tip, scene, frames, reference, quarter, index, prefix, model, record) {
  const country = scene.countries[index];
  const states = scene.states;
  if (quarter < 0) {
    const past = model.get("past");
    const acts = actsOf(record, country.iso, past[quarter + past.length]);
    const state = frames.likeliest(quarter, index);
    const member = frames.at(quarter, index, state) === 1 && state !== 0;
    const words = member ? tr("Member: {bloc}", { bloc: states[state].label }) : acts.length ? tr("Lists joined, no member yet") : tr("No list joined");
    tip.replaceChildren(html("strong", { text: country.name }), html("div", { text: words }), ...actLines(acts, record, prefix, states));
    return;
  }
  const rows = probabilityRows(prefix, states, states.map((_, state) => frames.at(quarter, index, state)));
  if (reference.has(quarter)) {
    rows.forEach((row, state) => {
      const change = frames.at(quarter, index, state) - reference.at(quarter, index, state);
      row.append(html("i", { text: points(change) }));
    });
  }
  const lines = [html("strong", { text: country.name }), ...rows];
  if (reference.has(quarter)) {
    const was = reference.likeliest(quarter, index);
    const text = tr("{when}: {event}", { when: model.get("reference_label"), event: `${states[was].label} ${percent(reference.at(quarter, index, was))}` });
    lines.push(html("em", { text }));
  }
  const acts = actsOf(record, country.iso);
  if (acts.length) {
    const until = tr("Joined by {day}:", { day: record.until });
    lines.push(html("em", { text: until }), ...actLines(acts, record, prefix, states));
  }
  tip.replaceChildren(...lines);
}

function handleKeys(event, scene, zoom, select) {
  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const zooms = { "+": () => zoom.by(1.6), "=": () => zoom.by(1.6), "-": () => zoom.by(1 / 1.6), 0: () => zoom.reset() };
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (arrows[event.key]) {
    const next = scene.towards(scene.focused, ...arrows[event.key]);
    const place = scene.countries[next][scene.view];
    zoom.reveal(place.x, place.y);
    scene.rove(next, true);
  } else if (event.key === "Enter" || event.key === " ") select(scene.countries[scene.focused].iso);
  else if (event.key === "Escape") select("");
  else if (zooms[event.key]) zooms[event.key]();
  else return;
  event.preventDefault();
}

function render({ model, el }) {
  const root = html("section", { class: "ab-map", "aria-label": tr("World map of memberships") });
  el.append(root);
  const prefix = stateColours(root, model.get("states"));
  const frame = html("div", { class: "ab-frame" });
  const tip = html("div", { class: "ab-tip", hidden: "", "aria-hidden": "true" });
  const scene = new Scene(model, prefix, frame);
  const zoom = new Zoom(scene.svg, scene.geo.width, scene.geo.height);
  const buttons = viewButtons(model, zoom);
  const key = html("p", { class: "ab-note ab-tint-note" });
  let frames;
  let reference;
  let hovered;
  let record;

  const read = (name, past) => new Frames(model.get(name), scene.countries.length, scene.states.length, past);
  const tell = () => {
    if (hovered === undefined) return;
    if (verdicts.on) verdicts.tell(tip, scene.countries[hovered]);
    else tipContent(tip, scene, frames, reference, scrubber.quarter, hovered, prefix, model, record);
  };
  const say = (note) => { // nothing that has the focus is drawn anew
    if (key.dataset.note !== note) key.replaceChildren(...glossed(note));
    key.dataset.note = note;
  };
  const verdicts = new Verdicts(model, scene, prefix);
  const paint = (quarter) => {
    verdicts.node.hidden = !verdicts.on;
    buttons.tint.allow("reality", verdicts.lists.length > 0);
    if (verdicts.on) {
      verdicts.paint();
      buttons.tint.press("reality");
      say(VERDICT_NOTE);
      root.dataset.quarter = quarter;
      root.dataset.tint = "reality";
      return;
    }
    scene.paint(frames, reference, quarter);
    const compared = quarter >= 0 && reference.has(quarter);
    const changes = compared && model.get("tint") === "change";
    buttons.tint.allow("change", compared);
    buttons.tint.press(changes ? "change" : "state");
    say(quarter < 0 ? RECORD_NOTE : changes ? CHANGE_NOTE : compared ? DIFFERS_NOTE : STATE_NOTE);
    root.dataset.quarter = quarter;
    root.dataset.tint = changes ? "change" : "state";
  };
  const load = () => {
    frames = read("frames", model.get("past_frames"));
    record = JSON.parse(model.get("record"));
    reference = read("reference");
    root.dataset.version = model.get("version");
  };
  const select = (iso) => {
    model.set("selected", model.get("selected") === iso ? "" : iso);
    model.save_changes();
    scene.mark();
  };
  load();
  const scrubber = new Scrubber(model, prefix, paint);
  const hover = (index, event) => {
    if (index !== hovered) {
      hovered = index;
      scene.mark(index);
      announce("hover", index === undefined ? "" : scene.countries[index].iso, prefix);
      tell();
    }
    if (index === undefined) tip.hidden = true;
    else if (event) placeTip(tip, frame, event);
  };
  const pointed = (event) => scene.byIso.get(event.target.dataset?.iso);
  scene.svg.addEventListener("pointermove", (event) => hover(pointed(event), event));
  scene.svg.addEventListener("pointerleave", () => hover(undefined));
  scene.svg.addEventListener("click", (event) => {
    const index = pointed(event);
    if (index === undefined || zoom.dragged) return;
    scene.rove(index, false);
    select(scene.countries[index].iso);
  });
  scene.svg.addEventListener("focusin", (event) => {
    const index = pointed(event);
    if (index === undefined) return;
    if (index !== scene.focused) scene.rove(index, false);
    if (!event.target.matches(":focus-visible")) return;
    const box = event.target.getBoundingClientRect();
    hover(index, { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 });
  });
  scene.svg.addEventListener("focusout", () => hover(undefined));
  scene.svg.addEventListener("keydown", (event) => handleKeys(event, scene, zoom, select));

  frame.append(tip);
  root.append(
    html("div", { class: "ab-head" }, key, buttons.node), verdicts.node, frame, scrubber.node,
    html("p", { class: "ab-note", text: model.get("note") }),
  );

  const repaint = () => { load(); scrubber.show(scrubber.quarter); tell(); };
  const handlers = {
    "change:frames": repaint,
    "change:reference": repaint,
    "change:past_frames": repaint,
    "change:record": repaint,
    "change:past": () => { scrubber.drawTicks(); scrubber.lanes.draw(); repaint(); },
    "change:version": () => (root.dataset.version = model.get("version")),
    "change:events": () => { scrubber.lanes.draw(); scrubber.show(scrubber.quarter); },
    "change:lanes": () => scrubber.lanes.draw(),
    "change:quarters": () => { scrubber.drawTicks(); scrubber.lanes.draw(); repaint(); },
    "change:quarter": () => { if (!scrubber.timer) scrubber.show(model.get("quarter")); },
    "change:selected": () => scene.mark(),
    "change:tint": () => scrubber.show(scrubber.quarter),
    "change:outcome": () => { scrubber.show(scrubber.quarter); tell(); },
    "change:verdicts": () => { verdicts.read(); repaint(); },
    "change:view": () => {
      zoom.reset();
      hover(undefined);
      scene.show(model.get("view"));
      buttons.view.press(scene.view);
    },
  };
  for (const [name, handler] of Object.entries(handlers)) model.on(name, handler);
  const deaf = listen("hover", prefix, (iso) => scene.mark(scene.byIso.get(iso)));
  return () => {
    scrubber.stop(false);
    scrubber.lanes.observer.disconnect();
    zoom.observer.disconnect();
    deaf();
    for (const [name, handler] of Object.entries(handlers)) model.off(name, handler);
  };
}

export default { render };
