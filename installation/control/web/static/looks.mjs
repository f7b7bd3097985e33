// Stored looks: recall within seconds, store, name, and a T-bar between two of them.

import { throttled } from "./connection.mjs";
import { byId, element } from "./dom.mjs";

export class Looks {
  #connection;
  #must;

  /** `must` is called with whether a message was sent. */
  constructor(connection, must) {
    this.#connection = connection;
    this.#must = must;
    byId("morph-position").addEventListener(
      "input",
      throttled(() => {
        const bar = byId("morph-position");
        bar.style.setProperty("--fill", `${100 * bar.value}%`);
        this.#must(
          this.#connection.fire(
            "snapshot/morph",
            Number(byId("morph-from").value),
            Number(byId("morph-to").value),
            Number(bar.value),
          ),
        );
      }),
    );
  }

  /** Shows the stored looks. */
  show(stored) {
    const byNumber = new Map(stored.map((each) => [each.number, each]));
    const count = Math.max(8, ...stored.map((each) => each.number));
    const rows = Array.from({ length: count }, (_, index) => this.#row(index + 1, byNumber.get(index + 1)));
    byId("snapshot-list").replaceChildren(...rows);
  }

  #row(slot, stored) {
    const recall = element(
      "button",
      {
        type: "button",
        className: "recall",
        disabled: !stored,
        "aria-label": stored ? `Recall look ${slot}: ${stored.name}` : `Look ${slot} is empty`,
        onclick: () => this.#must(this.#connection.fire(`snapshot/${slot}/recall`, Number(byId("morph").value))),
      },
      element("span", { className: "ordinal", textContent: slot }),
      element("span", { className: "words", textContent: stored ? stored.name || `Look ${slot}` : "empty" }),
    );
    const store = element("button", {
      type: "button",
      className: "small",
      textContent: "Store",
      "aria-label": `Store look ${slot}`,
      onclick: () => this.#must(this.#connection.fire(`snapshot/${slot}/store`)),
    });
    const rename = stored
      ? element("button", {
          type: "button",
          className: "small",
          textContent: "Name",
          "aria-label": `Name look ${slot}`,
          onclick: () => this.#name(row, slot, stored),
        })
      : null;
    const row = element("li", {}, recall, rename, store);
    return row;
  }

  #name(row, slot, stored) {
    const input = element("input", {
      type: "text",
      value: stored.name,
      maxLength: 60,
      "aria-label": `Name of look ${slot}`,
    });
    const before = [...row.children];
    const form = element(
      "form",
      { className: "edit" },
      input,
      element("button", { type: "submit", className: "small approve", textContent: "Save" }),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (input.value.trim()) this.#must(this.#connection.fire(`snapshot/${slot}/name`, input.value));
      row.replaceChildren(...before);
    });
    input.addEventListener(
      "keydown",
      (event) => event.key === "Escape" && (event.stopPropagation(), row.replaceChildren(...before)),
    );
    row.replaceChildren(form);
    input.select();
  }
}
