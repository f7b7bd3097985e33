// The outputs of the show: what each does, and a switch for it.

import { byId, element, setText, setVisible } from "./dom.mjs";

export class Outputs {
  #must;
  #connection;
  #rows = new Map();

  constructor(connection, must) {
    this.#connection = connection;
    this.#must = must;
  }

  /** Shows the outputs that the values know. */
  draw(values) {
    const numbers = Object.keys(values)
      .map((name) => /^output\/(\d+)\/active$/.exec(name)?.[1])
      .filter(Boolean)
      .map(Number)
      .sort((a, b) => a - b);
    if (numbers.join() !== [...this.#rows.keys()].join()) this.#build(numbers);
    for (const [number, row] of this.#rows) this.#show(row, (key) => values[`output/${number}/${key}`]);
  }

  #build(numbers) {
    this.#rows = new Map(numbers.map((number) => [number, this.#row(number)]));
    byId("outputs").replaceChildren(...[...this.#rows.values()].map((row) => row.line));
    setVisible(byId("outputs-part"), numbers.length > 0);
  }

  #row(number) {
    const row = { name: element("span"), about: element("span", { className: "dim" }) };
    row.button = element("button", {
      type: "button",
      className: "small",
      onclick: () => {
        const on = row.button.getAttribute("aria-pressed") === "true";
        this.#must(this.#connection.set(`output/${number}/active`, on ? 0 : 1));
      },
    });
    const said = element("div", { className: "said" }, row.name, row.about);
    row.line = element("li", { className: "entry" }, said, row.button);
    return row;
  }

  #show(row, value) {
    const [name, state, viewers] = [String(value("name") ?? ""), String(value("state") ?? ""), Number(value("viewers"))];
    setText(row.name, name);
    setText(row.about, [state, viewers ? `${viewers} viewer${viewers === 1 ? "" : "s"}` : ""].filter(Boolean).join(" · "));
    row.about.classList.toggle("bad", state === "failed" || state === "lost");
    setText(row.button, value("active") ? "On" : "Off");
    row.button.setAttribute("aria-pressed", String(Boolean(value("active"))));
    row.button.setAttribute("aria-label", `Output ${name}`);
  }
}
