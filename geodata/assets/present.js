// The page Present: the story in order at the left, the chosen slide and its words at the right, and the show.
import { h, icon, replace } from "./dom.js";
import { atlasOf, formatsOf, saveFresh, saveText, scopesOf, stateOf } from "./files.js";
import { keepStory, keptStory, markOf, onKept, ownId, takeAdded } from "./keeping.js";
import { Panel, panelOf, release } from "./panel.js";
import { rowsOf } from "./present_rows.js";
import { Show } from "./show.js";
import { fit, slideOf } from "./slide.js";

const TYPING = 500;
const MOST_UNDO = 30;
const keyOf = (view) => `${view.page}?${view.query ?? ""}`;
const EMPTY = { title: { zh: "", en: "" }, views: [] };
const clone = (value) => JSON.parse(JSON.stringify(value));

class Present extends Panel {
  constructor(c) {
    super(c, ["slide", "show"]);
    this.story = null;
    this.file = null; // the file it was opened from or saved as last, with the mark of what it held
    this.undone = [];
    this.heard = {};
    this.papers = {};
    this.scope = "story";
    this.demo = false;
    this.onFocus = () => { if (this.story) this.takeIn(); };
    this.onResize = () => fit(this.root);
    window.addEventListener("focus", this.onFocus);
    this.endKept = onKept(c.data.head.district, () => { if (this.story) this.follow(); });
    window.addEventListener("resize", this.onResize);
    this.show = new Show(this.root, {
      views: () => this.shown(), slide: (view, n) => this.slide(view, n), title: (view) => this.titleOf(view), notes: (view) => this.either(view.notes),
      word: (key, values) => this.word(key, values),
      at: (id) => { if (this.asked.slide !== id) { this.choose(id); this.ask({ slide: id, show: "1" }, 200); } },
      left: () => { this.ask({ show: "" }, 0); this.draw(); },
    });
  }

  release() {
    window.removeEventListener("focus", this.onFocus);
    this.endKept();
    window.removeEventListener("resize", this.onResize);
    if (this.show.open) { this.show.deck.left = () => {}; this.show.leave(); }
    super.release();
  }

  // The story itself is no part of the address; who it is shown to has a file of it.
  addressed() { return { slide: this.asked.slide, show: this.asked.show }; }

  update() {
    if (!this.story) this.load();
    this.hear();
    this.draw();
    if (this.asked.show && !this.show.open && this.shown().length && !this.started) this.start();
    this.started = true;
    if (this.show.open) this.show.draw();
    this.root.classList.add("cp-ready");
  }

  // --- the story

  load() {
    this.takeKept();
    this.takeIn(true);
    if (this.find(this.asked.slide)) return;
    if (this.asked.slide) this.say_(this.word("no_slide"));
    this.asked.slide = (this.shown()[0] ?? this.story.views[0])?.id ?? "";
  }

  takeKept() {
    const kept = keptStory(this.data.head.district);
    this.own = Boolean(kept);
    const { file, ...story } = kept ?? { file: null, ...clone(this.data.ready) };
    [this.file, this.story] = [file, story];
  }

  takeIn(first = false) {
    const { taken, waiting } = takeAdded(this.data.head.district, this.room());
    for (const view of taken) {
      const id = this.find(view.id) ? ownId() : view.id;
      this.story.views.push({ id, page: view.page, query: view.query ?? "", caption: { zh: "", en: "" }, notes: { zh: "", en: "" }, hidden: false });
      this.asked.slide = id;
    }
    if (taken.length) this.keep();
    if (waiting) this.full(waiting);
    if (first || taken.length) this.tell(0);
    if ((taken.length || waiting) && !first) this.draw();
  }

  room() { return this.data.most_views - this.story.views.length; }
  full(n) { this.say_(this.word("too_many", { most: this.data.most_views, n }), false, true); }

