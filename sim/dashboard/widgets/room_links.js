// The links of a room, one for each role: to copy, to open, and whether somebody is there.

function render({ model, el }) {
  const list = html("ul", { class: "ab-room-links" });
  const said = html("p", { class: "ab-said", role: "status" });
  el.append(html("div", { class: "ab" }, list, said));
  const address = (query) => `${location.origin}${location.pathname}?${query}`;
  const rows = new Map();

  const row = (link) => {
    const field = html("input", { type: "text", readonly: "", class: "ab-link-field", "aria-label": tr("Link: {role}", { role: link.label }) });
    field.value = address(link.query);
    const copy = async () => {
      try {
        await navigator.clipboard.writeText(field.value);
        said.textContent = tr("Link copied: {role}", { role: link.label });
      } catch {
        field.select();
        said.textContent = tr("Press Ctrl+C to copy");
      }
    };
    const here = html("span", { class: "ab-room-here" });
    const node = html(
      "li", { "data-role": link.role },
      html("b", { text: link.label }), here, field,
      html("button", { type: "button", class: "ab-tool", text: tr("Copy"), "aria-label": tr("Copy the link: {role}", { role: link.label }), onclick: copy }),
      html("a", { class: "ab-tool ab-room-open", href: `?${link.query}`, target: "_blank", rel: "noopener", text: tr("Open"), "aria-label": tr("Open the link: {role}", { role: link.label }) }),
    );
    list.append(node);
    return { node, here };
  };
  const show = () => {
    const links = model.get("links");
    if (links.map((link) => link.query).join() !== [...rows.keys()].join()) {
      list.replaceChildren();
      rows.clear();
      for (const link of links) rows.set(link.query, row(link));
    }
    for (const link of links) {
      const { node, here } = rows.get(link.query);
      here.textContent = link.here;
      node.classList.toggle("ab-room-there", link.there);
    }
  };
  show();
  model.on("change:links", show);
  return () => model.off("change:links", show);
}

export default { render };
