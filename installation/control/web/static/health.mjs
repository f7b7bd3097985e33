// Rates, workers, microphone, and the log of what was refused.

import { byId, element, setText } from "./dom.mjs";

const FIGURES = [
  ["status/fps", "frames shown", (value) => `${value.toFixed(0)} /s`, () => false],
  ["status/missed", "late", (value) => `${value.toFixed(1)} %`, (value) => value > 2],
  ["status/generated", "generated", (value) => `${value.toFixed(0)} /s`, () => false],
  ["status/steps", "dream steps", (value) => `${value.toFixed(0)} /s`, () => false],
];

/** Shows the figures of the last second. */
export function drawHealth(values) {
  const number = (name) => Number(values[name] ?? 0);
  const words = (name) => String(values[name] ?? "");
  for (const [name, , format, isBad] of FIGURES) {
    const place = byId(`figure-${name.split("/")[1]}`);
    setText(place, values[name] === undefined ? "–" : format(number(name)));
    place.classList.toggle("bad", values["status/state"] === "running" && isBad(number(name)));
  }
  const state = words("status/state") || "starting";
  setText(byId("state"), state);
  byId("state").dataset.state = state;
  setText(byId("fps"), `${number("status/fps").toFixed(0)} fps`);
  const microphone = words("speech/health") || "off";
  setText(
    byId("microphone"),
    microphone === "off" ? "off" : [microphone, words("speech/recognizer")].filter(Boolean).join(" · "),
  );
  const lines = words("status/workers").split("\n").filter(Boolean);
  const known = [...byId("workers").children].map((row) => row.textContent);
  if (lines.join("\n") !== known.join("\n")) {
    byId("workers").replaceChildren(
      ...lines.map((line) => element("li", { textContent: line, className: line.includes(": running") ? "" : "bad" })),
    );
  }
}

/** Adds a line on top of the log. */
export function addLog({ ago, kind, text, sender, name }) {
  const time = new Date(Date.now() - 1000 * ago).toLocaleTimeString([], { hour12: false });
  const about = [sender, name].filter(Boolean).join(" ");
  const row = element(
    "li",
    { className: kind },
    element("time", { textContent: time }),
    element("span", { className: "words", textContent: text }),
    about ? element("span", { className: "dim", textContent: about }) : null,
  );
  const place = byId("log");
  place.prepend(row);
  while (place.children.length > 100) place.lastChild.remove();
}

for (const [name, label] of FIGURES)
  byId("figures").append(
    element(
      "div",
      {},
      element("dt", { textContent: label }),
      element("dd", { id: `figure-${name.split("/")[1]}`, textContent: "–" }),
    ),
  );
