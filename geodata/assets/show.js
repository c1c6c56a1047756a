// The show: one slide fills the window or the screen; keys and clickers move it.
import { h, icon, replace } from "./dom.js";
import { fit } from "./slide.js";

const ON = new Set(["ArrowRight", "ArrowDown", "PageDown", " ", "Enter"]);
const BACK = new Set(["ArrowLeft", "ArrowUp", "PageUp", "Backspace"]);

export class Show {
  // `deck`: views() shown, slide(view, number) as an element, title(view), notes(view), word(key, values), at(id) told, left() told.
  constructor(root, deck) {
    this.root = root;
    this.deck = deck;
    this.place = 0;
    this.onKey = (e) => this.key(e);
    this.onResize = () => this.fit();
  }

  get open() { return Boolean(this.el); }

  start(id) {
    const views = this.deck.views();
    this.place = Math.max(0, views.findIndex((view) => view.id === id));
    this.before = document.activeElement;
    this.stage = h("div.cp-stage");
    this.notes = h("aside.cp-show-notes", { hidden: true, tabindex: "0" });
    this.grid = h("div.cp-show-grid", { hidden: true });
    this.said = h("p.cp-hidden", { role: "status", "aria-live": "polite" });
    const tool = (name, label, act) => h("button.cp-show-tool", { type: "button", title: label, "aria-label": label, "data-show": name, onclick: (e) => { e.stopPropagation(); act(); } }, icon(name));
    const word = this.deck.word;
    this.bar = h("div.cp-show-bar", {}, tool("back", word("previous"), () => this.move(-1)), h("span.cp-show-count"), tool("on", word("next"), () => this.move(1)),
      tool("table", word("overview"), () => this.overview()), tool("notes", word("notes_key"), () => this.toggleNotes()), tool("screen", word("presenter"), () => this.presenter()), tool("full", word("full"), () => this.full()), tool("close", word("leave"), () => this.leave()));
    this.el = h("div.cp-show", { role: "dialog", "aria-modal": "true", "aria-label": word("title"), tabindex: "-1", onmousemove: () => this.moved() },
      h("div.cp-show-room", { onclick: (e) => this.click(e) }, this.stage), this.notes, this.grid, this.said, this.bar);
    this.root.append(this.el);
    document.documentElement.classList.add("cp-showing");
    window.addEventListener("keydown", this.onKey, true);
    window.addEventListener("resize", this.onResize);
    this.el.focus();
    this.began = Date.now();
    this.draw();
  }

  // The bar shows while the mouse moves and a moment longer.
  moved() {
    this.el?.classList.add("cp-moving");
    clearTimeout(this.still);
    this.still = setTimeout(() => this.el?.classList.remove("cp-moving"), 2500);
  }

  leave() {
    if (!this.el) return;
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    window.removeEventListener("keydown", this.onKey, true);
    window.removeEventListener("resize", this.onResize);
    document.documentElement.classList.remove("cp-showing");
    clearTimeout(this.still);
    clearInterval(this.ticking);
    this.aside?.close();
    this.aside = null;
    this.el.remove();
    this.el = null;
    this.before?.focus?.();
    this.deck.left();
  }

  get view() { return this.deck.views()[this.place]; }

  draw() {
    if (!this.el) return;
    const views = this.deck.views();
    if (!views.length) { this.leave(); return; }
    this.place = Math.min(this.place, views.length - 1);
    const view = this.view;
    const el = this.deck.slide(view, this.place + 1);
    const now = el.outerHTML;
    if (this.drawn !== now || !this.stage.firstChild) {
      this.drawn = now;
      replace(this.stage, el);
      this.fit();
    }
    const [n, of] = [this.place + 1, views.length];
    this.bar.querySelector(".cp-show-count").textContent = `${n} / ${of}`;
    const said = this.deck.word("slide_label", { n, of, title: this.deck.title(view) });
    if (this.said.textContent !== said) this.said.textContent = said;
    const notes = this.deck.notes(view);
    replace(this.notes, h("h3", {}, this.deck.word("notes_here")), ...(notes ? notes.split("\n").map((line) => h("p", {}, line)) : [h("p.cp-muted", {}, this.deck.word("no_notes"))]));
    this.tellAside();
    this.deck.at(view.id);
  }

  // The presenter's own window: notes, what comes next, the time; its keys move the show.
  presenter() {
    if (!this.aside || this.aside.closed) {
      this.aside = window.open("", "chanhe-presenter", "popup,width=860,height=620");
      if (!this.aside) { this.tell(this.deck.word("popup_blocked")); return; }
      this.aside.document.title = this.deck.word("presenter");
      this.aside.document.addEventListener("keydown", (e) => this.key(e));
      clearInterval(this.ticking);
      this.ticking = setInterval(() => this.tellAside(), 1000);
    }
    this.tellAside();
    this.aside.focus();
  }

  // A word that stands a moment over the show, also for who cannot see it.
  tell(text) {
    clearTimeout(this.telling);
    this.note?.remove();
    this.note = h("p.cp-show-said", { role: "alert" }, text);
    this.el.append(this.note);
    this.telling = setTimeout(() => this.note?.remove(), 8000);
  }

