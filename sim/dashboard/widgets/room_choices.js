// The countries that the states' team decides for: one row each, with where it stands, what it is to decide, and what the model
// would do, if that is shown.

function render({ model, el }) {
  const find = html("input", { type: "search", class: "ab-room-find", placeholder: tr("Find a country"), "aria-label": tr("Find a country"), oninput: () => sift() });
  const list = html("ul", { class: "ab-room-choices" });
  el.append(html("div", { class: "ab" }, find, list));
  let rows = [];

  const send = (iso3, choice) => {
    model.set("chosen", { iso3, choice, number: (model.get("chosen").number ?? 0) + 1 });
    model.save_changes();
  };
  const build = () => {
    find.hidden = model.get("countries").length < 9;
    rows = model.get("countries").map((country) => {
      const options = model.get("options").map(({ value, label }) => html("option", { value, text: label }));
      const select = html("select", {
        class: "ab-pick-list", "data-iso": country.iso3, "aria-label": tr("What {country} decides", { country: country.name }),
        onchange: () => send(country.iso3, select.value),
      }, ...options);
      const note = html("span", { class: "ab-room-note" });
      const warning = html("p", { class: "ab-room-advice ab-room-warning", role: "status" });
      const advice = html("p", { class: "ab-room-advice" });
      const node = html("li", { "data-iso": country.iso3 }, html("div", { class: "ab-room-choice" }, html("b", { text: country.name }), note, select), warning, advice);
      return { country, select, note, warning, advice, node };
    });
    list.replaceChildren(...rows.map((row) => row.node));
    follow();
    sift();
  };
  const sift = () => {
    const plain = (text) => plainLetters(text).toLowerCase();
    const wanted = plain(find.value.trim());
    for (const { country, node } of rows) node.hidden = !plain(`${country.name} ${country.iso3}`).includes(wanted);
  };
  const follow = () => {
    const states = model.get("states");
    for (const { country, select, note, warning, advice, node } of rows) {
      const state = states[country.iso3] ?? { choice: "", note: "", warning: "", advice: "" };
      select.value = state.choice;
      select.disabled = !model.get("is_open");
      note.textContent = state.note;
      warning.textContent = state.warning;
      warning.hidden = !state.warning;
      advice.textContent = state.advice;
      advice.hidden = !state.advice;
      node.classList.toggle("ab-held", state.choice !== "");
    }
  };
  build();
  const handlers = { "change:countries": build, "change:options": build, "change:states": follow, "change:is_open": follow };
  for (const [name, handler] of Object.entries(handlers)) model.on(name, handler);
  return () => {
    for (const [name, handler] of Object.entries(handlers)) model.off(name, handler);
  };
}

export default { render };
