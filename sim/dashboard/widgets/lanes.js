// Lanes of dated events under the scrubber: one for each bloc and one for the world. An event is dragged to another
// quarter, pressed to be changed, removed with Delete; a double click on a lane, or its "+", adds one.

const ROW = 24; // pixels: no target is smaller
const LABEL = 6.4; // pixels a letter takes
const MOST_LETTERS = 24;
const MOST_ROWS = 3;
const STILL = 5; // pixels a press may wander and is none the less no drag

// Position of a day on the axis of quarters, in quarters since the first one.
function quarterAt(day, first) {
  const [year, month, date] = day.split("-").map(Number);
  return 4 * year + (month - 1) / 3 + (date - 1) / 93 - first;
}

function quarterNumber(name) {
  return 4 * Number(name.slice(0, 4)) + Number(name.slice(5)) - 1;
}

function quarterText(number) {
  return `${Math.floor(number / 4)}Q${(number % 4) + 1}`;
}

// An event with its time before it.
function dated(event) {
  return tr("{when}: {event}", { when: event.when, event: event.label });
}

class Lanes {
  constructor(scrubber, model, prefix) {
    this.scrubber = scrubber;
    this.model = model;
    this.prefix = prefix;
    this.node = html("div", { class: "ab-lanes", role: "group", "aria-label": tr("Dated events by side") });
    this.said = html("p", { class: "ab-event", "aria-live": "polite" });
    this.number = 0;
    this.width = 0;
    this.observer = new ResizeObserver(() => {
      if (Math.abs(this.node.clientWidth - this.width) > 4) this.draw();
    });
    this.observer.observe(this.node);
    this.draw();
  }

  tell(kind, rest) {
    this.number += 1;
    this.model.set("acted", { kind, number: this.number, ...rest });
    this.model.save_changes();
  }

