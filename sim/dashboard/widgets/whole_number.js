// A field for a whole number. What is typed is taken as typed, or refused with what is allowed, and the field returns.

function whole(text) {
  const plain = text.replace(/[\s,]/g, "");
  const value = /^[+-]?\d+(\.0+)?$|^\d+(\.\d+)?e\+?\d+$/i.test(plain) ? Number(plain) : Number.NaN;
  return Number.isSafeInteger(value) ? value : null;
}

function render({ model, el }) {
  const at = (name) => model.get(name);
  const said = html("span", { class: "ab-number-said", role: "status" });
  const field = html("input", {
    type: "text", inputmode: "numeric", autocomplete: "off", role: "spinbutton",
    onchange: () => typed(),
    onkeydown: (event) => {
      const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (!by) return;
      event.preventDefault();
      take(clamp(at("value") + by, at("least"), at("most")));
    },
  });
  const allowed = () => tr("a whole number, {low} to {high}", { low: decimal(at("least")), high: decimal(at("most")) });
  const show = () => {
    field.value = String(at("value"));
    field.title = allowed();
    for (const [name, key] of [["now", "value"], ["min", "least"], ["max", "most"]]) field.setAttribute(`aria-value${name}`, at(key));
  };
  const take = (value) => {
    said.textContent = "";
    model.set("value", value);
    model.save_changes();
    show();
  };
  const typed = () => {
    const text = field.value.trim();
    const value = whole(text);
    if (value !== null && value >= at("least") && value <= at("most")) return take(value);
    show();
    said.textContent = text
      ? tr("“{text}” was not taken: {allowed}.", { text, allowed: allowed() })
      : tr("An empty field was not taken: {allowed}.", { allowed: allowed() });
  };
  el.append(html("label", { class: "ab ab-whole" }, html("span", { text: at("label") }), field, said));
  show();
  const names = ["value", "least", "most"];
  for (const name of names) model.on(`change:${name}`, show);
  return () => names.forEach((name) => model.off(`change:${name}`, show));
}

export default { render };
