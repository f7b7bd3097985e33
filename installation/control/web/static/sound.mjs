// What the sound does: levels, onsets, pitch classes and the tempo that is heard.

import { byId, element, setText, setVisible } from "./dom.mjs";

const LEVELS = ["loudness", "low", "mid", "high", "onset"];
const PITCHES = ["C", "", "D", "", "E", "F", "", "G", "", "A", "", "B"];

const bar = (name, label) =>
  element(
    "div",
    { className: "column" },
    element("span", { className: "level", "data-name": name }),
    element("span", { className: "dim", textContent: label }),
  );

byId("sound-levels").append(...LEVELS.map((name) => bar(`audio/${name}`, name)));
byId("sound-chroma").append(...PITCHES.map((label, number) => bar(`audio/chroma/${number}`, label)));

/** Shows the latest features of the sound. */
export function drawSound(values) {
  const live = Boolean(values["audio/live"]);
  setVisible(byId("sound"), live);
  if (!live) return;
  for (const place of byId("sound").querySelectorAll(".level"))
    place.style.setProperty("--fill", `${100 * Number(values[place.dataset.name] ?? 0)}%`);
  const tempo = Number(values["audio/bpm"] ?? 0);
  setText(byId("sound-tempo"), tempo ? `${tempo.toFixed(1)} bpm` : "");
}
