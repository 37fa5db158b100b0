// Copies the address that restores this page. Where the browser lets no script copy, it shows it to be copied by hand.

function render({ model, el }) {
  const address = () => {
    const query = model.get("query");
    return `${location.origin}${location.pathname}${query ? `?${query}` : ""}`;
  };
  const field = html("input", { type: "text", readonly: "", class: "ab-link-field", "aria-label": tr("Link to this view") });
  const said = html("span", { class: "ab-said", role: "status" });
  const short = model.get("short");
  const say = (text) => {
    said.textContent = text;
  };
  const copy = async () => {
    if (model.get("problem")) return say(model.get("problem"));
    try {
      await navigator.clipboard.writeText(address());
      say(tr("Link copied"));
    } catch {
      field.hidden = false;
      field.select();
      say(tr("Press Ctrl+C to copy"));
    }
  };
  const button = html("button", {
    type: "button", class: "ab-tool ab-copy", text: short ? tr("Share") : tr("Copy link"), onclick: copy,
    title: tr("Copy the address that restores this page"),
  });
  const parts = short ? [button, field, said] : [field, button, said];
  el.append(html("div", { class: `ab ab-share${short ? " ab-share-short" : ""}` }, ...parts));
  const show = () => {
    field.value = address();
    field.hidden = short || Boolean(model.get("problem"));
    say(short ? "" : model.get("problem"));
  };
  show();
  const names = ["query", "problem"];
  for (const name of names) model.on(`change:${name}`, show);
  return () => names.forEach((name) => model.off(`change:${name}`, show));
}

export default { render };
