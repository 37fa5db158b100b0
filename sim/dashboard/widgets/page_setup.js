// What only the document itself can know or be told: language, title, pinch zoom, width, theme.

const NARROW = 800; // px

function render({ model }) {
  document.documentElement.lang = model.get("language");
  document.title = model.get("title");
  document.querySelector("meta[name=viewport]")?.setAttribute("content", "width=device-width, initial-scale=1");
  const media = window.matchMedia(`(max-width: ${NARROW}px)`);
  const tell = () => {
    model.set("narrow", media.matches);
    model.save_changes();
  };
  const name = () => {
    for (const [selector, text] of Object.entries(model.get("names"))) {
      for (const node of document.querySelectorAll(`${selector}:not([aria-label])`)) {
        node.setAttribute("aria-label", text);
        node.title = text;
      }
    }
  };
  const themed = document.querySelector(".v-application");
  const shade = () => {
    model.set("dark", Boolean(themed?.classList.contains("theme--dark")));
    model.save_changes();
  };
  tell();
  name();
  shade();
  const theme = new MutationObserver(shade);
  if (themed) theme.observe(themed, { attributes: true, attributeFilter: ["class"] });
  const observer = new MutationObserver(name); // the framework may draw its buttons later, or anew
  observer.observe(document.querySelector(".page-head") ?? document.body, { childList: true, subtree: true });
  media.addEventListener("change", tell);
  return () => {
    observer.disconnect();
    theme.disconnect();
    media.removeEventListener("change", tell);
  };
}

export default { render };
