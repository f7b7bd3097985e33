// The audience page: one field, and what became of one's words.

import { Connection } from "./connection.mjs";
import { byId, element, setText, setVisible } from "./dom.mjs";

const connection = new Connection("/audience/socket");
const field = byId("words");
const STATES = {
  sent: () => "Sent.",
  held: () => "Somebody is reading your words.",
  waiting: ({ position }) => (position <= 1 ? "You are next." : `Place ${position} in the queue.`),
  wall: () => "Your words are on the wall.",
  shown: () => "Your words were on the wall.",
  refused: ({ reason }) => reason || "Not this time.",
};

connection.addEventListener("hello", ({ detail }) => {
  setVisible(byId("lost"), false);
  setText(byId("title"), detail.title);
  document.title = detail.title;
  setText(byId("question"), detail.question);
  field.maxLength = detail.characters;
  count();
});
connection.addEventListener("lost", ({ detail }) => {
  if (detail === 4401) location.reload();
  setVisible(byId("lost"), true);
  setText(byId("lost"), detail === 4429 ? "Many people are here. Trying again…" : "Connecting…");
});
connection.addEventListener("found", () => setVisible(byId("lost"), false));
connection.addEventListener("returned", ({ detail }) => {
  field.value ||= detail;
  count();
});
connection.addEventListener("answer", ({ detail }) => setText(byId("answer"), detail.trim()));
connection.addEventListener("mine", ({ detail }) => {
  byId("mine").replaceChildren(
    ...detail.map((entry) =>
      element(
        "li",
        { className: entry.state },
        element("p", { className: "verse", textContent: entry.text }),
        element("p", { className: "dim", textContent: STATES[entry.state](entry) }),
      ),
    ),
  );
});

function count() {
  setText(byId("left"), field.maxLength > 0 ? `${field.maxLength - field.value.length} characters left` : "");
}

function send(event) {
  event.preventDefault();
  setText(byId("answer"), "");
  const text = field.value.trim();
  if (!text) return;
  if (connection.send({ say: text })) field.value = "";
  else setText(byId("answer"), "Not connected: try again in a moment.");
  count();
}

field.addEventListener("input", count);
field.addEventListener(
  "keydown",
  (event) => event.key === "Enter" && !event.shiftKey && !event.isComposing && send(event),
);
byId("say").addEventListener("submit", send);
