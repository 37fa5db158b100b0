// A button that goes to the whole answer. When another subject is chosen it comes into sight itself: to where the button
// stands if the map is in sight, so that the map stays; else, as from a table further down, to the whole answer.

const MAP = ".ab-world";

function shareInSight(node) {
  const box = node.getBoundingClientRect();
  if (!box.height) return 0;
  return (Math.min(box.bottom, window.innerHeight) - Math.max(box.top, 0)) / box.height;
}

// Goes to an answer that is still on its way, and again as it grows, until the user does something: before, there may not be
// enough below it to bring it to the top. Nothing further down is held in its place meanwhile, which would push it out of sight.
function goFreely(node, go) {
  let scroller = node;
  while (scroller && !(scroller.scrollHeight > scroller.clientHeight && /auto|scroll/.test(getComputedStyle(scroller).overflowY))) {
    scroller = scroller.parentElement;
  }
  const held = scroller ?? document.documentElement;
  const grown = new ResizeObserver(go);
  const hold = () => {
    held.style.overflowAnchor = "";
    grown.disconnect();
  };
  held.style.overflowAnchor = "none";
  grown.observe(node);
  for (const act of ["wheel", "touchstart", "pointerdown", "keydown"]) {
    window.addEventListener(act, hold, { once: true, capture: true, passive: true });
  }
}

function render({ model, el }) {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const go = (node, block) => node?.scrollIntoView({ block, behavior: calm.matches ? "instant" : "smooth" });
  const target = () => document.querySelector(model.get("target"));
  const button = html("button", {
    type: "button", class: "ab-tool",
    onclick: () => {
      announce("leave", "", model);
      const all = target();
      all?.setAttribute("tabindex", "-1");
      all?.focus({ preventScroll: true });
      go(all, "start");
    },
  });
  const frame = html("div", { class: "ab ab-reasons" }, button);
  el.append(frame);
  const label = () => {
    button.textContent = model.get("label");
    frame.toggleAttribute("hidden", !model.get("label"));
  };
  const chosen = () => {
    const here = el.closest(".page-answer") ?? el;
    if (!model.get("subject") || shareInSight(here) > 0.99) return;
    const map = document.querySelector(MAP);
    if (map && shareInSight(map) > 0.3) go(here, "nearest");
    else if (target()) goFreely(target(), () => go(target(), "start"));
  };
  label();
  const changes = { "change:label": label, "change:subject": chosen };
  for (const [event, handler] of Object.entries(changes)) model.on(event, handler);
  return () => {
    for (const [event, handler] of Object.entries(changes)) model.off(event, handler);
  };
}

export default { render };
