// What the framework leaves undone for those who use the keyboard or a screen reader: links to skip to a part of the
// page, tabs that obey the arrow keys, lists that are not a button around a field, names of progress bars.

const SCROLLED = ".page-came, .page-scroll, .page-sheet-panel";
const OPEN_DIALOG = ".v-dialog--active";
const HIDDEN_ROLE = ["role", "aria-haspopup", "aria-expanded", "aria-owns"];

function goTo(selector) {
  const part = document.querySelector(selector);
  if (!part) return;
  if (!part.matches("a, button, input")) part.setAttribute("tabindex", "-1");
  part.focus();
  part.scrollIntoView({ block: "start" });
}

// A list of the framework: the element around the field says that it is a button; the field itself should be the list.
function mendList(list) {
  const around = list.querySelector(".v-input__slot");
  const field = around?.querySelector("input:not([type=hidden])");
  if (!field) return;
  const expanded = around.getAttribute("aria-expanded");
  const owned = around.getAttribute("aria-owns");
  if (expanded !== null) {
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-haspopup", "listbox");
    field.setAttribute("aria-expanded", expanded);
    if (expanded === "true" && owned) field.setAttribute("aria-controls", owned);
    else field.removeAttribute("aria-controls");
  }
  for (const name of HIDDEN_ROLE) around.removeAttribute(name);
}

function mendTabs(list) {
  for (const tab of list.querySelectorAll("[role=tab]")) {
    const stop = tab.getAttribute("aria-selected") === "true" ? "0" : "-1";
    if (tab.getAttribute("tabindex") !== stop) tab.setAttribute("tabindex", stop);
  }
}

// What is cut off can be scrolled with the keyboard too.
function mendScrolled(part) {
  if (part.scrollHeight > part.clientHeight + 1) part.setAttribute("tabindex", "0");
  else part.removeAttribute("tabindex");
}

// What has the focus, so that it is found again when the framework draws it anew: by its words, else by its place.
function described(node) {
  const words = (one) => one.getAttribute("aria-label") ?? one.textContent.trim();
  const alike = [...document.querySelectorAll(`${node.tagName}${node.getAttribute("role") ? `[role=${node.getAttribute("role")}]` : ""}`)];
  return { node, alike, words: words(node), find: (nodes) => nodes.find((one) => words(one) === words(node)) };
}

function turn(event) {
  const tab = event.target.closest?.("[role=tab]");
  const list = tab?.closest("[role=tablist]");
  if (!list || event.ctrlKey || event.metaKey || event.altKey) return;
  const tabs = [...list.querySelectorAll("[role=tab]")];
  const at = tabs.indexOf(tab);
  const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  const chosen = tabs[(next + tabs.length) % tabs.length];
  chosen.setAttribute("tabindex", "0");
  chosen.focus();
  chosen.click();
}

function render({ model, el }) {
  const links = Object.entries(model.get("skips")).map(([selector, text]) =>
    html("a", {
      href: selector, text,
      onclick: (event) => {
        event.preventDefault();
        goTo(selector);
      },
    }));
  el.append(html("nav", { class: "ab ab-skips", "aria-label": tr("Skip") }, ...links));
  const mend = () => {
    document.querySelectorAll(".v-select").forEach(mendList);
    document.querySelectorAll("[role=tablist]").forEach(mendTabs);
    document.querySelectorAll(SCROLLED).forEach(mendScrolled);
    for (const bar of document.querySelectorAll("[role=progressbar]:not([aria-label])")) bar.setAttribute("aria-label", tr("Working"));
  };
  let waiting = 0;
  let held = null;
  let opener = null; // of the dialog that is open
  const hold = (event) => {
    const inPage = Boolean(event.target.closest?.(".page"));
    if (inPage && !document.querySelector(OPEN_DIALOG)) opener = described(event.target);
    held = inPage ? described(event.target) : null;
  };
  const letGo = () => {
    if (held?.node.isConnected) held = null;
  };
  const find = () => {
    if (!held || held.node.isConnected || document.activeElement !== document.body) return;
    const now = described(held.node).alike.filter((one) => one.checkVisibility());
    const same = held.find(now) ?? now[held.alike.indexOf(held.node)];
    held = null;
    same?.focus({ preventScroll: true });
  };
  // A dialog takes the focus, also from what is drawn anew behind it, and gives it back when it closes.
  let inDialog = false;
  const attend = () => {
    const title = document.querySelector(`${OPEN_DIALOG} h2`);
    if (title) {
      inDialog = true;
      if (title.closest(OPEN_DIALOG).contains(document.activeElement)) return;
      if (document.activeElement?.closest(".menuable__content__active")) return; // a list of it is open
      title.setAttribute("tabindex", "-1");
      title.focus();
    } else if (inDialog && !document.querySelector(OPEN_DIALOG)) {
      inDialog = false;
      held = opener;
      if (held?.node.isConnected) held.node.focus({ preventScroll: true });
    }
  };
  const soon = () => {
    waiting ||= requestAnimationFrame(() => {
      waiting = 0;
      mend();
      attend();
      find();
    });
  };
  mend();
  const observer = new MutationObserver(soon);
  observer.observe(document.body, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["aria-expanded", "aria-selected", "aria-owns"],
  });
  document.addEventListener("keydown", turn);
  document.addEventListener("focusin", hold);
  document.addEventListener("pointerdown", letGo);
  return () => {
    cancelAnimationFrame(waiting);
    observer.disconnect();
    document.removeEventListener("keydown", turn);
    document.removeEventListener("focusin", hold);
    document.removeEventListener("pointerdown", letGo);
  };
}

export default { render };
