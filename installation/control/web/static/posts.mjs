// The audience page's connection to a gateway: requests in place of a socket, so that a crowd holds no connections.
// Words keep their id until they are taken, so that trying again never sends them twice.

const OPEN = ["sent", "held", "waiting", "wall"]; // states of words whose page asks what becomes of them
const SOONEST_S = 3; // between two questions
const LATEST_S = 30;
const ASK_PER_PLACE_S = 2; // the further back in the queue, the less often
const UNKNOWN_PLACE = 5; // of words that are not in the queue yet
const RETRY_S = 2;
const KEPT = "laterna-words";
const RELOADED = "laterna-reloaded";
const RELOAD_MS = 30000; // between two attempts to get a cookie: a browser may refuse them
const store = sessionStore();

export class Connection extends EventTarget {
  #outbox = JSON.parse(store.getItem(KEPT) ?? "null"); // { id, text } that is not taken yet
  #posting = false;
  #lost = false;
  #shown = "";
  #timer = 0;

  constructor() {
    super();
    this.#begin();
    document.addEventListener("visibilitychange", () => document.hidden || this.#ask());
  }

  /** Takes words; returns whether there was room for them. */
  send({ say }) {
    if (this.#outbox) return false;
    this.#keep({ id: newId(), text: say });
    this.#post();
    return true;
  }

  async #begin() {
    const about = await this.#fetch("/audience/about");
    if (!about) return setTimeout(() => this.#begin(), 1000 * RETRY_S);
    this.#tell("hello", await about.json());
    this.#ask();
    if (this.#outbox) this.#post();
  }

  async #ask() {
    const response = await this.#fetch("/audience/mine");
    if (response?.status === 401) getCookie();
    if (!response?.ok) return this.#askIn(LATEST_S / 2);
    const text = await response.text();
    const words = JSON.parse(text);
    if (text !== this.#shown) this.#tell("mine", words);
    this.#shown = text;
    const places = words
      .filter(({ state }) => OPEN.includes(state))
      .map(({ state, position }) => (state === "wall" ? 0 : position || UNKNOWN_PLACE));
    if (places.length) this.#askIn(Math.min(LATEST_S, Math.max(SOONEST_S, ASK_PER_PLACE_S * Math.min(...places))));
  }

  /** Asks again after so many seconds, at a random moment around them; not while nobody looks. */
  #askIn(seconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => document.hidden || this.#ask(), 1000 * seconds * (0.75 + Math.random() / 2));
  }

  async #post() {
    if (this.#posting) return;
    this.#posting = true;
    const response = await this.#fetch("/audience/words", { method: "POST", body: new URLSearchParams(this.#outbox) });
    this.#posting = false;
    if (response?.status === 401 && getCookie()) return; // the page that comes sends them
    if (!response || response.status === 503) {
      const seconds = Number(response?.headers.get("Retry-After")) || RETRY_S;
      if (response) this.#tell("answer", (await response.json()).answer);
      setTimeout(() => this.#post(), 1000 * seconds * (0.75 + Math.random() / 2)); // not all phones at once
      return;
    }
    const { text } = this.#outbox;
    this.#keep(null);
    this.#tell("answer", (await response.json()).answer);
    if (!response.ok) this.#tell("returned", text);
    this.#ask();
  }

  /** Answers null while there is no gateway. */
  async #fetch(path, options) {
    try {
      const response = await fetch(path, { ...options, signal: AbortSignal.timeout(10000) });
      if (this.#lost) this.#tell("found");
      this.#lost = false;
      return response;
    } catch {
      this.#lost = true;
      this.#tell("lost", 0);
      return null;
    }
  }

  #keep(words) {
    this.#outbox = words;
    if (words) store.setItem(KEPT, JSON.stringify(words));
    else store.removeItem(KEPT);
  }

  #tell(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }
}

function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Loads the page again, which brings a cookie; returns whether it does. */
function getCookie() {
  if (Date.now() - Number(store.getItem(RELOADED)) < RELOAD_MS) return false;
  store.setItem(RELOADED, Date.now());
  location.reload();
  return true;
}

/** What this page keeps while it is open; a browser that refuses cookies has no sessionStorage. */
function sessionStore() {
  try {
    return window.sessionStorage;
  } catch {
    const kept = new Map();
    return {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => kept.set(key, value),
      removeItem: (key) => kept.delete(key),
    };
  }
}
