// Links to the same page in other languages, each by its own name.

function render({ model, el }) {
  const nav = html("nav", { class: "ab ab-languages", "aria-label": tr("Language of the page") });
  el.append(nav);
  const show = () => {
    const links = Object.entries(model.get("others")).map(([code, name]) => {
      const parts = new URLSearchParams(model.get("query"));
      if (code === SOURCE_LANGUAGE) parts.delete("lang");
      else parts.set("lang", code);
      const query = parts.toString();
      return html("a", {
        href: `${location.pathname}${query ? `?${query}` : ""}`, class: "ab-tool", lang: code, hreflang: code, text: name,
      });
    });
    nav.replaceChildren(...links);
  };
  show();
  for (const name of ["query", "others"]) model.on(`change:${name}`, show);
  return () => ["query", "others"].forEach((name) => model.off(`change:${name}`, show));
}

export default { render };
