// Who is with whom as one stacked bar that sums to 100 %; follows the scrubber at once. Above it a thin bar of the start.

const WIDE_ENOUGH = 46; // pixels from which a number fits into its part of the bar

function changeText(change) {
  if (change === 0) return "±0";
  return `${change > 0 ? "+" : "−"}${decimal(Math.abs(change), 1)}`;
}

function bandText(low, high) {
  return low === high ? "" : `${low}–${high}`;
}

class Partition {
  constructor(model, el) {
    this.model = model;
    this.quarter = model.get("quarter");
    this.root = html("section", { class: "ab-partition", "aria-label": tr("Who is with whom") });
    el.append(this.root);
    this.width = this.root.clientWidth;
    this.observer = new ResizeObserver(() => {
      if (this.root.clientWidth === this.width) return;
      this.width = this.root.clientWidth;
      this.draw();
    });
    this.observer.observe(this.root);
    this.build();
  }

  build() {
    this.bar = this.model.get("bar");
    this.root.replaceChildren();
    this.prefix = stateColours(this.root, this.bar.states);
    const patterns = svg("svg", { width: 0, height: 0, class: "ab-defs", "aria-hidden": "true" });
    patterns.append(patternDefs(this.prefix, this.bar.states, 1));
    this.when = html("b");
    this.unit = html("span");
    this.keys = this.bar.order.map((state) => this.key(state));
    this.then = this.strip("ab-strip ab-strip-thin", 0);
    this.now = this.strip("ab-strip", 1);
    this.all = html("p", { class: "ab-part-all" });
    const against = this.bar.against ? html("span", { class: "ab-part-vs", text: tr("change against {reference}", { reference: this.bar.against }) }) : "";
    this.root.append(
      patterns,
      html("p", { class: "ab-part-head" }, this.when, this.unit, against),
      html("ul", { class: "ab-parts" }, ...this.keys.map((key) => key.node)),
      this.now.node,
      html("div", { class: "ab-then" }, html("span", { text: this.bar.starts }), this.then.node),
      this.all,
    );
    this.fill(this.then, 0);
    this.draw();
  }

  key(state) {
    const share = html("b");
    const band = html("span", { class: "ab-part-band", title: tr("Nine futures in ten lie within") });
    const change = html("span", { class: "ab-part-change" });
    const node = html(
      "li", { "data-state": this.bar.states[state].key },
      swatch(this.prefix, this.bar.states, state), html("span", { class: "ab-part-name", text: this.bar.states[state].label, "data-term": termOf(this.bar.states[state]) }),
      share, band, change,
    );
    return { state, node, share, band, change };
  }

  strip(name, numbered) {
    const parts = this.bar.order.map((state) => html("i", { "data-state": state }));
    return { node: html("div", { class: name, role: "img" }, ...parts), parts, numbered };
  }

  // Shares of the record have negative numbers, as on the scrubber: -1 is the last quarter before the futures.
  get past() {
    return this.bar.past ?? { shares: [], ends: [], unit: "" };
  }

  at(quarter) {
    if (quarter < 0) return [this.past.shares.at(quarter), this.past.ends.at(quarter)];
    return [this.bar.shares[quarter], this.bar.ends[quarter]];
  }

  fill(strip, quarter) {
    const [shares, ends] = this.at(quarter);
    strip.parts.forEach((part, n) => {
      const state = this.bar.order[n];
      part.style.width = `${shares[state]}%`;
      part.replaceChildren(this.picture(state), html("span", { text: strip.numbered && (shares[state] / 100) * this.width >= WIDE_ENOUGH ? percents(shares[state]) : "" }));
    });
    const words = this.bar.order.map((state) => `${this.bar.states[state].label} ${percents(shares[state])}`).join(", ");
    strip.node.setAttribute("aria-label", tr("{when}: {event}", { when: ends, event: words }));
  }

  picture(state) {
    const box = svg("svg", { width: "100%", height: "100%", "aria-hidden": "true" });
    box.append(svg("rect", { width: "100%", height: "100%", fill: fillOf(this.prefix, this.bar.states, state) }));
    return box;
  }

  draw() {
    const quarter = clamp(this.quarter, -this.past.shares.length, this.bar.shares.length - 1);
    const { low, high, change } = this.bar;
    const [shares, ends] = this.at(quarter);
    const was = quarter < 0;
    this.when.textContent = ends.charAt(0).toUpperCase() + ends.slice(1);
    for (const { state, share, band, change: node } of this.keys) {
      share.textContent = percents(shares[state]);
      band.textContent = was ? "" : bandText(low[quarter][state], high[quarter][state]);
      node.textContent = change && !was ? changeText(change[quarter][state]) : "";
    }
    this.unit.textContent = was ? this.past.unit : this.bar.unit;
    this.fill(this.now, quarter);
    const inAll = was ? [] : this.bar.all.map((one) => {
      const band = bandText(one.low[quarter], one.high[quarter]);
      const changed = one.change ? ` ${changeText(one.change[quarter])}` : "";
      return `${one.label} ${percents(one.share[quarter])}${band && ` (${band})`}${changed}`;
    });
    const together = inAll.length ? tr("In all, with those in several: {shares}", { shares: inAll.join(" · ") }) : "";
    this.all.textContent = was ? this.past.notes?.at(quarter) ?? "" : together;
    this.root.dataset.quarter = quarter;
  }
}

function render({ model, el }) {
  const view = new Partition(model, el);
  const move = (quarter) => { view.quarter = quarter; view.draw(); };
  const moved = () => move(model.get("quarter"));
  const built = () => view.build();
  model.on("change:bar", built);
  model.on("change:quarter", moved);
  const deaf = listen("moment", view.root, move);
  return () => {
    deaf();
    view.observer.disconnect();
    model.off("change:bar", built);
    model.off("change:quarter", moved);
  };
}

export default { render };
