// The operator page: what the show says is drawn, what the operator does is sent. It keeps no state of its own.

import { Connection } from "./connection.mjs";
import { Controls } from "./controls.mjs";
import { byId, element, setText, setVisible, toast } from "./dom.mjs";
import { addLog, drawHealth } from "./health.mjs";
import { KEYS, listenToKeys } from "./keys.mjs";
import { LivePicture } from "./live.mjs";
import { Looks } from "./looks.mjs";
import { Outputs } from "./outputs.mjs";
import { showPicture } from "./picture.mjs";
import { Projection } from "./projection.mjs";
import { Queue } from "./queue.mjs";
import { drawSound } from "./sound.mjs";

const connection = new Connection("/operator/socket");
const controls = new Controls(byId("controls"), connection);
const queue = new Queue(
  [byId("held"), byId("waiting"), byId("history"), document.querySelectorAll(".queue-count")],
  connection,
);
const looks = new Looks(connection, must);
const live = new LivePicture(byId("live-picture"), (plays) => {
  byId("live-picture").hidden = !plays;
  byId("picture").hidden = plays;
});
const projection = new Projection(connection, must);
const outputs = new Outputs(connection, must);
let values = {};
let cues = [];
let cueSeconds = 0; // the longest time left that was seen of the current cue
let pictureStarted = false;

// -- from the show ----------------------------------------------------------------------------------------------------

connection.addEventListener("hello", ({ detail }) => {
  document.body.dataset.connected = "true";
  values = detail.values;
  setText(byId("title"), detail.title);
  document.title = `${detail.title} · Laterna`;
  controls.build(detail.parameters, values, detail.surfaces.includes("midi"));
  projection.build(detail.parameters, values);
  byId("log").replaceChildren();
  detail.log.forEach(addLog);
  setVisible(byId("stage"), detail.picture);
  setVisible(byId("audience"), detail.audience);
  if (detail.picture && !pictureStarted) showPicture(byId("picture"), () => byId("stage").classList.add("streaming"));
  pictureStarted ||= detail.picture;
  draw(Object.keys(values));
});

connection.addEventListener("lost", ({ detail }) => {
  document.body.dataset.connected = "false";
  if (detail === 4401 || detail === 1008) location.assign("/login");
});

connection.addEventListener("values", ({ detail }) => {
  Object.assign(values, detail);
  draw(Object.keys(detail));
});
connection.addEventListener("queue", ({ detail }) => queue.show(detail));
connection.addEventListener("cues", ({ detail }) => {
  cues = detail;
  drawCueList();
});
connection.addEventListener("snapshots", ({ detail }) => looks.show(detail));
connection.addEventListener("log", ({ detail }) => detail.forEach(addLog));
connection.addEventListener("refused", ({ detail }) =>
  detail.forEach(({ name, reason }) => toast(name ? `${name}: ${reason}` : reason)),
);

// -- drawing ----------------------------------------------------------------------------------------------------------

const number = (name) => Number(values[name] ?? 0);
const words = (name) => String(values[name] ?? "");

function draw(names) {
  for (const name of names) controls.show(name, values[name]);
  projection.show(names, values);
  if (names.includes("midi/learn")) controls.learning(values["midi/learn"]);
  drawMode();
  drawAudience();
  drawWords();
  drawCue();
  drawSound(values);
  drawHealth(values);
  outputs.draw(values);
  live.want(/^webrtc: running/m.test(words("status/workers")));
}

function drawMode() {
  const mode = words("mode") || "starting";
  const dark = Boolean(values.blackout);
  document.body.dataset.mode = mode;
  document.body.dataset.blackout = String(dark);
  setText(byId("mode"), mode === "panic" ? "panic" : dark ? "blackout" : mode);
  byId("blackout").setAttribute("aria-pressed", String(dark));
  byId("pause").setAttribute("aria-pressed", String(mode === "paused"));
  setText(byId("pause"), mode === "paused" ? "Go on" : "Pause");
  setVisible(byId("reset"), mode === "panic");
  setVisible(byId("veil"), mode === "panic" || dark || mode === "paused");
  setText(byId("veil"), mode === "panic" ? "Panic: the wall is black" : dark ? "Blackout" : "Paused");
}

