// The projection: a map of a window with the points of its picture, test cards, and a control for every other value.

import { throttled } from "./connection.mjs";
import { controlOf, framed } from "./controls.mjs";
import { byId, element, setText, setVisible } from "./dom.mjs";

const CORNERS = { tl: "Top left", tr: "Top right", br: "Bottom right", bl: "Bottom left" };
const CARDS = ["Picture", "Grid", "Ramp", "Red", "Green", "Blue", "White", "Blend", "Chequer"];
const ON_THE_MAP = /^output\/(corner|mesh|testcard|calibrate|identify|lock|mirror\/index)/;
const STEP = 0.001; // of the window, for an arrow key; ten times as much with Shift
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Projection {
  #connection;
  #must;
  #rows = [];
  #values = {};
  #controls = new Map();
  #window = "output";
  #mesh = false;
  #dragged = null;

  /** `must` is called with whether a message was sent. */
  constructor(connection, must) {
    this.#connection = connection;
    this.#must = must;
    const fire = (id, name, ...args) =>
      byId(id).addEventListener("click", () => must(connection.fire(name(), ...args.map((arg) => arg()))));
    fire("undo", () => "output/undo");
    fire("straighten", () => `${this.#window}/corner/reset`);
    fire(
      "mesh-size",
      () => `${this.#window}/mesh/size`,
      () => Number(byId("mesh-columns").value),
      () => Number(byId("mesh-rows").value),
    );
    const toggle = (id, name) =>
      byId(id).addEventListener("click", () => must(connection.set(name(), !this.#values[name()])));
    toggle("lock", () => "output/lock");
    toggle("identify", () => "output/identify");
    toggle("calibrate", () => `${this.#window}/calibrate`);
    byId("points-kind").addEventListener("click", () => {
      this.#mesh = !this.#mesh;
      if (this.#mesh && !this.#points().length) byId("mesh-size").click();
      this.#draw();
    });
    byId("cards").append(
      ...CARDS.map((name, card) =>
        element("button", {
          type: "button",
          className: "small",
          textContent: name,
          onclick: () => must(connection.set(`${this.#window}/testcard`, card)),
        }),
      ),
    );
  }

  /** Builds everything anew. */
  build(parameters, values) {
    this.#rows = parameters.filter(
      (row) => row.name.startsWith("output/") && row.access === "value" && !ON_THE_MAP.test(row.name),
    );
    this.#values = values;
    const screens = Object.keys(values)
      .map((name) => /^(screen\/\d+)\/testcard$/.exec(name)?.[1])
      .filter(Boolean)
      .sort();
    setVisible(byId("windows"), screens.length > 0);
    byId("windows").replaceChildren(
      ...["output", ...screens].map((name) =>
        element("button", {
          type: "button",
          className: "small",
          textContent: name === "output" ? "Stage" : `Screen ${name.slice(7)}`,
          "data-window": name,
          onclick: () => this.#choose(name),
        }),
      ),
    );
    this.#choose(screens.includes(this.#window) ? this.#window : "output");
  }

  /** Shows values that have changed. */
  show(names, values) {
    this.#values = values;
    for (const name of names) this.#controls.get(name)?.show(values[name]);
    if (names.some((name) => name.startsWith("output/") || name.startsWith("screen/"))) this.#draw();
  }

  #choose(name) {
    this.#window = name;
    this.#controls.clear();
    const made = this.#rows.map((row) => {
      const named = { ...row, name: row.name.replace(/^output/, name) };
      const control = controlOf(named, (value) => this.#connection.set(named.name, value));
      this.#controls.set(named.name, control);
      control.show(this.#values[named.name] ?? row.default);
      const framedControl = framed(named, control, null);
      setText(framedControl.querySelector("label"), labelOf(row.name));
      return framedControl;
    });
    byId("projection-controls").replaceChildren(...made);
    this.#draw();
  }

  #draw() {
    const value = (key) => this.#values[`${this.#window}/${key}`];
    const pressed = (target, on) => target.setAttribute("aria-pressed", String(Boolean(on)));
    for (const button of byId("windows").children) pressed(button, button.dataset.window === this.#window);
    [...byId("cards").children].forEach((button, card) => pressed(button, card === Number(value("testcard") ?? 0)));
    pressed(byId("calibrate"), value("calibrate"));
    pressed(byId("points-kind"), this.#mesh);
    for (const id of ["lock", "identify"]) pressed(byId(id), this.#values[`output/${id}`]);
    if (!this.#dragged) this.#drawMap();
  }

  #drawMap() {
    const corners = this.#corners();
    const focused = document.activeElement?.dataset?.point;
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 100 100");
    svg.setAttribute("preserveAspectRatio", "none");
    const shape = document.createElementNS("http://www.w3.org/2000/svg", "polygon");
    const points = this.#mesh ? this.#points() : corners;
    const edge = this.#mesh ? outline(points) : corners;
    shape.setAttribute("points", edge.map(({ x, y }) => `${100 * x},${100 * y}`).join(" "));
    svg.append(shape);
    byId("map").replaceChildren(svg, ...points.map((point) => this.#handle(point)));
    if (focused) byId("map").querySelector(`[data-point="${focused}"]`)?.focus();
  }

  #corners() {
    return Object.entries(CORNERS).map(([name, label], index) => ({
      key: name,
      label,
      mark: index + 1,
      x: Number(this.#values[`${this.#window}/corner/${name}/x`] ?? 0),
      y: Number(this.#values[`${this.#window}/corner/${name}/y`] ?? 0),
      trigger: `${this.#window}/corner/${name}`,
      args: [],
    }));
  }

  /** The points of the mesh, in the picture before the corners are moved. */
  #points() {
    const text = String(this.#values[`${this.#window}/mesh`] ?? "");
    if (!text) return [];
    return text.split(";").flatMap((line, row) =>
      line
        .trim()
        .split(" ")
        .map((pair, column) => {
          const [x, y] = pair.split(",").map(Number);
          const label = `Column ${column + 1}, row ${row + 1}`;
          const trigger = `${this.#window}/mesh/point`;
          return { key: `m${column}-${row}`, label, mark: "", x, y, trigger, args: [column + 1, row + 1] };
        }),
    );
  }

  #handle(point) {
    const button = element("button", {
      type: "button",
      className: point.args.length ? "point mesh" : "point",
      textContent: point.mark,
      "data-point": point.key,
      "aria-label": `${point.label}: ${point.x.toFixed(3)}, ${point.y.toFixed(3)}`,
    });
    const place = (x, y) => {
      button.style.left = `${100 * x}%`;
      button.style.top = `${100 * y}%`;
    };
    const send = throttled(([x, y]) => this.#must(this.#connection.fire(point.trigger, ...point.args, x, y)));
    place(point.x, point.y);
    button.addEventListener("keydown", (event) => {
      const arrow = ARROWS[event.key];
      if (!arrow) return;
      event.preventDefault();
      event.stopPropagation();
      const step = event.shiftKey ? 10 * STEP : STEP;
      send([point.x + arrow[0] * step, point.y + arrow[1] * step]);
    });
    button.addEventListener("pointerdown", (event) => {
      button.setPointerCapture(event.pointerId);
      this.#dragged = button;
    });
    button.addEventListener("pointermove", (event) => {
      if (this.#dragged !== button) return;
      const box = byId("map").getBoundingClientRect();
      const at = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
      place(...at);
      send(at);
    });
    for (const end of ["pointerup", "pointercancel"])
      button.addEventListener(end, () => {
        this.#dragged = null;
        this.#draw();
      });
    return button;
  }
}

/** The outer points of a mesh, around it. */
function outline(points) {
  const columns = Math.max(0, ...points.map(({ args }) => args[0]));
  const rows = Math.max(0, ...points.map(({ args }) => args[1]));
  const side = (index, at) => points.filter(({ args }) => args[index] === at);
  return [...side(1, 1), ...side(0, columns), ...side(1, rows).reverse(), ...side(0, 1).reverse()];
}

const labelOf = (name) => {
  const text = name.split("/").slice(1).join(" ");
  return text.charAt(0).toUpperCase() + text.slice(1);
};