  // Another window changed the story: this one shows it too, and undo brings back what stood here.
  follow() {
    this.keepBack();
    this.takeKept();
    if (!this.find(this.asked.slide)) this.asked.slide = this.story.views[0]?.id ?? "";
    this.editing = "";
    this.say_(this.word("followed"), true);
    this.tell(0);
    this.draw();
  }

  // Kept in this browser at once, told to the server a moment later.
  keep() {
    this.own = true;
    this.kept = keepStory(this.data.head.district, { ...this.story, file: this.file });
  }

  tell(wait) {
    this.ask({ hello: "1", story: this.own ? JSON.stringify({ ...this.data.head, ...this.story }) : "" }, wait);
  }

  keepBack() {
    this.undone.push(JSON.stringify({ story: this.story, own: this.own, file: this.file }));
    this.undone.splice(0, this.undone.length - MOST_UNDO);
  }

  change(act, { wait = 0, said = "" } = {}) {
    this.keepBack();
    act();
    if (!this.find(this.asked.slide)) this.asked.slide = this.story.views[0]?.id ?? "";
    this.keep();
    this.say_(said, Boolean(said));
    this.tell(wait);
    this.draw();
  }

  undo() {
    const before = this.undone.pop();
    if (!before) return;
    const held = JSON.parse(before);
    Object.assign(this, held);
    keepStory(this.data.head.district, held.own ? { ...held.story, file: held.file } : null);
    if (!this.find(this.asked.slide)) this.asked.slide = this.story.views[0]?.id ?? "";
    this.say_("");
    this.tell(0);
    this.editing = "";
    this.draw();
  }

  hear() {
    const { opened } = this.data;
    if (opened && opened.nonce !== this.heard.opened) {
      this.heard.opened = opened.nonce;
      if (opened.story) this.swap(opened.story, opened.text, { name: opened.name, mark: markOf(opened.story) });
      else this.say_(opened.text, false, true);
    }
    this.heard.made = saveFresh(this.data.made, this.heard.made);
  }

  // Another story in place of this one; undo brings this one back.
  swap(story, said, file = null) {
    this.change(() => { Object.assign(this, { story: clone(story), file, editing: "" }); this.asked.slide = story.views[0]?.id ?? ""; }, { said });
  }

  find(id) { return this.story.views.find((view) => view.id === id); }
  shown() { return this.story.views.filter((view) => !view.hidden); }
  get chosen() { return this.find(this.asked.slide); }
  either(text) { return text?.[this.lang] || text?.zh || text?.en || ""; }
  content(view) { return this.data.slides[keyOf(view)] ?? { waiting: 0, kind: "text" }; }

  titleOf(view) {
    const own = this.either(view.caption);
    if (own) return own;
    if (view.page === "title") return this.either(this.story.title) || this.say(this.content(view).title);
    return this.say(this.content(view).title) || this.data.pages[view.page] || view.page;
  }

  slide(view, number) {
    const content = this.content(view);
    const failed = content.failed ? { ...content, kind: "text", sentences: [this.word("failed", { why: content.failed })] } : content;
    return slideOf(failed, { title: this.titleOf(view), number, of: this.shown().length, marks: this.data.marks, district: this.data.district, lang: this.lang, word: (key, values) => this.word(key, values) });
  }

  // --- the page

  draw() {
    const key = JSON.stringify([this.lang, this.data.documents]);
    if (this.drawn !== key) { this.drawn = key; this.build(); }
    this.drawHead();
    this.drawList();
    this.drawStage();
    this.drawEditor();
    this.drawFiles();
  }

