// Waterfall: the terms of a utility as signed bars from zero to their sum, and below it what joining and leaving cost. A thin
// line marks the reference.

const ROW = 26;
const HEAD = 8;

class Waterfall {
  constructor(model, root) {
    this.model = model;
    this.title = html("h3");
    this.frame = html("div", { class: "ab-frame" });
    this.detail = html("p", { class: "ab-detail", "aria-live": "polite" });
    root.append(this.title, this.frame, this.detail);
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.frame);
  }

  draw() {
    const width = this.frame.clientWidth;
    const terms = this.model.get("terms");
    this.title.textContent = this.model.get("title");
    this.detail.textContent = this.model.get("hint");
    if (width < 120) return;
    const names = width < 420 ? 118 : 168;
    const numbers = 58;
    const { steps, low, high } = this.cumulate(terms);
    const scale = (value) => names + ((value - low) / (high - low)) * (width - names - numbers);
    const after = this.model.get("after");
    const height = HEAD + ROW * (terms.length + 1 + after.length) + 30;
    const picture = svg("svg", {
      class: "ab-bars", width, height, role: "list", "aria-label": `${this.model.get("title")} (${this.model.get("unit")})`,
    });
    picture.append(this.axis(scale, low, high, height));
    terms.forEach((term, row) => picture.append(this.bar(term, steps[row], row, scale, width)));
    picture.append(this.total(steps.at(-1)?.[1] ?? 0, terms.length, scale, width));
    after.forEach((cost, row) => {
      const from = cost.from_sum ? steps.at(-1)?.[1] ?? 0 : 0;
      const bar = this.bar(cost, [from, from + cost.value], terms.length + 1 + row, scale, width);
      bar.classList.add("ab-cost");
      picture.append(bar);
    });
    this.frame.replaceChildren(picture);
  }

  cumulate(terms) {
    let sum = 0;
    const steps = terms.map((term) => [sum, (sum += term.value)]);
    const costs = this.model.get("after").map((cost) => (cost.from_sum ? sum : 0) + cost.value);
    const ends = [0, ...steps.flat(), ...costs];
    const [low, high] = [Math.min(...ends), Math.max(...ends)];
    const room = Math.max(0.1, (high - low) * 0.04);
    return { steps, low: low - room, high: high + room };
  }

  axis(scale, low, high, height) {
    const group = svg("g", { class: "ab-axes", "aria-hidden": "true" });
    const bottom = height - 30;
    const step = niceStep((high - low) / 4);
    for (let tick = Math.ceil(low / step) * step; tick <= high; tick += step) {
      const x = scale(tick);
      group.append(svg("line", { x1: x, x2: x, y1: HEAD, y2: bottom, class: Math.abs(tick) < step / 2 ? "ab-zero" : "" }));
      group.append(svg("text", { x, y: bottom + 13, class: "ab-mid", text: short(tick) }));
    }
    const middle = scale((low + high) / 2);
    group.append(svg("text", { x: middle, y: bottom + 27, class: "ab-mid ab-name", text: this.model.get("unit") }));
    return group;
  }

  bar(term, [start, end], row, scale, width) {
    const top = HEAD + ROW * row;
    const left = Math.min(scale(start), scale(end));
    const kind = term.value < 0 ? "ab-negative" : "ab-positive";
    const group = svg("g", {
      class: `ab-bar ${kind}`, role: "listitem", tabindex: 0, "data-term": term.key,
      "aria-label": `${tr("{when}: {event}.", { when: term.label, event: signed(term.value) })} ${term.detail ?? ""}`,
      onpointerenter: () => (this.detail.textContent = term.detail ?? ""),
      onfocus: () => (this.detail.textContent = term.detail ?? ""),
      onpointerleave: () => (this.detail.textContent = this.model.get("hint")),
    });
    group.append(
      svg("rect", { x: 0, y: top, width, height: ROW, class: "ab-row" }),
      svg("text", { x: 0, y: top + 17, class: "ab-start", text: term.label }),
      svg("rect", {
        x: left, y: top + 5, width: Math.max(1, Math.abs(scale(end) - scale(start))), height: ROW - 10, rx: 2, class: "ab-fill",
      }),
      svg("line", { x1: scale(end), x2: scale(end), y1: top + ROW - 5, y2: top + ROW + 5, class: "ab-link" }),
      svg("text", { x: width - 2, y: top + 17, class: "ab-end ab-value", text: signed(term.value) }),
    );
    if (term.reference !== null && term.reference !== undefined) {
      const x = scale(clamp(start + term.reference, ...this.ends(scale, width)));
      group.append(svg("line", { x1: x, x2: x, y1: top + 2, y2: top + ROW - 2, class: "ab-reference" }));
    }
    return group;
  }

  ends() {
    const { low, high } = this.cumulate(this.model.get("terms"));
    return [low, high];
  }

  total(sum, row, scale, width) {
    const top = HEAD + ROW * row;
    const group = svg("g", { class: "ab-bar ab-total", role: "listitem", "aria-label": tr("Sum: {value}", { value: signed(sum) }) });
    group.append(
      svg("text", { x: 0, y: top + 17, class: "ab-start", text: this.model.get("total_label") }),
      svg("rect", {
        x: Math.min(scale(0), scale(sum)), y: top + 5, width: Math.max(1, Math.abs(scale(sum) - scale(0))), height: ROW - 10,
        rx: 2, class: "ab-fill",
      }),
      svg("text", { x: width - 2, y: top + 17, class: "ab-end ab-value", text: signed(sum) }),
    );
    return group;
  }
}

function signed(value) {
  const rounded = Math.abs(value).toFixed(2);
  return `${value < 0 && Number(rounded) !== 0 ? "−" : "+"}${decimal(Math.abs(value), 2)}`;
}

function short(value) {
  const size = Number(Math.abs(value).toFixed(2));
  const text = size.toLocaleString(LOCALE, { useGrouping: false });
  return value < 0 && size ? `−${text}` : text;
}

function niceStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((digit) => digit * power).find((step) => step >= rough);
}

function render({ model, el }) {
  const root = html("section", { class: "ab ab-waterfall" });
  el.append(root);
  const view = new Waterfall(model, root);
  view.draw();
  const redraw = () => view.draw();
  for (const name of ["terms", "after", "title", "unit", "hint", "total_label"]) model.on(`change:${name}`, redraw);
  return () => {
    view.observer.disconnect();
    for (const name of ["terms", "after", "title", "unit", "hint", "total_label"]) model.off(`change:${name}`, redraw);
  };
}

export default { render };
