// One WebSocket to the show, that connects again by itself and notices a silent network.

const SEND_MS = 33; // between two values of one control
const RETRY_MS = [250, 500, 1000, 2000];
const PING_MS = 3000;
const SILENCE_MS = 8000;

export class Connection extends EventTarget {
  #path;
  #socket = null;
  #attempt = 0;
  #heardAt = 0;

  constructor(path) {
    super();
    this.#path = path;
    setInterval(() => this.#ping(), PING_MS);
    addEventListener("online", () => this.#connect());
    document.addEventListener("visibilitychange", () => document.hidden || this.#connect());
    this.#connect();
  }

  get connected() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Sends a message; returns whether there was a connection. */
  send(message) {
    if (!this.connected) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  set(name, value, seconds) {
    return this.send(seconds === undefined ? { set: name, value } : { set: name, value, seconds });
  }

  fire(name, ...args) {
    return this.send({ fire: name, args });
  }

  #connect() {
    if (this.#socket && this.#socket.readyState <= WebSocket.OPEN) return;
    const socket = new WebSocket(new URL(this.#path, location.href.replace(/^http/, "ws")));
    this.#socket = socket;
    this.#heardAt = performance.now();
    socket.addEventListener("message", (event) => this.#receive(socket, event));
    socket.addEventListener("close", (event) => this.#closed(socket, event));
  }

  #receive(socket, event) {
    if (socket !== this.#socket) return;
    this.#heardAt = performance.now();
    this.#attempt = 0;
    for (const [kind, detail] of Object.entries(JSON.parse(event.data))) {
      this.dispatchEvent(new CustomEvent(kind, { detail }));
    }
  }

  #closed(socket, event) {
    if (socket !== this.#socket) return;
    this.dispatchEvent(new CustomEvent("lost", { detail: event.code }));
    const wait = RETRY_MS[Math.min(this.#attempt++, RETRY_MS.length - 1)];
    setTimeout(() => this.#connect(), wait);
  }

  #ping() {
    if (!this.connected) return;
    if (performance.now() - this.#heardAt > SILENCE_MS) {
      const silent = this.#socket;
      this.#closed(silent, { code: 4000 });
      this.#socket = null;
      silent.close();
      return;
    }
    this.send({ ping: Math.round(performance.now()) });
  }
}

/** At most one message per 33 ms, and always the last one. */
export function throttled(send) {
  let waiting = false;
  let next;
  return (value) => {
    next = [value];
    if (waiting) return;
    waiting = true;
    send(value);
    next = undefined;
    setTimeout(function again() {
      waiting = Boolean(next);
      if (!next) return;
      send(next[0]);
      next = undefined;
      setTimeout(again, SEND_MS);
    }, SEND_MS);
  };
}
