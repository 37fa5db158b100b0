// The address that restores this page, to be copied; the address bar follows it.

function render({ model, el }) {
  const address = () => {
    const query = model.get("query");
    return `${location.origin}${location.pathname}${query ? `?${query}` : ""}`;
  };
  const field = html("input", { type: "text", readonly: "", class: "ab-link-field", "aria-label": "Link to this view" });
  const said = html("span", { class: "ab-said", role: "status" });
  const button = html("button", {
    type: "button", class: "ab-tool ab-copy", text: "Copy link",
    onclick: async () => {
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
        said.textContent = "Copied";
      } catch {
        said.textContent = "Press Ctrl+C to copy";
      }
    },
  });
  el.append(html("div", { class: "ab ab-share" }, field, button, said));
  const show = () => {
    field.value = address();
    said.textContent = "";
  };
  show();
  model.on("change:query", show);
  return () => model.off("change:query", show);
}

export default { render };