  draw() {
    if (this.drag) return;
    const quarters = this.scrubber.quarters;
    this.first = quarters.length ? quarterNumber(quarters[0]) : 0;
    this.width = this.node.clientWidth;
    const focused = this.node.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    const events = this.model.get("events");
    this.node.replaceChildren(...this.model.get("lanes").map((lane) => this.lane(lane, events.filter((event) => event.lane === lane.key))));
    if (focused) this.node.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  lane(lane, events) {
    const track = html("div", { class: "ab-lane-track", ondblclick: (event) => {
      if (event.target === track) this.add(lane, this.under(event, track));
    } });
    const adding = tr("Add an event: {side}", { side: lane.label });
    const add = html("button", {
      type: "button", class: "ab-lane-add", text: "+", "aria-label": adding, title: adding,
      onclick: () => this.add(lane, quarterText(this.first + Math.max(this.scrubber.quarter, 1))),
    });
    const box = html("div", { class: "ab-lane" }, html("span", { class: "ab-lane-name", text: lane.label }), add, track);
    box.style.setProperty("--lane", lane.state >= 0 ? `var(--s${lane.state})` : "var(--muted)");
    const rows = this.placed(events, this.trackWidth());
    track.style.height = `${ROW * Math.max(1, ...rows.map((one) => one.row + 1))}px`;
    for (const one of rows) track.append(...this.event(one, track));
    return box;
  }

  span() {
    return Math.max(1, this.scrubber.last - this.scrubber.first);
  }

  // Where a moment lies along the track, 0 to 1; quarters of the futures count from 0.
  place(quarter) {
    return clamp(this.scrubber.place(quarter), 0, 1);
  }

  trackWidth() {
    return Math.max(120, this.scrubber.range.clientWidth || this.width - 150) - 16;
  }

  // What has been and lies closer together than a target is wide has one mark, which tells all of it and leads to the first.
  joined(events, x) {
    const found = [];
    for (const event of events) {
      const last = found.at(-1);
      if (event.state === "record" && last?.state === "record" && x(event) - x(last) < ROW) {
        found.splice(-1, 1, { ...last, label: `${last.label}; ${dated(event)}` });
      } else found.push(event);
    }
    return found;
  }

  // Each event in the first row with room for it and its label; where rows are many already, without a label.
  placed(events, width) {
    const x = (event) => this.place(quarterAt(event.date, this.first)) * width;
    const shown = this.joined([...events].sort((a, b) => a.date.localeCompare(b.date)), x);
    const past = Math.max(0, ...shown.filter((event) => event.state === "record").map((event) => x(event) + ROW));
    const ends = past ? [past] : [];
    return shown.map((event) => {
      const at = x(event);
      if (event.state === "record") return { event, at, row: 0, words: "", left: false };
      const room = Math.max(at, width - at) - 20 - (event.chance ? 40 : 0);
      const most = clamp(Math.floor(room / LABEL), 6, MOST_LETTERS);
      const words = event.label.length > most ? `${event.label.slice(0, most - 1)}…` : event.label;
      const needed = 20 + LABEL * words.length + (event.chance ? 40 : 0);
      const left = at + needed > width; // the label stands before its mark
      const from = left ? at - needed + 10 : at;
      let row = ends.findIndex((end) => end <= from);
      const bare = row < 0 && ends.length >= MOST_ROWS ? ends.findIndex((end) => end <= at) : -1;
      const labelled = bare < 0;
      if (row < 0) row = labelled ? ends.length : bare;
      ends[row] = (labelled && !left ? at + needed : at + 16) + 6;
      return { event, at, row, words: labelled ? words : "", left };
    });
  }

  event({ event, at, row, words, left }, track) {
    const place = (quarter) => this.place(quarter);
    const here = quarterAt(event.date, this.first);
    const until = event.until ? quarterAt(event.until, this.first) : event.lasts ? here + event.lasts : event.median
      ? quarterAt(event.median, this.first) : event.window ? here + 1 : event.over ? here + event.over : here;
    const kind = event.window ? "ab-window" : event.median ? "ab-median" : event.until || event.lasts ? "ab-span" : "ab-ramp";
    const spoken = [dated(event), event.acts, event.note].filter(Boolean).join(". ");
    const source = tr("Source: {source}", { source: event.source });
    const mark = html(
      "button",
      {
        type: "button", class: `ab-dated ab-${event.state}${event.random ? " ab-random" : ""}${left ? " ab-left" : ""}`,
        "data-key": event.key, "data-date": event.date,
        "aria-label": spoken, title: `${spoken}\n${source}`,
        onkeydown: (key) => this.key(key, event),
        onfocus: () => this.say(event), onpointerenter: () => this.say(event), onpointerleave: () => this.say(),
        onclick: (press) => { if (press.detail === 0) this.open(event); }, // keyboard
        ondblclick: (press) => press.stopPropagation(),
        onpointerdown: (press) => this.grab(press, mark, event, track),
      },
      html("i", { "aria-hidden": "true" }),
      ...(words ? [html("span", { text: words })] : []),
      ...(words && event.chance ? [html("em", { text: event.chance })] : []),
    );
    mark.style.setProperty("--at", place(here));
    mark.style.setProperty("--row", row);
    const parts = [mark];
    if (until > here) {
      const bar = html("b", { class: `ab-course ${kind} ab-${event.state}`, "aria-hidden": "true" });
      bar.style.cssText = `--at:${place(here)};--to:${place(until)};--row:${row}`;
      parts.unshift(bar);
    }
    return parts;
  }

  // What has been cannot be changed: the page goes to its quarter.
  open(event) {
    if (event.state !== "record") this.tell("edit", { key: event.key });
    else {
      this.scrubber.show(Math.floor(quarterAt(event.date, this.first) + 1e-6));
      this.scrubber.commit();
    }
  }

  say(event) {
    this.said.textContent = event ? [dated(event), event.acts, event.note].filter(Boolean).join(" · ") : this.scrubber.now();
  }

  under(press, track) {
    const box = track.getBoundingClientRect();
    const share = clamp((press.clientX - box.left - 8) / Math.max(1, box.width - 16), 0, 1);
    return quarterText(this.first + Math.max(0, Math.round(this.scrubber.first + share * this.span())));
  }

  add(lane, quarter) {
    this.tell("add", { lane: lane.key, quarter });
  }

  key(press, event) {
    if (event.state === "record") return;
    const by = { ArrowLeft: -1, ArrowRight: 1, PageUp: -4, PageDown: 4 }[press.key];
    if (press.ctrlKey || press.metaKey || press.altKey) return;
    if (by) this.tell("move", { key: event.key, quarter: quarterText(Math.floor(this.first + quarterAt(event.date, this.first) + 1e-6) + by), final: false });
    else if (press.key === "Delete" || press.key === "Backspace") this.tell("remove", { key: event.key });
    else return;
    press.preventDefault();
    press.stopPropagation();
  }

  grab(press, mark, event, track) {
    if (press.button !== 0) return;
    mark.setPointerCapture(press.pointerId);
    const from = press.clientX;
    const width = Math.max(1, track.clientWidth - 16);
    const begun = quarterAt(event.date, this.first);
    let quarter;
    const move = (now) => {
      if (event.state === "record" || (!this.drag && Math.abs(now.clientX - from) < STILL)) return;
      this.drag = event.key;
      mark.classList.add("ab-dragged");
      const whole = Math.floor(begun + 1e-6);
      const by = Math.round(((now.clientX - from) / width) * this.span());
      quarter = clamp(whole + by, 0, this.scrubber.last);
      mark.style.setProperty("--at", this.place(begun + quarter - whole));
      this.said.textContent = tr("{event}: to {quarter}", { event: event.label, quarter: quarterLabel(quarterText(this.first + quarter)) });
    };
    const done = (now) => {
      for (const [name, heard] of heards) mark.removeEventListener(name, heard);
      mark.classList.remove("ab-dragged");
      const dragged = this.drag;
      this.drag = undefined;
      if (now.type === "pointercancel") this.draw();
      else if (!dragged) this.open(event);
      else if (quarter === Math.floor(begun + 1e-6)) this.draw();
      else this.tell("move", { key: event.key, quarter: quarterText(this.first + quarter), final: true });
    };
    const heards = [["pointermove", move], ["pointerup", done], ["pointercancel", done]];
    for (const [name, heard] of heards) mark.addEventListener(name, heard);
  }
}
