// What a word of the glossary means, beside any element of the page with `data-term`: shown while the word is pointed at or
// has the focus, gone with Escape; the pointer may move onto it.

const LINGER = 160; // milliseconds before it goes, so that the pointer can reach it

function render({ model, el }) {
  const terms = model.get("terms");
  const name = html("strong");
  const meaning = html("p");
  const example = html("p", { class: "ab-gloss-example" });
  const tip = html("div", { class: "ab ab-gloss", role: "tooltip", id: "ab-gloss", hidden: "" }, name, meaning, example);
  const holder = el.closest(".v-application") ?? document.body; // the theme's colours are set there
  holder.append(tip);
  let word = null;
  let timer;

  const hide = () => {
    clearTimeout(timer);
    word?.removeAttribute("aria-describedby");
    word = null;
    tip.hidden = true;
  };
  const show = (node) => {
    clearTimeout(timer);
    if (node === word) return;
    hide();
    const term = terms[node.dataset.term];
    if (!term) return;
    word = node;
    name.textContent = term.name;
    meaning.textContent = term.meaning;
    example.textContent = term.example ? tr("Example: {example}", { example: term.example }) : "";
    tip.hidden = false;
    node.setAttribute("aria-describedby", "ab-gloss");
    place();
  };
  const place = () => {
    if (!word) return;
    const box = word.getBoundingClientRect();
    const width = document.documentElement.clientWidth;
    tip.style.left = `${clamp(box.left, 8, Math.max(8, width - tip.offsetWidth - 8))}px`;
    const below = box.bottom + 6;
    tip.style.top = `${below + tip.offsetHeight > innerHeight ? Math.max(4, box.top - tip.offsetHeight - 6) : below}px`;
  };
  const found = (event) => event.target.closest?.("[data-term]");
  const heard = {
    pointerover: (event) => {
      if (tip.contains(event.target)) clearTimeout(timer);
      else if (found(event)) show(found(event));
      else if (word && document.activeElement !== word) {
        clearTimeout(timer);
        timer = setTimeout(hide, LINGER);
      }
    },
    focusin: (event) => (found(event) ? show(found(event)) : hide()),
    focusout: hide,
    click: (event) => found(event) && show(found(event)),
    keydown: (event) => {
      if (event.key !== "Escape" || !word) return;
      hide();
      event.stopPropagation();
    },
    scroll: place,
  };
  for (const [kind, handler] of Object.entries(heard)) document.addEventListener(kind, handler, true);
  return () => {
    for (const [kind, handler] of Object.entries(heard)) document.removeEventListener(kind, handler, true);
    tip.remove();
  };
}

export default { render };