function drawAudience() {
  byId("qr").setAttribute("aria-pressed", String(Boolean(values["audience/qr"])));
  const url = words("audience/url");
  const link = byId("audience-link");
  setText(link, url.replace(/^https?:\/\//, ""));
  if (/^https?:\/\//.test(url)) link.href = url;
  else link.removeAttribute("href");
}

function drawWords() {
  const shown = words("prompt/current");
  setText(byId("shown"), shown || "Nothing: the picture wanders by itself.");
  byId("shown").classList.toggle("nothing", !shown);
  const partial = words("speech/partial");
  const final = words("speech/final");
  const listens = words("speech/health") && words("speech/health") !== "off";
  setVisible(byId("hearing"), Boolean(listens || final));
  setText(byId("heard"), partial ? `${partial} …` : final || "Listening.");
  byId("heard").classList.toggle("partial", Boolean(partial));
  byId("level").style.setProperty("--fill", `${100 * Math.min(1, number("speech/level"))}%`);
  const line = words("script/next/text");
  setVisible(byId("script"), number("script/lines") > 0);
  setText(byId("line"), words("script/text"));
  setText(byId("next-line"), line || "The end of the script.");
  setText(byId("line-number"), `${number("script/line")} / ${number("script/lines")}`);
}

function drawCue() {
  const count = number("cue/count");
  setVisible(byId("cues"), count > 0);
  const current = number("cue/current/index");
  setText(byId("cue-number"), current ? `${current} / ${count}` : `– / ${count}`);
  setText(byId("cue-name"), current ? words("cue/current/name") || words("prompt/current") : "Not started");
  const next = number("cue/next/index");
  setText(byId("next-number"), next ? String(next) : "");
  setText(
    byId("next-name"),
    next
      ? [words("cue/next/name"), words("cue/next/words")].filter(Boolean).join(" · ") || "(no words)"
      : "End of the list",
  );
  const left = number("cue/remaining");
  cueSeconds = left > 0 ? Math.max(cueSeconds, left) : 0;
  setVisible(byId("remaining"), left > 0);
  setText(
    byId("remaining-seconds"),
    left >= 60 ? `${Math.floor(left / 60)}:${String(Math.floor(left % 60)).padStart(2, "0")}` : `${left.toFixed(1)} s`,
  );
  byId("remaining-bar").style.setProperty("--fill", `${cueSeconds ? (100 * left) / cueSeconds : 0}%`);
  for (const row of byId("cue-list").children) {
    const index = Number(row.dataset.number);
    row.classList.toggle("current", index === current);
    row.classList.toggle("next", index === next);
    if (index === current) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

function drawCueList() {
  const rows = cues.map((cue) =>
    element(
      "li",
      { "data-number": cue.number },
      element("span", { className: "ordinal", textContent: cue.number }),
      element("span", {
        className: "words",
        textContent: [cue.name, cue.words].filter(Boolean).join(" · ") || "(no words)",
      }),
      element("span", { className: "dim", textContent: cue.seconds ? `${cue.seconds} s` : "" }),
      element("button", {
        type: "button",
        className: "small",
        textContent: "Load",
        "aria-label": `GO fires cue ${cue.number} next`,
        onclick: () => connection.fire(`playhead/${cue.number}`),
      }),
      element("button", {
        type: "button",
        className: "small",
        textContent: "Start",
        "aria-label": `Start cue ${cue.number} now`,
        onclick: () => connection.fire(`cue/${cue.number}/start`),
      }),
    ),
  );
  byId("cue-list").replaceChildren(...rows);
  drawCue();
}

// -- from the operator ------------------------------------------------------------------------------------------------

function must(sent) {
  if (!sent) toast("Not connected: nothing was sent.");
}

const actions = {
  go: () => must(connection.fire("go")),
  previous: () => must(connection.fire("playhead/previous")),
  panic: () => must(connection.fire("panic")),
  reset: () => must(connection.fire("reset")),
  blackout: () => must(connection.set("blackout", !values.blackout)),
  pause: () => must(words("mode") === "paused" ? connection.fire("resume") : connection.set("pause", true)),
  skip: () => must(connection.fire("queue/skip")),
  clear: () => must(connection.fire("queue/clear")),
  qr: () => must(connection.set("audience/qr", !values["audience/qr"])),
  help: () => byId("help").showModal(),
  type: () => {
    view("live");
    byId("words").focus();
  },
};

for (const name of ["go", "previous", "panic", "reset", "blackout", "pause", "skip", "clear", "qr"])
  byId(name).addEventListener("click", actions[name]);
byId("help-button").addEventListener("click", actions.help);

function say(trigger) {
  const field = byId("words");
  const text = field.value.trim();
  if (!text) return;
  if (connection.fire(trigger, text)) field.value = "";
  else must(false);
}

byId("prompt").addEventListener("submit", (event) => {
  event.preventDefault();
  say("prompt");
});
byId("enqueue").addEventListener("click", () => say("queue/add"));

function view(name) {
  document.body.dataset.view = name;
  for (const button of document.querySelectorAll("nav button")) {
    if (button.dataset.view === name) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  }
  scrollTo(0, 0);
}

for (const button of document.querySelectorAll("nav button"))
  button.addEventListener("click", () => view(button.dataset.view));
for (const [, label, meaning] of KEYS)
  byId("key-list").append(
    element("dt", {}, element("kbd", { textContent: label })),
    element("dd", { textContent: meaning }),
  );
listenToKeys(actions);
looks.show([]);
queue.show({});
view("live");
