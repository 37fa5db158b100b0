// A table of numbers to edit, one row for each thing and one column for each team. What is refused is said, and the field returns.

function plain(value) {
  return String(Number(value.toPrecision(6)));
}

function render({ model, el }) {
  const said = html("p", { class: "ab-number-said", role: "status" });
  const root = html("div", { class: "ab ab-table-frame" });
  el.append(root, said);
  let fields = [];

  const typed = (field, name) => {
    const text = field.value.trim().replace(",", ".");
    const value = Number(text);
    const [least, most] = [model.get("least"), model.get("most")];
    if (text !== "" && Number.isFinite(value) && value >= least && value <= most) {
      said.textContent = "";
      model.set("changed", { name, value, number: (model.get("changed").number ?? 0) + 1 });
      return model.save_changes();
    }
    said.textContent = tr("“{text}” was not taken: a number from {least} to {most} is allowed.", {
      text: field.value.trim(), least: decimal(least), most: decimal(most),
    });
    field.value = plain(valueOf(name));
  };
  const valueOf = (name) => model.get("values")[name] ?? fields.find(({ cell }) => cell.name === name).cell.value;
  const build = () => {
    fields = [];
    const heads = model.get("columns").map((text) => html("th", { scope: "col", class: "ab-num", text }));
    const rows = model.get("rows").map((row) => html("tr", {}, html("th", { scope: "row", text: row.label }), ...row.cells.map((cell, n) => {
      if (!cell) return html("td");
      const field = html("input", {
        type: "text", inputmode: "decimal", class: "ab-room-number", "data-cost": cell.name, "aria-label": `${row.label}: ${model.get("columns")[n]}`,
        onchange: () => typed(field, cell.name),
      });
      fields.push({ field, cell });
      return html("td", { class: "ab-num" }, field);
    })));
    const table = html(
      "table", { class: "ab-table ab-room-table" }, html("caption", { text: model.get("caption") }),
      html("thead", {}, html("tr", {}, html("td"), ...heads)), html("tbody", {}, ...rows),
    );
    root.replaceChildren(table);
    follow();
  };
  const follow = () => {
    for (const { field, cell } of fields) {
      if (document.activeElement !== field) field.value = plain(valueOf(cell.name));
    }
  };
  build();
  const handlers = { "change:rows": build, "change:columns": build, "change:values": follow };
  for (const [name, handler] of Object.entries(handlers)) model.on(name, handler);
  return () => {
    for (const [name, handler] of Object.entries(handlers)) model.off(name, handler);
  };
}

export default { render };
