// The queue: words on hold and words that wait, each with what the operator may do with it.

import { element, setText, setVisible } from "./dom.mjs";

const STATES = { held: "on hold", live: "next", queued: "waiting" };

export class Queue {
  #connection;
  #held;
  #waiting;
  #history;
  #counts;
  #editing = 0; // the number of the words that are being edited

  constructor(places, connection) {
    this.#connection = connection;
    [this.#held, this.#waiting, this.#history, this.#counts] = places;
  }

  show({ waiting = [], history = [] }) {
    const held = waiting.filter((entry) => entry.state === "held");
    const queued = waiting.filter((entry) => entry.state !== "held");
    this.#update(this.#held, held, "Nothing waits for approval.");
    this.#update(this.#waiting, queued, "Nothing waits.");
    const past = history
      .slice(0, 30)
      .map((entry) =>
        element(
          "li",
          { className: `past ${entry.state}` },
          element("span", { className: "words", textContent: entry.text }),
          element("span", { className: "dim", textContent: `${entry.state} · ${sender(entry)}` }),
        ),
      );
    this.#history.replaceChildren(...past);
    for (const badge of this.#counts) {
      setText(badge, String(held.length || queued.length || ""));
      badge.classList.toggle("urgent", held.length > 0);
      setVisible(badge, held.length + queued.length > 0);
    }
  }

  /** Keeps the rows that are still there, so that neither focus nor an edit is lost. */
  #update(place, entries, nothing) {
    const known = new Map([...place.children].map((row) => [row.dataset.id, row]));
    const rows = entries.map((entry, index) => {
      const row = known.get(String(entry.id));
      if (row?.dataset.text === entry.text && row.dataset.state === entry.state && Number(row.dataset.index) === index)
        return row;
      return this.#editing === entry.id && row ? row : this.#row(entry, index);
    });
    const wanted = rows.length ? rows : [element("li", { className: "nothing", textContent: nothing })];
    const same = wanted.length === place.children.length && wanted.every((row, index) => row === place.children[index]);
    if (!same) place.replaceChildren(...wanted);
  }

  #row(entry, index) {
    const act = (action) => this.#connection.fire(`queue/${entry.id}/${action}`);
    const name = `“${entry.text}”`;
    const button = (text, label, onclick, className = "small") =>
      element("button", {
        type: "button",
        className,
        textContent: text,
        "aria-label": `${label} ${name}`,
        title: label,
        onclick,
      });
    const held = entry.state === "held";
    const buttons = [
      held ? button("Approve", "Approve", () => act("approve"), "small approve") : null,
      !held && index > 0 ? button("↑", "Move up", () => this.#connection.fire(`queue/${entry.id}/move`, index)) : null,
      button("Edit", "Edit", () => this.#edit(entry, row)),
      held
        ? button("Reject", "Reject", () => act("reject"), "small reject")
        : button("Remove", "Remove", () => act("remove"), "small reject"),
    ];
    const about = element("span", {
      className: "dim",
      textContent: `${STATES[entry.state] ?? entry.state} · ${sender(entry)}`,
    });
    const row = element(
      "li",
      {
        className: `entry ${entry.state}`,
        "data-id": entry.id,
        "data-text": entry.text,
        "data-state": entry.state,
        "data-index": index,
      },
      element("div", { className: "said" }, element("span", { className: "words", textContent: entry.text }), about),
      element("div", { className: "actions" }, ...buttons),
    );
    return row;
  }

  #edit(entry, row) {
    this.#editing = entry.id;
    const input = element("input", { type: "text", value: entry.text, maxLength: 500, "aria-label": "Edit the words" });
    const done = () => {
      this.#editing = 0;
      row.dataset.text = ""; // drawn again with the next news
      form.replaceWith(said);
    };
    const form = element(
      "form",
      { className: "edit" },
      input,
      element("button", { type: "submit", className: "small approve", textContent: "Save" }),
      element("button", { type: "button", className: "small", textContent: "Cancel", onclick: done }),
    );
    const said = row.querySelector(".said");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (input.value.trim() && input.value !== entry.text)
        this.#connection.fire(`queue/${entry.id}/text`, input.value);
      done();
    });
    input.addEventListener("keydown", (event) => event.key === "Escape" && (event.stopPropagation(), done()));
    said.replaceWith(form);
    input.select();
  }
}

function sender(entry) {
  return entry.origin.split(":")[0];
}
