// A file chosen by the user, read in the browser; too large ones never leave it.

function render({ model, el }) {
  const message = html("p", { class: "ab-problem", role: "alert" });
  const input = html("input", {
    type: "file", accept: model.get("accept"), class: "ab-hidden-input", "aria-label": model.get("label"),
    onchange: async () => {
      const [file] = input.files;
      if (!file) return;
      const limit = model.get("max_bytes");
      message.textContent =
        file.size > limit ? tr("{file} has {size} bytes; at most {limit} are read.", { file: file.name, size: file.size, limit }) : "";
      if (file.size <= limit) {
        model.set("upload", { name: file.name, text: await file.text(), number: (model.get("upload").number ?? 0) + 1 });
        model.save_changes();
      }
      input.value = "";
    },
  });
  const root = html("div", { class: "ab ab-upload" }, html("label", {}, input, html("span", { text: model.get("label") })), message);
  el.append(root);
}

export default { render };