  tellAside() {
    if (!this.aside || this.aside.closed) return;
    const views = this.deck.views();
    const next = views[this.place + 1];
    const s = Math.round((Date.now() - this.began) / 1000);
    const notes = this.deck.notes(this.view);
    replace(this.aside.document.body, h("div", { style: "font: 400 22px/1.55 system-ui, 'Microsoft YaHei', sans-serif; margin: 24px 32px; color: #1d252c" },
      h("p", { style: "margin: 0; color: #56616a; font-variant-numeric: tabular-nums" }, `${this.place + 1} / ${views.length} · ${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`),
      h("h1", { style: "margin: 0 0 12px; font-size: 28px; line-height: 1.3" }, this.deck.title(this.view)),
      (notes || this.deck.word("no_notes")).split("\n").map((line) => h("p", { style: "margin: 0 0 10px" }, line)),
      h("p", { style: "margin: 28px 0 0; padding-top: 12px; border-top: 1px solid #ccd2d4; color: #56616a" }, next ? this.deck.word("coming", { title: this.deck.title(next) }) : this.deck.word("last"))));
  }

  fit() { fit(this.stage); }

  // Whether the screen was black; the key that lights it does nothing else.
  lit() {
    const black = this.el.classList.contains("cp-black");
    this.el.classList.remove("cp-black");
    return black;
  }

  move(by) {
    if (this.lit()) return;
    const last = this.deck.views().length - 1;
    this.place = Math.min(last, Math.max(0, this.place + by));
    this.draw();
  }

  to(place) {
    this.place = place;
    this.draw();
  }

  click(e) {
    if (window.getSelection()?.toString()) return;
    this.move(e.clientX < this.el.clientWidth * 0.25 ? -1 : 1);
  }

  full() {
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    else this.el.requestFullscreen?.().catch(() => {});
  }

  toggleNotes() {
    this.notes.hidden = !this.notes.hidden;
    this.el.classList.toggle("cp-with-notes", !this.notes.hidden);
    this.fit();
  }

  closeGrid() {
    this.grid.hidden = true;
    replace(this.grid); // its slides are many, and each is found twice while they stand
    this.el.focus();
  }

  overview() {
    this.el.classList.remove("cp-black");
    if (!this.grid.hidden) { this.closeGrid(); return; }
    const views = this.deck.views();
    replace(this.grid, views.map((view, i) => h("button.cp-show-card", {
      type: "button", "aria-current": i === this.place ? "true" : null, "aria-label": this.deck.word("slide_label", { n: i + 1, of: views.length, title: this.deck.title(view) }),
      onclick: () => { this.closeGrid(); this.to(i); },
    }, h("span.cp-stage", { "aria-hidden": "true" }, this.deck.slide(view, i + 1)))));
    this.grid.hidden = false;
    for (const card of this.grid.querySelectorAll(".cp-stage")) fit(card);
    this.grid.querySelector("[aria-current]")?.focus();
  }

  key(e) {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const inGrid = !this.grid.hidden;
    const button = e.target.closest?.("button");
    const k = e.key;
    const done = () => { e.preventDefault(); e.stopPropagation(); };
    if (k === "Tab") { this.keepFocus(e); return; }
    if (k === "Escape") { done(); if (inGrid) this.overview(); else if (!document.fullscreenElement) this.leave(); return; }
    if (inGrid) { if (k.startsWith("Arrow")) { done(); this.walk(k); } else if (k === "o" || k === "O") { done(); this.overview(); } else e.stopPropagation(); return; }
    if ((k === " " || k === "Enter") && button) { e.stopPropagation(); return; } // presses the button itself
    if (ON.has(k)) { done(); this.move(k === " " && e.shiftKey ? -1 : 1); } else if (BACK.has(k)) { done(); this.move(-1); } else if (k === "Home") { done(); if (!this.lit()) this.to(0); } else if (k === "End") { done(); if (!this.lit()) this.to(this.deck.views().length - 1); } else if (/^[fF]$|^F5$/.test(k)) { done(); this.full(); } else if (/^[nN]$/.test(k)) { done(); this.toggleNotes(); } else if (/^[pP]$/.test(k)) { done(); this.presenter(); } else if (/^[oO]$/.test(k)) { done(); this.overview(); } else if (/^[bB.]$/.test(k)) { done(); this.el.classList.toggle("cp-black"); } else e.stopPropagation();
  }

  walk(k) {
    const cards = [...this.grid.querySelectorAll("button")];
    const wide = cards.filter((c) => c.offsetTop === cards[0].offsetTop).length;
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: wide, ArrowUp: -wide }[k];
    cards[Math.min(cards.length - 1, Math.max(0, cards.indexOf(document.activeElement) + by))]?.focus();
  }

  // The dialog keeps the focus.
  keepFocus(e) {
    const held = [...this.el.querySelectorAll("button, [tabindex='0']")].filter((x) => x.offsetParent !== null);
    if (!held.length) return;
    const [first, last] = [held[0], held[held.length - 1]];
    const now = document.activeElement;
    if (e.shiftKey && (now === first || now === this.el)) { e.preventDefault(); last.focus(); } else if (!e.shiftKey && now === last) { e.preventDefault(); first.focus(); }
    e.stopPropagation();
  }
}
