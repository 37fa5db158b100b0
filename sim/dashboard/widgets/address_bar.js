// The address bar holds the state of the page. A new step of the plan is a new entry of the browser's history, so
// that Back undoes and Forward redoes; Undo and Redo of the page walk through the same entries. Looking elsewhere
// rewrites the entry. `place` numbers the entries, also across a reload of the page.

const REST = 250; // ms before looking elsewhere is written: browsers allow few changes of the address a second

function keepMark() {
  if (window.aiblocsKeepsMark) return;
  window.aiblocsKeepsMark = true;
  const write = history.replaceState.bind(history);
  // the framework's router writes the scroll position into the entry: the mark is kept beside it
  history.replaceState = (state, ...rest) => write({ aiblocs: history.state?.aiblocs, ...state }, ...rest);
}

function render({ model }) {
  keepMark();
  const places = new Map(); // step of this visit: {place, plan}
  let known = false;
  let place = history.state?.aiblocs?.place ?? 0;
  let waiting = 0;
  let travel = 0;
  const mark = () => history.state?.aiblocs ?? {};
  const write = (method) => {
    clearTimeout(waiting);
    waiting = 0;
    const [query, plan, step] = ["query", "plan", "step"].map((name) => model.get(name));
    const address = `${location.pathname}${query ? `?${query}` : ""}${location.hash}`;
    history[method]({ ...history.state, aiblocs: { place, plan } }, "", address);
    places.set(step, { place, plan });
    known = true;
  };
  const rewrite = () => write("replaceState");
  const arrive = () => {
    clearTimeout(travel);
    travel = 0;
    place = mark().place ?? place;
    rewrite();
  };
  const follow = () => {
    if (travel || !model.get("fits")) return;
    const [plan, step] = [model.get("plan"), model.get("step")];
    if (!known) return rewrite();
    if (mark().plan === plan) {
      if (!waiting) waiting = setTimeout(rewrite, REST);
      return;
    }
    const met = places.get(step);
    if (met?.plan === plan && met.place !== place) {
      travel = setTimeout(arrive, 1000);
      history.go(met.place - place);
      return;
    }
    for (const [other, { place: at }] of places) if (at > place) places.delete(other);
    place += 1;
    write("pushState");
  };
  const popped = () => {
    if (travel) return arrive();
    place = mark().place ?? place + 1;
    if ((mark().plan ?? model.get("plan")) === model.get("plan")) return rewrite();
    model.set("turned", { query: location.search.slice(1), number: (model.get("turned").number ?? 0) + 1 });
    model.save_changes();
  };
  let heard = 0;
  const soon = () => {
    clearTimeout(heard);
    heard = setTimeout(follow); // query, plan and step change together, one after the other
  };
  const flush = () => {
    if (waiting) rewrite();
  };
  follow();
  const names = ["query", "plan", "step", "fits"];
  for (const name of names) model.on(`change:${name}`, soon);
  window.addEventListener("popstate", popped);
  window.addEventListener("pagehide", flush);
  return () => {
    clearTimeout(heard);
    clearTimeout(waiting);
    for (const name of names) model.off(`change:${name}`, soon);
    window.removeEventListener("popstate", popped);
    window.removeEventListener("pagehide", flush);
  };
}

export default { render };
