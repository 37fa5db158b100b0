// A table that can be sorted by its columns and whose rows select a country; cells may be buttons.

function render({ model, el }) {
  const root = html("div", { class: "ab ab-table-frame" });
  el.append(root);
  let order = null; // [column, descending]
  const choose = (id) => {
    model.set("selected", model.get("selected") === id ? "" : id);
    model.save_changes();
  };
  const act = (name) => {
    model.set("acted", { act: name, number: (model.get("acted").number ?? 0) + 1 });
    model.save_changes();
  };
  const rows = () => {
    const all = [...model.get("rows")];
    if (!order) return all;
    const [column, down] = order;
    const key = (row) => row.cells[column].sort ?? row.cells[column].text;
    const compare = (a, b) => (typeof key(a) === "number" ? key(a) - key(b) : String(key(a)).localeCompare(String(key(b)), LOCALE));
    return all.sort((a, b) => (down ? -1 : 1) * compare(a, b));
  };
  const headings = () => model.get("columns").map((column, index) => {
    const sorted = order?.[0] === index ? (order[1] ? "descending" : "ascending") : "none";
    const press = () => {
      order = [index, order?.[0] === index ? !order[1] : Boolean(column.numeric)];
      draw();
    };
    const mark = sorted === "none" ? "" : sorted === "ascending" ? " ▲" : " ▼";
    const button = html("button", { type: "button", text: column.label + mark, onclick: press, "data-term": GLOSSARY[column.label.toLowerCase()] });
    return html("th", { scope: "col", "aria-sort": sorted, class: column.numeric ? "ab-num" : "" }, button);
  });
  const line = (row) => {
    const cells = row.cells.map((cell, index) => {
      const kind = model.get("columns")[index].numeric ? "ab-num" : "";
      if (cell.act) {
        const label = `${cell.text}: ${row.cells[0].text}`;
        const button = html("button", {
          type: "button", class: "ab-act", text: cell.text, title: cell.note, "aria-label": label, onclick: () => act(cell.act),
        });
        return html("td", {}, button);
      }
      if (cell.href) {
        const link = html("a", { href: cell.href, target: "_blank", rel: "noopener noreferrer", text: cell.text, title: cell.note });
        return html("td", { class: kind }, link);
      }
      if (index || !row.id) return html("td", { class: `${kind} ${cell.mark ?? ""}`, text: cell.text, title: cell.note });
      const button = html("button", { type: "button", class: "ab-pick", text: cell.text, onclick: () => choose(row.id) });
      return html("th", { scope: "row" }, button);
    });
    const node = html("tr", {}, ...cells);
    if (row.id) node.dataset.iso = row.id;
    node.classList.toggle("ab-chosen-row", Boolean(row.id) && row.id === model.get("selected"));
    return node;
  };
  // The rows as they stand, as CSV; lines of "about" come first and begin with "#".
  const csv = () => {
    const quoted = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    const safe = (text) => (/^[=@]/.test(text) ? `'${text}` : text);
    const value = (cell, index) => String(model.get("columns")[index].numeric && typeof cell.sort === "number" ? cell.sort : cell.text ?? "");
    return [
      ...[model.get("caption"), ...model.get("about")].filter(Boolean).map((text) => `# ${text.replace(/\s+/g, " ")}`),
      model.get("columns").map((column) => quoted(column.label)).join(","),
      ...rows().map((row) => row.cells.map((cell, index) => quoted(safe(value(cell, index)))).join(",")),
    ].join("\n");
  };
  const save = () => {
    const words = plainLetters(model.get("caption")).toLowerCase().match(/[a-z0-9]+/g) ?? ["table"];
    const address = URL.createObjectURL(new Blob([`${csv()}\n`], { type: "text/csv" }));
    html("a", { href: address, download: `aiblocs-${words.slice(0, 8).join("-")}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  };
  const draw = () => {
    const caption = model.get("caption");
    const table = html("table", { class: "ab-table" }, html("thead", {}, html("tr", {}, ...headings())), html("tbody", {}, ...rows().map(line)));
    const file = html("button", { type: "button", class: "ab-file ab-table-file", text: "CSV", "aria-label": tr("{title} as {kind}", { title: caption, kind: "CSV" }), title: tr("{title} as {kind}", { title: caption, kind: "CSV" }), onclick: save });
    if (caption) table.prepend(html("caption", {}, ...glossed(caption), ...(model.get("about").length ? [file] : [])));
    root.replaceChildren(table);
  };
  draw();
  const names = ["rows", "columns", "caption", "about", "selected"];
  for (const name of names) model.on(`change:${name}`, draw);
  return () => names.forEach((name) => model.off(`change:${name}`, draw));
}

export default { render };
