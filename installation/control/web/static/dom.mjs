// Elements without markup: text is only ever text.

/** The element with this id. */
export const byId = (id) => document.getElementById(id);

/** A new element. `properties` are those of the element, `aria-…`, `data-…` and `on…` included. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name.includes("-") || name === "role" || name === "for") made.setAttribute(name, String(value));
    else made[name] = value;
  }
  made.append(...children.filter((child) => child !== undefined && child !== null));
  return made;
}

/** Sets the text of an element, only if it differs, so that a screen reader is not disturbed. */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/** Shows or hides an element. */
export function setVisible(target, visible) {
  target.hidden = !visible;
}

/** A message for the operator that disappears by itself. */
export function toast(text) {
  const place = byId("toasts");
  const entry = element("p", { className: "toast", textContent: text });
  place.append(entry);
  while (place.children.length > 3) place.firstChild.remove();
  setTimeout(() => entry.remove(), 6000);
}

/** Whether keys belong to the element that has the focus. */
export function isTyping(target) {
  return target instanceof HTMLElement && (target.matches("input, textarea, select") || target.isContentEditable);
}
