// The quarter: play and pause, a slider with its years, and the lanes of dated events under it. Quarters of the record,
// before the futures begin, have negative numbers: others hear of them as a "moment", and as the first "quarter".

const PACE = 260; // milliseconds per quarter while playing

function quarterOf(day) {
  return quarterText(4 * Number(day.slice(0, 4)) + Math.floor((Number(day.slice(5, 7)) - 1) / 3));
}

function chanceWords(event) {
  return tr("chance {share}", { share: event.chance });
}

class Scrubber {
  constructor(model, from, shown) {
    this.model = model;
    this.from = from;
    this.shown = shown;
    this.read();
    this.button = html("button", { type: "button", class: "ab-play", onclick: () => this.toggle() });
    this.range = html("input", {
      type: "range", min: this.first, max: this.last, step: 1, "aria-label": tr("Quarter"),
      oninput: () => { this.stop(false); this.show(Number(this.range.value)); },
      onchange: () => this.commit(),
    });
    this.label = html("output", { class: "ab-quarter" });
    this.ticks = html("div", { class: "ab-ticks", "aria-hidden": "true" });
    this.lanes = new Lanes(this, model, from);
    this.node = html(
      "div", { class: "ab-scrubber" }, this.button, this.label,
      html("div", { class: "ab-track" }, this.range, this.ticks), this.lanes.node, this.lanes.said,
    );
    this.drawTicks();
    this.stop(false);
    this.show(model.get("quarter"));
  }

  read() {
    this.quarters = this.model.get("quarters");
    this.past = this.model.get("past");
    this.first = -this.past.length;
    this.last = Math.max(0, this.quarters.length - 1);
  }

  name(quarter) {
    return (quarter < 0 ? this.past[quarter - this.first] : this.quarters[quarter]) ?? "";
  }

  // Where a quarter lies along the track, 0 to 1.
  place(quarter) {
    return (quarter - this.first) / Math.max(1, this.last - this.first);
  }

  drawTicks() {
    this.read();
    this.range.min = this.first;
    this.range.max = this.last;
    const all = [...this.past, ...this.quarters];
    const every = all.length > 60 ? 4 : 2;
    const record = this.past.length
      ? [html("span", { class: "ab-record", style: `--to:${this.place(0)}`, title: tr("Before the futures begin: as it was") })]
      : [];
    this.ticks.replaceChildren(
      ...record,
      ...all.flatMap((name, index) =>
        name.endsWith("Q1") && Number(name.slice(0, 4)) % every === 0
          ? [html("span", { style: `--at:${this.place(index + this.first)}`, text: name.slice(0, 4) })]
          : [],
      ),
    );
  }

  // Words of what happens in the quarter shown.
  now() {
    const name = this.name(this.quarter);
    const here = this.model.get("events").filter((event) => event.state !== "out" && event.state !== "held" && quarterOf(event.date) === name);
    const surely = (event) => (event.chance ? ` (${chanceWords(event)})` : "");
    return here.map((event) => dated(event) + surely(event)).join(" · ");
  }

  show(quarter) {
    this.quarter = clamp(quarter, this.first, this.last);
    const name = quarterLabel(this.name(this.quarter));
    this.range.value = this.quarter;
    this.range.style.setProperty("--done", this.place(this.quarter));
    this.range.setAttribute("aria-valuetext", this.quarter < 0 ? tr("{quarter}, as it was", { quarter: name }) : name);
    this.label.textContent = name;
    this.lanes.said.textContent = this.now();
    announce("quarter", Math.max(0, this.quarter), this.from);
    announce("moment", this.quarter, this.from);
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
    if (this.quarter >= this.last) this.show(0);
    this.timer = setInterval(() => {
      this.show(this.quarter + 1);
      if (this.quarter >= this.last) this.stop(true);
    }, PACE);
    document.documentElement.dataset.playing = "";
    this.dress(tr("Pause"), "M4 3h4v12H4zM10 3h4v12h-4z");
  }

  stop(commit) {
    clearInterval(this.timer);
    this.timer = null;
    delete document.documentElement.dataset.playing;
    this.dress(tr("Play"), "M5 3l10 6-10 6z");
    if (commit) this.commit();
  }

  dress(name, icon) {
    this.button.setAttribute("aria-label", name);
    this.button.title = name;
    this.button.replaceChildren(svg("svg", { viewBox: "0 0 18 18", "aria-hidden": "true" }, svg("path", { d: icon })));
  }
}
