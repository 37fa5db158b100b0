// Levers on a small screen: sheets at the bottom (beside, where the screen is low), one for each side, to be swiped;
// bar and map stay in sight above them.

function render({ model, el }) {
  const frame = () => document.querySelector(".page-sheet-panels");
  const strip = html("div", { class: "ab ab-sheet-strip", role: "group", "aria-label": tr("Levers") });
  el.append(strip);
  let open = -1;
  let buttons = [];
  const mark = () => buttons.forEach((button, index) => button.setAttribute("aria-expanded", String(index === open)));
  const close = () => {
    open = -1;
    document.body.classList.remove("aiblocs-sheet");
    mark();
  };
  const show = (index) => {
    if (index === open) return close();
    const first = open < 0;
    open = index;
    document.body.classList.add("aiblocs-sheet");
    if (first) window.scrollTo(0, 0);
    frame()?.scrollTo({ left: index * frame().clientWidth, behavior: first ? "instant" : "smooth" });
    mark();
  };
  const swiped = () => {
    const panels = frame();
    if (open < 0 || !panels.clientWidth) return;
    open = clamp(Math.round(panels.scrollLeft / panels.clientWidth), 0, buttons.length - 1);
    mark();
  };
  const key = (event) => {
    if (event.key !== "Escape" || open < 0) return;
    const button = buttons[open];
    close();
    button.focus();
  };
  const build = () => {
    buttons = model.get("labels").map((label, index) =>
      html("button", { type: "button", class: "ab-tool", "aria-expanded": "false", text: label, onclick: () => show(index) }));
    strip.replaceChildren(...buttons);
    if (open >= buttons.length) close();
    mark();
  };
  build();
  model.on("change:labels", build);
  document.addEventListener("keydown", key);
  document.addEventListener("scroll", swiped, true);
  return () => {
    close();
    model.off("change:labels", build);
    document.removeEventListener("keydown", key);
    document.removeEventListener("scroll", swiped, true);
  };
}

export default { render };
