// A guess by slider or number, the guesses of a class, and, once asked for, the answer on the same scale. What was guessed is
// kept in the browser for this visit, so that a reload or another question loses nothing; "answer" comes when it was asked for.

const GUESSES = "aiblocs:guesses";

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(GUESSES) ?? "{}");
  } catch {
    return {};
  }
}

// Links to questions that were answered in this visit are marked.
function markAnswered() {
  const kept = remembered();
  for (const link of document.querySelectorAll("a[data-question]")) {
    const done = Boolean(kept[link.dataset.question]?.shown);
    link.classList.toggle("page-answered", done);
    if (done) link.title = tr("Answered in this visit");
    else link.removeAttribute("title");
  }
}

function render({ model, el }) {
  if (!model.get("question")) return markAnswered();
  const [low, high, signed] = [model.get("low"), model.get("high"), model.get("signed")];
  const text = (value) => {
    const plain = decimal(Math.abs(value), Number.isInteger(value) ? 0 : 1);
    if (!signed) return value < 0 ? `−${plain}` : plain;
    return value === 0 ? "±0" : `${value > 0 ? "+" : "−"}${plain}`;
  };
  const middle = low <= 0 && high >= 0 && signed ? 0 : Math.round((low + high) / 2);
  const old = remembered()[model.get("question")] ?? {};
  let state = { guess: old.guess ?? middle, others: old.others ?? [], shown: old.shown ?? false };

  const range = html("input", {
    type: "range", min: low, max: high, step: 1, id: "ab-guess", "aria-describedby": "ab-guess-what",
    oninput: () => set({ guess: Number(range.value) }), onchange: () => keep(),
  });
  const number = html("input", {
    type: "number", min: low, max: high, step: 1, class: "ab-guess-number", "aria-label": tr("Your guess, exact number"),
    onchange: () => typed(),
  });
  const refused = html("p", { class: "ab-refused", role: "alert" });
  const others = html("input", {
    type: "text", id: "ab-guess-class", autocomplete: "off", "aria-describedby": "ab-guess-hint", onchange: () => listed(),
  });
  const reveal = html("button", { type: "button", class: "ab-tool ab-reveal", text: tr("Show the answer"), onclick: () => ask(true) });
  const again = html("button", { type: "button", class: "ab-tool", text: tr("Guess again"), onclick: () => ask(false) });
  const scale = html("div", { class: "ab-scale", role: "img" });
  const form = html(
    "div", { class: "ab-guess-form" },
    html("div", { class: "ab-guess-head" }, html("label", { for: "ab-guess", text: tr("Your guess") }), number),
    html("div", { class: "ab-guess-track" }, range,
      html("div", { class: "ab-guess-ends", "aria-hidden": "true" }, ...[low, (low + high) / 2, high].map((end) => html("span", { text: text(end) })))),
    html("details", { class: "ab-guess-class", ...(state.others.length ? { open: "" } : {}) },
      html("summary", { text: tr("Guesses of a class") }), html("label", { for: "ab-guess-class", id: "ab-guess-hint", text: tr("One number for each person or group, with spaces between them") }), others),
    refused, html("div", { class: "ab-buttons ab-guess-buttons" }, reveal),
  );
  const answered = html("div", { class: "ab-guess-answered" }, scale, html("div", { class: "ab-buttons ab-guess-buttons" }, again));
  el.append(html("div", { class: "ab ab-guessing" }, html("p", { class: "ab-guess-what", id: "ab-guess-what", text: model.get("label") }), form, answered));

  function set(part) {
    state = { ...state, ...part };
    range.value = state.guess;
    range.setAttribute("aria-valuetext", text(state.guess));
    number.value = state.guess;
    form.hidden = state.shown;
    answered.hidden = !state.shown;
  }
  function keep() {
    const question = model.get("question");
    try {
      sessionStorage.setItem(GUESSES, JSON.stringify({ ...remembered(), [question]: state }));
    } catch {
      // a browser that keeps nothing: the guess lives as long as the page
    }
    markAnswered();
  }
  function say(said) {
    refused.textContent = said === undefined ? "" : tr("“{said}” was not taken: whole numbers from {low} to {high} are allowed.", { said, low: text(low), high: text(high) });
  }
  const allowed = (value) => Number.isInteger(value) && value >= low && value <= high;
  function typed() {
    const value = Number(number.value);
    const fits = number.value.trim() !== "" && allowed(value);
    say(fits ? undefined : number.value || tr("nothing"));
    set(fits ? { guess: value } : {});
    keep();
  }
  function listed() {
    const parts = others.value.replaceAll("−", "-").split(/[\s,;]+/).filter(Boolean);
    const wrong = parts.find((part) => !allowed(Number(part)));
    say(wrong);
    if (wrong !== undefined) return false;
    set({ others: parts.map(Number).slice(0, 500) });
    keep();
    return true;
  }
  function ask(shown) {
    if (shown && !listed()) return;
    set({ shown });
    keep();
    tell();
    (shown ? again : range).focus({ preventScroll: true });
  }
  function tell() {
    model.set("asked", { ...state, number: (model.get("asked").number ?? 0) + 1 });
    model.save_changes();
  }

  const place = (value) => 100 * clamp((value - low) / (high - low), 0, 1);
  function flag(kind, value, said) {
    const at = place(value);
    const side = at < 20 ? " ab-left" : at > 80 ? " ab-right" : "";
    return html("div", { class: `ab-scale-mark ab-scale-${kind}${side}`, style: `left:${at}%` }, html("span", { text: `${said} ${text(value)}` }));
  }
  function draw() {
    const answer = model.get("answer");
    const known = answer.value !== undefined;
    scale.hidden = !known;
    if (!known) return;
    scale.setAttribute("aria-label", answer.text);
    const parts = [html("div", { class: "ab-scale-line" })];
    if (answer.low !== null) {
      const [from, to] = [place(answer.low), place(answer.high)];
      parts.push(html("div", { class: "ab-scale-band", style: `left:${from}%;width:${Math.max(0.6, to - from)}%` }));
    }
    const stacked = new Map();
    for (const guess of state.others) {
      const height = stacked.get(guess) ?? 0;
      stacked.set(guess, height + 1);
      parts.push(html("i", { class: "ab-scale-dot", style: `left:${place(guess)}%;bottom:${36 + 7 * Math.min(height, 6)}px` }));
    }
    if (answer.forecast !== null) parts.push(flag("forecast", answer.forecast, tr("forecast")));
    parts.push(flag("answer", Math.round(answer.value), answer.forecast === null ? tr("model") : tr("happened")));
    parts.push(flag("guess", state.guess, tr("you")));
    scale.replaceChildren(...parts);
  }

  others.value = state.others.join(" ");
  set({});
  markAnswered();
  draw();
  if (state.shown) tell();
  model.on("change:answer", draw);
  return () => model.off("change:answer", draw);
}

export default { render };
