// The upright line at the quarter under the scrubber, over a chart whose frame is known: it moves with the scrubber at once.

function render({ model, el }) {
  const line = html("div", { class: "ab ab-time-mark", "aria-hidden": "true" });
  el.append(line);
  const show = (quarter) => {
    const last = Math.max(1, model.get("quarters") - 1);
    const [top, right, bottom, left] = model.get("inset");
    line.style.cssText = `--at:${clamp(quarter, 0, last) / last};top:${top}px;bottom:${bottom}px;--left:${left}px;--right:${right}px`;
    line.dataset.quarter = quarter;
  };
  const moved = () => show(model.get("quarter"));
  moved();
  model.on("change:quarter", moved);
  model.on("change:quarters", moved);
  const deaf = listen("quarter", line, show);
  return () => {
    deaf();
    model.off("change:quarter", moved);
    model.off("change:quarters", moved);
  };
}

export default { render };
