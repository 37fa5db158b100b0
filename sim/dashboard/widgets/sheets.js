// Sheets at the bottom of a small screen (beside, where the screen is low), to be swiped: the levers of each side, and why a
// chosen country stands where it stands; bar and map stay in sight above them.

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
  let about = model.get("subject");
  // Choosing changes labels and subject together, in either order; the sheet is there when both are.
  const follow = () => {
    build();
    const subject = model.get("subject");
    if (subject === about) return;
    about = subject;
    if (subject) reach(subject);
  };
  // Shows the last sheet as soon as it is drawn.
  const reach = (subject) => {
    const last = buttons.length - 1;
    if (subject !== about || open === last) return;
    if (frame()?.children.length > last) show(last);
    else requestAnimationFrame(() => reach(subject));
  };
  build();
  model.on("change:labels", follow);
  model.on("change:subject", follow);
  const stopListening = listen("leave", model, close);
  document.addEventListener("keydown", key);
  document.addEventListener("scroll", swiped, true);
  return () => {
    close();
    model.off("change:labels", follow);
    model.off("change:subject", follow);
    stopListening();
    document.removeEventListener("keydown", key);
    document.removeEventListener("scroll", swiped, true);
  };
}

export default { render };
