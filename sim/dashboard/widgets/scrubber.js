// The quarter: play and pause, a slider, ticks for dated events and the words of the event under it.

const PACE = 260; // milliseconds per quarter while playing

class Scrubber {
  constructor(model, from, shown) {
    this.model = model;
    this.from = from;
    this.shown = shown;
    this.quarters = model.get("quarters");
    this.button = html("button", { type: "button", class: "ab-play", onclick: () => this.toggle() });
    this.range = html("input", {
      type: "range", min: 0, max: this.quarters.length - 1, step: 1, "aria-label": "Quarter",
      oninput: () => { this.stop(false); this.show(Number(this.range.value)); },
      onchange: () => this.commit(),
    });
    this.label = html("output", { class: "ab-quarter" });
    this.ticks = html("div", { class: "ab-ticks", "aria-hidden": "true" });
    this.event = html("p", { class: "ab-event", "aria-live": "polite" });
    this.node = html(
      "div", { class: "ab-scrubber" }, this.button, this.label,
      html("div", { class: "ab-track" }, this.range, this.ticks), this.event,
    );
    this.drawTicks();
    this.stop(false);
    this.show(model.get("quarter"));
  }

  drawTicks() {
    this.quarters = this.model.get("quarters");
    this.range.max = Math.max(0, this.quarters.length - 1);
    const last = Math.max(1, this.quarters.length - 1);
    this.ticks.replaceChildren(
      ...this.model.get("events").map((event) =>
        html("i", {
          style: `--at:${event.index / last}`, title: `${event.date}  ${event.label}`,
          onclick: () => { this.show(event.index); this.commit(); },
        }),
      ),
      ...this.quarters.flatMap((name, index) =>
        name.endsWith("Q1") && Number(name.slice(0, 4)) % 2 === 0
          ? [html("span", { style: `--at:${index / last}`, text: name.slice(0, 4) })]
          : [],
      ),
    );
  }

  show(quarter) {
    this.quarter = clamp(quarter, 0, this.quarters.length - 1);
    const name = this.quarters[this.quarter] ?? "";
    this.range.value = this.quarter;
    this.range.style.setProperty("--done", this.quarter / Math.max(1, this.quarters.length - 1));
    this.range.setAttribute("aria-valuetext", name);
    this.label.textContent = name;
    const now = this.model.get("events").filter((event) => event.index === this.quarter);
    this.event.textContent = now.map((event) => `${event.date}: ${event.label}`).join(" · ");
    announce("quarter", this.quarter, this.from);
    this.shown(this.quarter);
  }

  commit() {
    if (this.model.get("quarter") === this.quarter) return;
    this.model.set("quarter", this.quarter);
    this.model.save_changes();
  }

  toggle() {
    if (this.timer) this.stop(true);
    else this.play();
  }

  play() {
    if (this.quarter >= this.quarters.length - 1) this.show(0);
    this.timer = setInterval(() => {
      this.show(this.quarter + 1);
      if (this.quarter >= this.quarters.length - 1) this.stop(true);
    }, PACE);
    this.dress("Pause", "M4 3h4v12H4zM10 3h4v12h-4z");
  }

  stop(commit) {
    clearInterval(this.timer);
    this.timer = null;
    this.dress("Play", "M5 3l10 6-10 6z");
    if (commit) this.commit();
  }

  dress(name, icon) {
    this.button.setAttribute("aria-label", name);
    this.button.title = name;
    this.button.replaceChildren(svg("svg", { viewBox: "0 0 18 18", "aria-hidden": "true" }, svg("path", { d: icon })));
  }
}
