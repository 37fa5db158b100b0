// Headline cards that follow the scrubber at once: value, 90 % band, change against the reference.

function number(value, digits) {
  return value.toLocaleString("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function change(value, before, digits) {
  const difference = value - before;
  const rounded = Number(difference.toFixed(digits));
  if (rounded === 0) return { kind: "same", text: "±0" };
  return { kind: rounded > 0 ? "up" : "down", text: `${rounded > 0 ? "▲ +" : "▼ −"}${number(Math.abs(difference), digits)}` };
}

function card(item, quarter) {
  const at = (series) => series[Math.min(quarter, series.length - 1)];
  const node = html(
    "article", { class: "ab-card", "data-key": item.key },
    html("h3", { text: item.label }),
    html("p", { class: "ab-big" }, html("b", { text: number(at(item.mean), item.digits) }), html("span", { text: item.unit })),
    html("p", { class: "ab-band", text: `90 %: ${number(at(item.low), item.digits)} – ${number(at(item.high), item.digits)}` }),
  );
  if (item.colour) {
    node.style.setProperty("--mark-light", item.colour.light);
    node.style.setProperty("--mark-dark", item.colour.dark);
  }
  if (!item.reference) node.append(html("p", { class: "ab-change", "aria-hidden": "true", text: "\u00a0" })); // no jump later
  else {
    const { kind, text } = change(at(item.mean), at(item.reference), item.digits);
    node.append(html("p", { class: `ab-change ab-${kind}` }, html("b", { text }), html("span", { text: " vs reference" })));
  }
  return node;
}

function render({ model, el }) {
  const root = html("section", { class: "ab ab-headline", "aria-label": "Headline numbers" });
  el.append(root);
  let quarter = model.get("quarter");
  const draw = () => root.replaceChildren(...model.get("cards").map((item) => card(item, quarter)));
  const move = (value) => { quarter = value; draw(); };
  const moved = () => move(model.get("quarter"));
  draw();
  model.on("change:cards", draw);
  model.on("change:quarter", moved);
  const deaf = listen("quarter", root, move);
  return () => {
    deaf();
    model.off("change:cards", draw);
    model.off("change:quarter", moved);
  };
}

export default { render };
