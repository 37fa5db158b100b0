// Buttons of files that the server makes when they are asked for; says so while it does, and hands the file to the browser.

function render({ model, el }) {
  const root = html("div", { class: "ab ab-handout" });
  el.append(root);
  let number = 0;
  let since = 0;
  let timer;
  const said = html("span", { class: "ab-made", role: "status" });
  const ask = (index) => {
    number += 1;
    since = performance.now();
    model.set("asked", { index, number });
    model.save_changes();
    const { label, slow } = model.get("files")[index];
    const tell = () => {
      const seconds = Math.round((performance.now() - since) / 1000);
      said.textContent = [tr("Making {file} …", { file: label }), seconds > 1 ? `${seconds} s` : "", slow ? `(${slow})` : ""].filter(Boolean).join(" ");
    };
    tell();
    clearInterval(timer);
    timer = setInterval(tell, 1000);
    press(true);
  };
  const press = (busy) => {
    for (const button of root.querySelectorAll("button[data-file]")) button.disabled = busy;
  };
  const draw = () => {
    const source = model.get("source");
    root.replaceChildren(
      ...(source ? [html("span", { class: "ab-source", text: source })] : []),
      ...(model.get("toggle") ? [html("button", {
        type: "button", class: "ab-file", text: tr("Table"), "aria-pressed": String(model.get("pressed")), "aria-label": tr("Table: {title}", { title: model.get("title") }),
        onclick: () => { model.set("pressed", !model.get("pressed")); model.save_changes(); },
      })] : []),
      ...model.get("files").map(({ label, about }, index) =>
        html("button", { type: "button", class: "ab-file", "data-file": label, text: label, "aria-label": about, title: about, onclick: () => ask(index) })),
      said,
    );
  };
  const answer = () => {
    const made = model.get("answer");
    if (made.number !== number) return;
    clearInterval(timer);
    press(false);
    if (made.problem) {
      said.textContent = tr("Not made: {problem}", { problem: made.problem });
      return;
    }
    const view = model.get("content");
    const bytes = view ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength) : new Uint8Array(0);
    const address = URL.createObjectURL(new Blob([bytes], { type: made.media }));
    const link = html("a", { href: address, download: made.name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
    const saved = tr("{file} is saved.", { file: made.name });
    said.textContent = saved;
    setTimeout(() => { if (said.textContent === saved) said.textContent = ""; }, 6000);
  };
  draw();
  model.on("change:files", draw);
  model.on("change:pressed", draw);
  model.on("change:source", draw);
  model.on("change:answer", answer);
  return () => {
    clearInterval(timer);
    for (const [name, heard] of [["files", draw], ["pressed", draw], ["source", draw], ["answer", answer]]) model.off(`change:${name}`, heard);
  };
}

export default { render };
