// Prints the page; the style sheet for paper leaves out what is no result.

function render({ model, el }) {
  const button = html("button", { type: "button", class: "ab-tool", text: model.get("label"), onclick: () => window.print() });
  el.append(html("div", { class: "ab ab-print" }, button));
}

export default { render };