  build() {
    this.said = h("p.cp-pres-said", { role: "status", "aria-live": "polite" });
    this.state = h("span.cp-tag");
    this.list = h("ol.cp-pres-list", { "aria-label": this.word("slides") });
    this.stage = h("div.cp-stage.cp-pres-stage", { tabindex: "0", onkeydown: (e) => this.stageKey(e), ondblclick: () => this.start() });
    this.under = h("div.cp-pres-under");
    this.editor = h("div.cp-pres-editor");
    this.files = h("div.cp-pres-files");
    this.editing = "";
    const names = ["zh", "en"].map((code) => h("label.cp-pres-name", {}, h("span", {}, `${this.word("story_title")} · ${this.word(`lang_${code}`)}`), h("input", {
      type: "text", "data-name": code, maxlength: "300", oninput: (e) => this.change(() => { this.story.title = { ...this.story.title, [code]: e.target.value }; }, { wait: TYPING }),
    })));
    const button = (name, sign, act) => h("button.cp-button.cp-small", { type: "button", "data-do": name, onclick: act }, icon(sign), this.word(name));
    const file = h("input.cp-hidden", { type: "file", id: "cp-pres-open", accept: ".json,application/json", onchange: (e) => this.bring(e.target) });
    replace(this.root,
      h("div.cp-pres-side", {},
        h("h1", {}, this.word("title")), h("p.cp-muted", {}, this.word("lead")),
        h("button.cp-button.cp-primary.cp-pres-go", { type: "button", title: this.word("show_hint"), "data-do": "show", onclick: () => this.start() }, icon("screen"), this.word("show")),
        this.said, h("div.cp-pres-head", {}, h("h2", {}, this.word("slides")), this.state), this.list,
        h("div.cp-pres-more", {}, button("divider", "plus", () => this.insert("divider")), button("cover", "plus", () => this.insert("title"))),
        h("div.cp-pres-story", {}, names,
          h("div.cp-pres-more", {}, button("save", "download", () => this.save()), file, h("label.cp-button.cp-small", { for: "cp-pres-open" }, icon("upload"), this.word("open")),
            button("fresh", "empty", () => this.swap(EMPTY, this.word("fresh_done"))), button("ready", "undo", () => this.swap(this.data.ready, this.word("ready_done")))))),
      h("div.cp-pres-main", {}, this.stage, this.under, this.editor, this.files, h("p.cp-muted", {}, this.word("keys"))));
    const wasAt = document.activeElement;
    if (wasAt === document.body) this.stage.blur();
  }

  say_(text, undo = false, bad = false) {
    this.message = { text, undo, bad };
  }

  drawHead() {
    const m = this.kept === false ? { text: this.word("not_kept"), bad: true } : this.message;
    this.said.className = m?.bad ? "cp-pres-said cp-problem" : "cp-pres-said";
    const now = JSON.stringify([m, this.undone.length > 0]);
    if (this.said.dataset.now !== now) {
      this.said.dataset.now = now;
      replace(this.said, m?.text ? h("span", {}, m.text) : null,
        m?.undo && this.undone.length ? h("button.cp-link", { type: "button", "data-do": "undo", onclick: () => this.undo() }, icon("undo"), this.word("undo")) : null);
    }
    const mark = markOf(this.story);
    this.state.textContent = mark === markOf(this.data.ready) ? this.word("is_ready") : !this.file ? this.word("is_own") : this.word(this.file.mark === mark ? "is_file" : "is_changed", { name: this.file.name });
    for (const input of this.root.querySelectorAll("[data-name]")) if (document.activeElement !== input) input.value = this.story.title?.[input.dataset.name] ?? "";
    this.root.querySelector("[data-do=show]").disabled = !this.shown().length;
  }

  drawList() {
    const at = document.activeElement?.dataset?.row;
    const act = document.activeElement?.dataset?.act;
    replace(this.list, this.story.views.length ? rowsOf(this) : h("li.cp-nothing", {}, this.word("empty")));
    if (at) (this.list.querySelector(`[data-row="${CSS.escape(at)}"][data-act="${act}"]:not(:disabled)`) ?? this.list.querySelector(`[data-row="${CSS.escape(at)}"]`))?.focus({ preventScroll: true });
  }

