// When the server is lost: says so, asks until it answers, and comes back by itself. The session is taken up again
// where it still lives; else the page is loaded anew at its address, which holds the state. Levers that
// were moved in between are kept in the browser and set again.

const ASK_EVERY = 300; // ms
const PATIENCE = 10_000; // ms from the connection to an answer of the session
const KEPT = "aiblocs:moved";

function render({ model, el }) {
  const note = html("p", { class: "ab-lost-note", role: "alert" });
  el.append(html("div", { class: "ab ab-lost" }, note));
  const kernel = window.solara?.debug?.kernel();
  let [lost, asking, waiting, moved] = [false, 0, 0, {}];

  const show = () => {
    document.body.classList.toggle("aiblocs-lost", lost);
    note.hidden = !lost;
    note.textContent = lost ? model.get("words") : "";
  };
  const store = () => sessionStorage.setItem(KEPT, JSON.stringify({ search: location.search, moved }));
  const send = () => {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
    const values = kept?.search === location.search ? kept.moved : {};
    if (!lost && !Object.keys(values).length) return;
    model.set("moved", { values, number: (model.get("moved").number ?? 0) + 1 });
    model.save_changes();
  };
  const ask = async () => {
    try {
      const answer = await fetch(`${window.solara.rootPath}/readyz`, { cache: "no-store" });
      const server = answer.headers.get("aiblocs-server") ?? model.get("server");
      if (answer.ok && server !== model.get("server")) return location.reload();
      if (answer.ok && kernel.connectionStatus !== "connected") await kernel.reconnect();
    } catch {
      // still away
    }
    asking = kernel.connectionStatus === "connected" ? 0 : setTimeout(ask, ASK_EVERY);
  };
  const changed = () => {
    const connected = kernel.connectionStatus === "connected";
    clearTimeout(waiting);
    if (!connected && !lost) {
      lost = true;
      store();
      show();
    }
    if (!connected) asking ||= setTimeout(ask, ASK_EVERY);
    else if (lost) {
      send();
      waiting = setTimeout(() => location.reload(), PATIENCE);
    }
  };
  const answered = () => {
    clearTimeout(waiting);
    sessionStorage.removeItem(KEPT);
    moved = {};
    lost = false;
    show();
  };
  // what was moved and is not yet known to the server, which tells the plan that it has
  const keep = (event) => {
    const input = event.target;
    const name = input?.dataset?.lever;
    if (!name) return;
    const at = input.type === "checkbox" ? input.getAttribute(input.checked ? "max" : "min") : input.value;
    moved[name] = Number(at);
    if (lost) store();
  };
  const heard = () => {
    if (!lost) moved = {};
  };
  show();
  send();
  kernel?.connectionStatusChanged.connect(changed);
  document.addEventListener("input", keep, true);
  document.addEventListener("change", keep, true);
  model.on("change:plan", heard);
  model.on("change:answered", answered);
  return () => {
    clearTimeout(asking);
    clearTimeout(waiting);
    kernel?.connectionStatusChanged.disconnect(changed);
    document.removeEventListener("input", keep, true);
    document.removeEventListener("change", keep, true);
    model.off("change:plan", heard);
    model.off("change:answered", answered);
  };
}

export default { render };
