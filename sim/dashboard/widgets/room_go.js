// Goes to another view of the page, by its query string.

function render({ model }) {
  const go = () => {
    if (model.get("query")) location.assign(`?${model.get("query")}`);
  };
  go();
  model.on("change:query", go);
  return () => model.off("change:query", go);
}

export default { render };