  drawStage() {
    const view = this.chosen;
    const shown = this.shown();
    const number = view ? shown.indexOf(view) + 1 : 0;
    const now = view ? this.slide(view, number || "–") : h("p.cp-nothing", {}, this.word("empty"));
    const key = now.outerHTML;
    if (this.staged !== key || !this.stage.firstChild) {
      this.staged = key;
      replace(this.stage, now);
      fit(this.stage);
    }
    this.stage.setAttribute("role", "group");
    this.stage.setAttribute("aria-label", view ? this.word("slide_label", { n: number || "–", of: shown.length, title: this.titleOf(view) }) : this.word("title"));
    const go = (by) => { const next = shown[(number || 1) - 1 + by]; if (next) this.pick(next.id); };
    const step = (name, word, by) => h("button.cp-button.cp-small.cp-icon-only", { type: "button", "aria-label": this.word(word), title: this.word(word), "data-do": word, disabled: !shown[number - 1 + by], onclick: () => go(by) }, icon(name));
    const focus = document.activeElement?.dataset?.do;
    replace(this.under, step("back", "previous", -1), h("span.cp-pres-count", {}, this.word("slide_of", { n: number || "–", of: shown.length })), step("on", "next", 1),
      view && this.addressOf(view) ? h("a.cp-link", { href: new URL(this.addressOf(view).replace(/^\//, ""), document.baseURI).href, "data-do": "view" }, icon("map"), this.word("open_view")) : null,
      h("button.cp-link", { type: "button", "data-do": "link", onclick: () => this.copy() }, icon("link"), this.word("link")),
      view && this.content(view).failed ? h("button.cp-link", { type: "button", "data-do": "again", onclick: () => this.act({ do: "again", id: view.id }) }, this.word("again")) : null);
    if (["previous", "next"].includes(focus)) this.under.querySelector(`[data-do="${focus}"]`)?.focus({ preventScroll: true });
  }

  addressOf(view) {
    if (["title", "divider"].includes(view.page) || !this.data.pages[view.page]) return "";
    return `/${view.page === "explore" ? "" : view.page}?lang=${this.lang}${view.query ? `&${view.query}` : ""}`;
  }

  drawEditor() {
    const view = this.chosen;
    const key = view ? `${view.id} ${this.lang}` : "";
    if (this.editing === key && this.editor.firstChild) {
      for (const input of this.editor.querySelectorAll("[data-code=caption]")) input.placeholder = view ? this.placeholder(view, input.dataset.lang) : "";
      return;
    }
    this.editing = key;
    if (!view) { replace(this.editor); return; }
    const set = (field, code) => (e) => this.change(() => { view[field] = { zh: "", en: "", ...view[field], [code]: e.target.value }; }, { wait: TYPING });
    const field = (name, code, el) => h("label.cp-field", {}, h("span", {}, `${this.word(name)} · ${this.word(`lang_${code}`)}`), el);
    replace(this.editor, ...["zh", "en"].map((code) => field("caption", code, h("input", {
      type: "text", value: view.caption?.[code] ?? "", placeholder: this.placeholder(view, code), lang: code, "data-code": "caption", "data-lang": code, oninput: set("caption", code),
    }))), ...["zh", "en"].map((code) => field("notes", code, h("textarea", { rows: "3", lang: code, "data-code": "notes", "data-lang": code, value: view.notes?.[code] ?? "", oninput: set("notes", code) }))));
  }

  placeholder(view, code) {
    if (view.page === "title") return this.story.title?.[code] || this.content(view).title?.[code] || "";
    return this.content(view).title?.[code] ?? "";
  }

  drawFiles() {
    const { documents, making, made, sketch } = this.data;
    const now = JSON.stringify([documents, making, made, this.scope, this.demo, this.papers, this.lang]);
    if (this.filed === now) return;
    this.filed = now;
    const focus = document.activeElement?.dataset?.file;
    const word = (key, values) => this.word(key, values);
    const scopes = [["story", word("files_all")], ["slide", word("files_one")], ["atlas", word("files_atlas")]];
    replace(this.files, h("h2", {}, word("files")), scopesOf(scopes, this.scope, word, (value) => { this.scope = value; this.drawFiles(); }),
      this.scope === "atlas" ? atlasOf(this.demo, sketch, word, (ticked) => { this.demo = ticked; }) : null,
      formatsOf(documents, { papers: this.papers[this.scope] ??= {}, usual: this.scope === "atlas" ? "a4" : "", busy: Boolean(making), word, redraw: () => this.drawFiles(), ask: (key, paper) => this.act({ do: "document", key, paper, scope: this.scope, demo: this.demo, only: this.scope === "slide" ? this.asked.slide : "" }) }),
      stateOf(this.data, word, () => this.act({ do: "stop" })));
    if (focus) this.files.querySelector(`[data-file="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
  }

  // --- what is done

  choose(id) { this.asked.slide = id; }

  pick(id) {
    this.choose(id);
    this.ask({ slide: id }, TYPING);
    this.draw();
  }

  moveTo(id, place) {
    const views = this.story.views;
    const view = this.find(id);
    if (!view || place < 0 || place >= views.length) return;
    this.change(() => {
      const rest = views.filter((v) => v !== view);
      rest.splice(place, 0, view);
      this.story.views = rest;
    }, { wait: TYPING, said: this.word("moved", { title: this.titleOf(view), n: place + 1 }) });
  }

  rowKey(e, view, i) {
    if (!["ArrowUp", "ArrowDown"].includes(e.key)) return;
    e.preventDefault();
    const by = e.key === "ArrowUp" ? -1 : 1;
    if (e.altKey) { this.moveTo(view.id, i + by); return; }
    const next = this.story.views[i + by];
    if (!next) return;
    this.pick(next.id);
    this.list.querySelector(`[data-row="${CSS.escape(next.id)}"][data-act="pick"]`)?.focus();
  }

  stageKey(e) {
    const by = ["ArrowRight", "PageDown", " "].includes(e.key) ? 1 : ["ArrowLeft", "PageUp"].includes(e.key) ? -1 : 0;
    if (e.key === "Enter") { e.preventDefault(); this.start(); return; }
    if (!by) return;
    e.preventDefault();
    const shown = this.shown();
    const next = shown[shown.indexOf(this.chosen) + by];
    if (next) this.pick(next.id);
  }

  start() {
    if (!this.shown().length) { this.say_(this.word("all_hidden")); this.drawHead(); return; }
    this.show.start(this.asked.slide);
    this.ask({ show: "1" }, 200);
  }

  // A slide of words alone: a cover at the front, a divider behind the chosen slide.
  insert(page) {
    if (this.room() < 1) { this.full(1); this.drawHead(); return; }
    const id = ownId();
    const [at, caption] = page === "title" ? [0, { zh: "", en: "" }] : [this.story.views.indexOf(this.chosen) + 1, { ...this.data.new_part }];
    this.change(() => {
      this.story.views.splice(at, 0, { id, page, query: "", caption, notes: { zh: "", en: "" }, hidden: false });
      this.asked.slide = id;
    });
    this.editor.querySelector("[data-code=caption]")?.focus();
  }

  save() {
    saveText(this.data.file, `${JSON.stringify({ ...this.data.head, ...this.story }, null, 1)}\n`);
    this.file = { name: this.data.file, mark: markOf(this.story) };
    this.keep();
    this.drawHead();
  }

  bring(input) {
    const [file] = input.files;
    if (!file) return;
    input.value = "";
    const reader = new FileReader();
    reader.onload = () => this.act({ do: "open", name: file.name, text: String(reader.result).slice(0, this.data.most + 1) });
    reader.readAsText(file, "utf-8");
  }

  async copy() {
    const url = new URL(window.location.href);
    let said = this.own ? "linked_own" : "linked";
    try { await navigator.clipboard.writeText(url.href); } catch { said = "link_by_hand"; }
    this.say_(this.word(said));
    this.drawHead();
  }
}

export function render(c) {
  panelOf(c, () => new Present(c)).update();
}

export { release };
