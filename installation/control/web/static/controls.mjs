// A control for every live parameter, made from the parameter table that the show sends.

import { throttled } from "./connection.mjs";
import { element, setText } from "./dom.mjs";

const SETTLE_MS = 400; // after the last touch, before values of others move a control again
const WIDEST_RANGE = 100; // of a slider; a wider one is a number
const HIDDEN = new Set([
  "midi/learn",
  "blackout",
  "pause",
  "audience/qr",
  "transition/curve/index",
  "tempo/source/index",
]);
const ORDER = [
  "walk",
  "dream",
  "latent",
  "transition",
  "prompt",
  "master",
  "caption",
  "queue",
  "script",
  "speech",
  "tempo",
  "sound",
  "snapshot",
  "audience",
];
const TITLES = {
  walk: "Movement",
  dream: "Dream",
  latent: "Latents",
  transition: "Transition",
  prompt: "Words",
  master: "Stage",
  caption: "Captions",
  queue: "Queue",
  script: "Script",
  speech: "Speech",
  audience: "Audience",
  tempo: "Tempo",
  sound: "Sound",
  system: "Show file",
  record: "Recording",
};
const PLACED = /^output\//; // on the map of the projection
const ELSEWHERE = new Set([
  "prompt",
  "go",
  "pause",
  "resume",
  "panic",
  "panicInTime",
  "reset",
  "queue/add",
  "queue/skip",
  "queue/clear",
  "queue/approve",
  "queue/reject",
]);

const groupOf = (name) => name.split("/")[0];
const LABELS = {
  "audience/qr": "QR code on the wall",
  "audience/url": "address",
  "master/opacity": "brightness",
  "queue/hold": "stop the queue",
  "prompt/negative": "push away from",
};
const labelOf = (name) => LABELS[name] ?? (name.split("/").slice(1).join(" ").replaceAll("_", " ") || name);
const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

export class Controls {
  #place;
  #connection;
  #byName = new Map();
  #canLearn = false;

  constructor(place, connection) {
    this.#place = place;
    this.#connection = connection;
  }

  /** Builds everything anew. */
  build(parameters, values, canLearn) {
    this.#canLearn = canLearn;
    const groups = new Map();
    for (const row of parameters) {
      const control = this.#make(row, values[row.name]);
      if (!control) continue;
      const name = groupOf(row.name);
      if (!groups.has(name)) groups.set(name, { values: [], buttons: [] });
      groups.get(name)[row.access === "trigger" ? "buttons" : "values"].push(control);
    }
    const rank = (name) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
    const names = [...groups.keys()].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
    const sections = names.map((name) => section(name, groups.get(name)));
    this.#place.replaceChildren(...(canLearn ? [this.#pads(parameters), ...sections] : sections));
  }

  /** Shows a value that has changed. */
  show(name, value) {
    this.#byName.get(name)?.show(value);
  }

  /** Shows which parameter waits for a MIDI control. */
  learning(name) {
    const state = this.#place.querySelector("#learning");
    if (state) setText(state, name ? `Move or press the control for ${name}.` : "");
    for (const button of this.#place.querySelectorAll(".learn")) {
      button.setAttribute("aria-pressed", String(button.dataset.name === name));
    }
  }

  #make(row, value) {
    if (HIDDEN.has(row.name) || PLACED.test(row.name) || row.access === "reading" || row.name.includes("{")) return null;
    if (row.access === "trigger") return this.#trigger(row);
    const control = controlOf(row, (next) => this.#connection.set(row.name, next));
    const learn = this.#canLearn && (row.kind === "float" || row.kind === "bool") ? this.#learn(row) : null;
    this.#byName.set(row.name, control);
    control.show(value ?? row.default);
    return framed(row, control, learn);
  }

  #trigger(row) {
    if (
      row.critical ||
      ELSEWHERE.has(row.name) ||
      /[sf]/.test(row.arguments.replace(/\[.*?\]/g, "")) ||
      /^(cue|playhead|snapshot)\b/.test(row.name)
    )
      return null;
    return element("button", {
      type: "button",
      className: "small",
      textContent: sentence(labelOf(row.name)),
      title: `${sentence(row.help)}\n/laterna/${row.name}`,
      onclick: () => this.#connection.fire(row.name),
    });
  }

  /** Learns a pad for a button of the page. */
  #pads(parameters) {
    const rows = parameters.filter(
      (row) =>
        row.name === "blackout" ||
        (row.access === "trigger" && !row.name.includes("{") && ["", "[i]"].includes(row.arguments)),
    );
    const choose = element(
      "select",
      { "aria-label": "Button to learn a MIDI pad for" },
      ...rows.map((row) => element("option", { value: row.name, textContent: row.name })),
    );
    choose.value = "go";
    const learn = element("button", {
      type: "button",
      className: "small",
      textContent: "Learn a pad",
      onclick: () => this.#connection.set("midi/learn", choose.value),
    });
    const state = element("p", { className: "dim", id: "learning", role: "status" });
    return element(
      "section",
      { className: "group" },
      element("h3", { textContent: "MIDI" }),
      element("div", { className: "row" }, choose, learn),
      state,
    );
  }

  #learn(row) {
    return element("button", {
      type: "button",
      className: "learn",
      textContent: "MIDI",
      "data-name": row.name,
      "aria-pressed": "false",
      "aria-label": `Learn a MIDI control for ${row.name}`,
      onclick: (event) =>
        this.#connection.set("midi/learn", event.currentTarget.getAttribute("aria-pressed") === "true" ? "" : row.name),
    });
  }
}

