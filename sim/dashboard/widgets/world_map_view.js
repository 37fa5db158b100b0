// World map widget: scene, scrubber, legend, tooltip and keys put together.

function legendRow(prefix, states) {
  const counts = states.map(() => html("b"));
  const row = html(
    "div",
    { class: "ab-legend", role: "group", "aria-label": "Expected number of countries in each state" },
    ...states.map((state, index) =>
      html("span", { class: "ab-key" }, swatch(prefix, states, index), html("span", { text: state.label }), counts[index]),
    ),
  );
  return { row, counts };
}

function viewButtons(model, scene, zoom) {
  const change = (view) => {
    model.set("view", view);
    model.save_changes();
  };
  const choice = (view, label) =>
    html("button", { type: "button", class: "ab-choice", "data-view": view, text: label, onclick: () => change(view) });
  const tool = (label, text, act) =>
    html("button", { type: "button", class: "ab-tool", "aria-label": label, title: label, text, onclick: act });
  const choices = [choice("map", "Map"), choice("tiles", "Tiles")];
  const press = () => {
    for (const button of choices) button.setAttribute("aria-pressed", String(button.dataset.view === scene.view));
  };
  press();
  const node = html(
    "div", { class: "ab-buttons" },
    html("div", { class: "ab-switch", role: "group", "aria-label": "View" }, ...choices),
    tool("Zoom in", "+", () => zoom.by(1.6)),
    tool("Zoom out", "−", () => zoom.by(1 / 1.6)),
    tool("Whole world", "⤢", () => zoom.reset()),
  );
  return { node, press };
}

function tipContent(tip, scene, frames, reference, quarter, index, prefix, model) {
  const country = scene.countries[index];
  const states = scene.states;
  const rows = probabilityRows(prefix, states, states.map((_, state) => frames.at(quarter, index, state)));
  const lines = [html("strong", { text: country.name }), ...rows];
  if (quarter < reference.quarters) {
    const was = reference.likeliest(quarter, index);
    const text = `${model.get("reference_label")}: ${states[was].label} ${percent(reference.at(quarter, index, was))}`;
    lines.push(html("em", { text }));
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
  const root = html("section", { class: "ab-map", "aria-label": "World map of memberships" });
  el.append(root);
  const prefix = stateColours(root, model.get("states"));
  const frame = html("div", { class: "ab-frame" });
  const tip = html("div", { class: "ab-tip", hidden: "", "aria-hidden": "true" });
  const scene = new Scene(model, prefix, frame);
  const zoom = new Zoom(scene.svg, scene.geo.width, scene.geo.height);
  const legend = legendRow(prefix, scene.states);
  const buttons = viewButtons(model, scene, zoom);
  let frames;
  let reference;
  let hovered;

  const read = (name) => new Frames(model.get(name), scene.countries.length, scene.states.length);
  const tell = () => {
    if (hovered !== undefined) tipContent(tip, scene, frames, reference, scrubber.quarter, hovered, prefix, model);
  };
  const paint = (quarter) => {
    scene.paint(frames, reference, quarter);
    legend.counts.forEach((node, state) => (node.textContent = Math.round(frames.expected(quarter, state))));
    root.dataset.quarter = quarter;
  };
  const load = () => {
    frames = read("frames");
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
    html("div", { class: "ab-head" }, legend.row, buttons.node), frame, scrubber.node,
    html("p", { class: "ab-note", text: model.get("note") }),
  );

  const repaint = () => { load(); scrubber.show(scrubber.quarter); tell(); };
  const handlers = {
    "change:frames": repaint,
    "change:reference": repaint,
    "change:version": () => (root.dataset.version = model.get("version")),
    "change:events": () => { scrubber.drawTicks(); scrubber.show(scrubber.quarter); },
    "change:quarters": () => { scrubber.drawTicks(); repaint(); },
    "change:quarter": () => { if (!scrubber.timer) scrubber.show(model.get("quarter")); },
    "change:selected": () => scene.mark(),
    "change:view": () => { zoom.reset(); hover(undefined); scene.show(model.get("view")); buttons.press(); },
  };
  for (const [name, handler] of Object.entries(handlers)) model.on(name, handler);
  const deaf = listen("hover", prefix, (iso) => scene.mark(scene.byIso.get(iso)));
  return () => {
    scrubber.stop(false);
    zoom.observer.disconnect();
    deaf();
    for (const [name, handler] of Object.entries(handlers)) model.off(name, handler);
  };
}

export default { render };
