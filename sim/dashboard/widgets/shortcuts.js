// Keys of the page. Nothing is caught while the user types in a text field.

function named(event) {
  const control = event.ctrlKey || event.metaKey;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return `${control ? "Ctrl+" : ""}${event.shiftKey && key.length > 1 === false && control ? "Shift+" : ""}${key}`;
}

function typing(target) {
  if (target.isContentEditable) return true;
  if (target.tagName === "TEXTAREA" || target.tagName === "SELECT") return true;
  return target.tagName === "INPUT" && !["range", "checkbox", "radio", "button"].includes(target.type);
}

function render({ model }) {
  const handler = (event) => {
    const key = named(event);
    if (event.altKey || typing(event.target) || !model.get("listens").includes(key)) return;
    event.preventDefault();
    model.set("pressed", { key, number: (model.get("pressed").number ?? 0) + 1 });
    model.save_changes();
  };
  window.addEventListener("keydown", handler);
  return () => window.removeEventListener("keydown", handler);
}

export default { render };
