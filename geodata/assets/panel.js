// What every panel of a page shares: its theme, its wordings, and the part of the address that is its own.
import { format } from "./dom.js";

const KEPT = new WeakMap();

function isDark(el) {
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.fillStyle = getComputedStyle(el).getPropertyValue("--st-background-color").trim() || "#ffffff";
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(canvas.fillStyle.slice(i, i + 2), 16));
  return 0.299 * r + 0.587 * g + 0.114 * b < 128;
}

function writeAddress(asked, names) {
  const query = new URLSearchParams(window.location.search);
  for (const name of names) query.delete(name);
  for (const name of names) if (asked[name]) query.set(name, asked[name]);
  const text = query.toString().replace(/%2C/g, ",").replace(/%3A/g, ":");
  const url = window.location.pathname + (text ? `?${text}` : "") + window.location.hash;
  if (url !== window.location.pathname + window.location.search + window.location.hash) {
    window.history.replaceState(window.history.state, "", url);
  }
}

export class Panel {
  constructor(c, names) {
    this.root = c.parentElement.querySelector(".cp-panel");
    this.names = names;
    this.asked = { ...c.data.asked };
    this.later = 0;
    this.scheme = window.matchMedia("(prefers-color-scheme: dark)");
    this.onScheme = () => setTimeout(() => this.theme(), 150);
    this.scheme.addEventListener("change", this.onScheme);
  }

  take(c) {
    this.data = c.data;
    this.send = c.setStateValue;
    this.act = (what) => c.setTriggerValue("act", { ...what, nonce: Date.now() });
    this.theme();
    writeAddress(this.addressed(), this.names);
    this.remember();
  }

  // All that is asked, for whoever keeps the view: a link may be too short for it.
  remember() {
    if (this.names.length) (window.chanhe ??= {}).asked = { path: window.location.pathname, asked: { ...this.asked } };
  }

  // What of it stands in the address.
  addressed() { return this.asked; }

  get lang() { return this.data.lang; }
  say(text) { return typeof text === "string" ? text : text ? text[this.lang] || text.zh || "" : ""; }
  word(key, values) { return format(this.data.words[key] ?? key, values); }

  // Take changes into what is asked; empty texts go. Typing waits a moment before it is sent.
  ask(changes, wait = 0) {
    for (const [name, value] of Object.entries(changes)) {
      if (value) this.asked[name] = String(value); else delete this.asked[name];
    }
    writeAddress(this.addressed(), this.names);
    this.remember();
    clearTimeout(this.later);
    this.later = setTimeout(() => this.send("ask", { ...this.asked }), wait);
  }

  theme() {
    this.root.dataset.theme = isDark(this.root) ? "dark" : "light";
  }

  release() {
    clearTimeout(this.later);
    this.scheme.removeEventListener("change", this.onScheme);
  }
}

// One panel object an element, made at its first showing and kept.
export function panelOf(c, make) {
  let panel = KEPT.get(c.parentElement);
  if (!panel) {
    panel = make(c);
    KEPT.set(c.parentElement, panel);
  }
  panel.take(c);
  return panel;
}

export function release(parent) {
  KEPT.get(parent)?.release();
  KEPT.delete(parent);
}