/** The control of a row: its parts, and what shows a value in it. */
export function controlOf(row, send) {
  const make = row.choices.length ? choice : { bool: toggle, text, int: number, float: slider }[row.kind];
  return make(row, send);
}

/** A control with its label, for the page. */
export function framed(row, control, learn) {
  const title = `${sentence(row.help)}\n/laterna/${row.name}`;
  const [label, ...others] = control.parts;
  return element(
    "div",
    { className: `control ${control.kind}`, "data-name": row.name, title },
    label,
    learn,
    ...others,
  );
}

function section(name, { values, buttons }) {
  const title = element("h3", { textContent: TITLES[name] ?? sentence(name) });
  const row = buttons.length ? element("div", { className: "row" }, ...buttons) : null;
  return element("section", { className: "group", "data-group": name }, title, ...values, row);
}

function labelled(row) {
  const id = `control-${row.name.replaceAll("/", "-")}`;
  return [id, element("label", { for: id, textContent: sentence(labelOf(row.name)) })];
}

/** Holds back what others set while the operator's hand is on the control. */
function settling(show) {
  let touched = -Infinity;
  let latest;
  let timer = 0;
  const control = {
    touch() {
      touched = performance.now();
    },
    show(value) {
      latest = value;
      clearTimeout(timer);
      const left = touched + SETTLE_MS - performance.now();
      if (left > 0) timer = setTimeout(() => control.show(latest), left);
      else show(value);
    },
  };
  return control;
}

function slider(row, send) {
  const range = row.high - row.low;
  if (!(range <= WIDEST_RANGE)) return number(row, send);
  const [id, label] = labelled(row);
  const digits = range <= 2 ? 2 : 1;
  const unit = row.unit ? ` ${row.unit}` : "";
  const output = element("output", { for: id });
  const input = element("input", { type: "range", id, min: row.low, max: row.high, step: range / 200 });
  const display = (value) => {
    input.style.setProperty("--fill", `${(100 * (value - row.low)) / range}%`);
    setText(output, value.toFixed(digits) + unit);
    input.setAttribute("aria-valuetext", value.toFixed(digits) + unit);
    reset.classList.toggle("needless", Math.abs(value - row.default) < range / 400);
  };
  const deliver = throttled(send);
  const move = (value) => {
    control.touch();
    display(value);
    deliver(value);
  };
  const reset = element("button", {
    type: "button",
    className: "reset",
    textContent: "↺",
    "aria-label": `Reset ${row.name} to ${row.default}`,
    onclick: () => {
      input.value = row.default;
      move(row.default);
    },
  });
  const control = settling((value) => {
    input.value = value;
    display(Number(value));
  });
  input.addEventListener("input", () => move(Number(input.value)));
  return { kind: "slider", parts: [label, reset, output, input], show: control.show };
}

function number(row, send) {
  const [id, label] = labelled(row);
  const input = element("input", {
    type: "number",
    id,
    min: row.low,
    max: row.high,
    step: row.kind === "int" ? 1 : "any",
  });
  input.addEventListener("change", () => input.value !== "" && send(Number(input.value)));
  const show = (value) =>
    document.activeElement === input || (input.value = row.kind === "int" ? value : Number(value.toFixed(2)));
  return { kind: "number", parts: [label, input, element("span", { className: "unit", textContent: row.unit })], show };
}

function toggle(row, send) {
  const [id, label] = labelled(row);
  const input = element("input", { type: "checkbox", id, role: "switch" });
  input.addEventListener("change", () => send(input.checked));
  return { kind: "toggle", parts: [label, input], show: (value) => (input.checked = Boolean(value)) };
}

function choice(row, send) {
  const [id, label] = labelled(row);
  const input = element(
    "select",
    { id },
    ...row.choices.map((value) => element("option", { value, textContent: value })),
  );
  input.addEventListener("change", () => send(input.value));
  return { kind: "text", parts: [label, input], show: (value) => (input.value = value) };
}

function text(row, send) {
  const [id, label] = labelled(row);
  const input = element("input", { type: "text", id, maxLength: 500, autocomplete: "off", spellcheck: false });
  input.addEventListener("change", () => send(input.value));
  return {
    kind: "text",
    parts: [label, input],
    show: (value) => document.activeElement === input || (input.value = value),
  };
}
