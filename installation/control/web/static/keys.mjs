// The keys of the operator page. They can be switched off, and never act while somebody types.

import { byId, isTyping } from "./dom.mjs";

const STORED = "laterna-keys";
export const KEYS = [
  [" ", "Space", "GO: the next cue", "go"],
  ["p", "P", "Previous cue", "previous"],
  ["b", "B", "Blackout on and off", "blackout"],
  ["Escape", "Esc", "Panic: fade to black; twice cuts", "panic"],
  ["h", "H", "Pause and go on", "pause"],
  ["/", "/", "Type words", "type"],
  ["?", "?", "This help", "help"],
];

export function listenToKeys(actions) {
  const box = byId("keys-enabled");
  box.checked = localStorage.getItem(STORED) !== "off";
  box.addEventListener("change", () => localStorage.setItem(STORED, box.checked ? "on" : "off"));
  // A click leaves no focus on a button: the space bar would press it again instead of firing the next cue.
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button && event.detail > 0) button.blur();
  });
  addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || !box.checked) return;
    const key = KEYS.find(([name]) => name === event.key || name === event.key.toLowerCase());
    if (!key || byId("help").open) return;
    if (event.key === "Escape" && isTyping(document.activeElement)) return document.activeElement.blur();
    if (isTyping(document.activeElement)) return undefined;
    if (event.key === " " && document.activeElement !== document.body) return undefined; // presses the focused button
    event.preventDefault();
    return actions[key[3]]();
  });
}
