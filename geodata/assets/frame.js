// The frame of every page: name, pages, language. Sets the document's language and the lang of the address.
import { format, h, icon, replace } from "./dom.js";
import { atlasOf, formatsOf, scopesOf } from "./files.js";
import { addView, dropAdded, ownId, placeOfAdded } from "./keeping.js";

function keepLang(lang) {
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  const query = new URLSearchParams(window.location.search);
  if (query.get("lang") === lang) return;
  query.delete("lang");
  const rest = query.toString().replace(/%2C/g, ",").replace(/%3A/g, ":");
  window.history.replaceState(window.history.state, "", `${window.location.pathname}?lang=${lang}${rest ? `&${rest}` : ""}`);
}

// What is on screen is its page and its address; a panel whose question is too long for a link keeps the whole of it.
function viewOnScreen(page) {
  const query = new URLSearchParams(window.location.search);
  query.delete("lang");
  const asked = window.chanhe?.asked;
  if (asked?.path === window.location.pathname) for (const [name, value] of Object.entries(asked.asked)) if (value) query.set(name, value);
  const map = document.querySelector(".leaflet-container")?.chanheMap;
  const seen = map?.getBounds();
  query.delete("box");
  // The extent goes along where the map was moved; without one a slide shows the whole district.
  if (seen?.isValid() && !seen.contains(map.chanheBounds)) query.set("box", [seen.getWest(), seen.getSouth(), seen.getEast(), seen.getNorth()].map((x) => x.toFixed(5)).join(","));
  return { id: ownId(), page, query: query.toString(), district: window.chanhe?.files?.offer.district ?? "" };
}

let fading = 0;
function say(parent, ...content) {
  const el = parent.querySelector(".cp-story-said") ?? parent.appendChild(h("div.cp-story-said", { role: "status" }));
  replace(el, ...content);
  clearTimeout(fading);
  fading = setTimeout(() => replace(el), 8000);
}

function adder(data, parent) {
  const here = data.pages.find((p) => p.here);
  if (!here?.story) return null;
  const words = data.story;
  return h("button.cp-top.cp-add", { type: "button", title: words.add, "aria-label": words.add, onclick: () => {
    const view = viewOnScreen(here.key);
    if (!addView(view)) { say(parent, h("span", {}, words.not_kept)); return; }
    const offer = window.chanhe?.files?.offer;
    const place = offer ? placeOfAdded(offer.district, offer.ready) : null;
    if (place && place.of > offer.most_views) { dropAdded(view.id); say(parent, h("span", {}, format(words.full, { most: offer.most_views }))); return; }
    say(parent, h("span", {}, place ? format(words.added, place) : words.added_soon), h("button.cp-link", { type: "button", onclick: () => { dropAdded(view.id); say(parent, h("span", {}, words.undone)); } }, words.undo));
  } }, icon("plus"), h("span", {}, words.add));
}

// The menu of files beside it; what there is to choose from comes with the page, later than the frame.
const papers = {};
let scope = "view";
let demo = false;
let opened = false; // stays open where the page runs meanwhile and the frame is built anew
let listening = () => {};

function filesMenu(data) {
  const here = data.pages.find((p) => p.here);
  if (!here?.story) return null;
  const list = h("div.cp-files-menu", { id: "cp-files-menu", role: "dialog", "aria-label": data.files.menu_hint, hidden: true });
  const button = h("button.cp-top.cp-files", { type: "button", title: data.files.menu_hint, "aria-label": data.files.menu_hint, "aria-expanded": "false", "aria-controls": list.id, onclick: () => (list.hidden ? open() : close()) },
    icon("download"), h("span", {}, data.files.menu));
  const draw = () => {
    const files = window.chanhe?.files;
    button.disabled = files?.offer.page !== here.key;
    if (list.hidden || button.disabled) return;
    const { offer, word, busy, ask } = files;
    const focus = document.activeElement?.dataset?.file;
    const what = offer.atlas ? scope : "view";
    replace(list, h("strong", {}, word("menu_title")),
      offer.atlas ? scopesOf([["view", word("files_all")], ["atlas", word("files_atlas")]], what, word, (value) => { scope = value; draw(); }) : null,
      what === "atlas" ? atlasOf(demo, offer.sketch, word, (ticked) => { demo = ticked; }) : null,
      formatsOf(offer.documents, { papers: papers[what] ??= {}, usual: what === "atlas" ? "a4" : "", busy, word, redraw: draw, ask: (key, paper) => { const { query } = viewOnScreen(here.key); close(); ask({ key, paper, page: here.key, query, scope: what, demo: what === "atlas" && demo }); } }));
    if (focus) list.querySelector(`[data-file="${CSS.escape(focus)}"]`)?.focus();
  };
  const away = (e) => { if (e.type === "keydown" ? e.key === "Escape" : !list.contains(e.target) && !button.contains(e.target)) close(e.type === "keydown"); };
  const open = (enter = true) => {
    opened = true;
    list.hidden = false;
    button.setAttribute("aria-expanded", "true");
    document.addEventListener("pointerdown", away);
    document.addEventListener("keydown", away);
    draw();
    if (enter) list.querySelector("button, select")?.focus();
  };
  const close = (back = true) => {
    opened = false;
    list.hidden = true;
    button.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", away);
    document.removeEventListener("keydown", away);
    if (back) button.focus();
  };
  window.removeEventListener("chanhe-files", listening);
  listening = draw;
  window.addEventListener("chanhe-files", listening);
  if (opened) open(false); else draw();
  return h("div.cp-files-at", {}, button, list);
}

export function render({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".cp-frame");
  keepLang(data.lang);
  const go = (page) => (e) => {
    if (e.metaKey || e.ctrlKey || e.shiftKey) return;
    e.preventDefault();
    if (!page.here) setTriggerValue("go", { page: page.key, nonce: Date.now() });
  };
  const focus = document.activeElement?.dataset?.lang;
  replace(root,
    h("a.cp-skip", { href: "#cp-main", onclick: (e) => { e.preventDefault(); const page = document.querySelector(".cp-root, [data-testid=stMain]"); page?.setAttribute("tabindex", "-1"); page?.focus(); page?.scrollIntoView(); } }, data.skip),
    h("strong.cp-brand", {}, h("span.cp-brand-long", {}, data.name), h("span.cp-brand-short", { "aria-hidden": "true" }, data.short)),
    h("nav.cp-nav", { "aria-label": data.nav }, data.pages.map((p) => h("a", { href: new URL(p.path, document.baseURI).href, "aria-current": p.here ? "page" : null, onclick: go(p) }, p.title))),
    filesMenu(data),
    adder(data, parentElement),
    h("div.cp-lang", { role: "group", "aria-label": data.language }, [["zh", "中文"], ["en", "EN"]].map(([code, text]) => h("button", {
      type: "button", lang: code === "zh" ? "zh-CN" : "en", "data-lang": code, "aria-pressed": String(data.lang === code), "aria-label": code === "zh" ? "中文" : "English",
      onclick: () => { if (data.lang !== code) { keepLang(code); setTriggerValue("lang", { lang: code, nonce: Date.now() }); } },
    }, text))));
  if (focus) root.querySelector(`[data-lang=${focus}]`)?.focus();
}
