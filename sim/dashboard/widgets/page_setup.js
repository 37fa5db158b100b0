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
  tell();
  media.addEventListener("change", tell);
  return () => media.removeEventListener("change", tell);
}

export default { render };
