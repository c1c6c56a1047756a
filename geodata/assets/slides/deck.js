// Slides by keys, clicker, touch and buttons; both languages; printing all of them.
import { h, replace } from "../dom.js";
import { DATA } from "./given.js";
import { help, over } from "./over.js";
import { slideMap } from "./slidemap.js";

const NEXT = new Set(["ArrowRight", "ArrowDown", "PageDown", "Enter", " "]);
const EDGE = new Set(["Home", "End"]);
const BACK = new Set(["ArrowLeft", "ArrowUp", "PageUp", "Backspace"]);
const SWIPE_PX = 50;
const TEXT_U = 1.25; // a slide's own size of type in --u
const SMALLER = [0.96, 0.93, 0.9, 0.87, 0.84, 0.81, 0.76, 0.71];
const ON_PAPER = [0.64, 0.56, 0.48, 0.4]; // read in the hand, and nothing can be scrolled
const root = document.documentElement;
const slides = [...document.querySelectorAll(".slide")];
const maps = new Map(); // number of a slide -> its map, while it stands
let lang = root.dataset.lang;
let here = 0;

const word = (name) => DATA.words[lang][name];

function mapOf(place) {
  const host = slides[place].querySelector(".map");
  if (!host || maps.has(place)) return maps.get(place);
  const made = slideMap(host, DATA.maps[place], DATA.words, lang);
  maps.set(place, made);
  return made;
}

// What stands beside the picture becomes a little smaller before it has to be scrolled.
function fit(slide) {
  const parts = slide.querySelectorAll(".title, .side, .table, .told");
  for (const part of parts) part.style.removeProperty("--u");
  const u = parseFloat(getComputedStyle(slide).fontSize) / TEXT_U;
  for (const part of parts) {
    for (const k of root.classList.contains("printing") ? [...SMALLER, ...ON_PAPER] : SMALLER) {
      if (part.scrollHeight <= part.clientHeight + 1 && part.scrollWidth <= part.clientWidth + 1) break;
      part.style.setProperty("--u", `${u * k}px`);
    }
  }
}

function forget(place) {
  const host = slides[place].querySelector(".map");
  maps.get(place)?.map.remove();
  maps.delete(place);
  if (host) {
    const fresh = host.cloneNode(false);
    fresh.className = "map";
    host.replaceWith(fresh);
  }
}

function show(place) {
  here = Math.max(0, Math.min(slides.length - 1, place));
  slides.forEach((slide, i) => slide.classList.toggle("on", i === here));
  for (const other of [...maps.keys()]) if (other !== here) forget(other);
  fit(slides[here]);
  mapOf(here);
  root.dataset.at = here + 1;
  counter.textContent = `${here + 1} / ${slides.length}`;
  back.disabled = here === 0;
  next.disabled = here === slides.length - 1;
  told.textContent = `${here + 1} / ${slides.length}: ${titleOf(slides[here])}`;
  sayNotes();
  try { history.replaceState(null, "", `#${here + 1}`); } catch { /* some browsers keep the address of a file as it is */ }
}

function titleOf(slide) {
  const title = slide.querySelector(".title");
  return (title.querySelector(`span[lang^=${lang}]`) ?? title).textContent;
}

// The notes lie over the foot of the slide and leave it its size.
function sayNotes() {
  const own = slides[here].querySelector(".notes");
  replace(noting, h("strong", {}, word("notes")), own ? [...own.cloneNode(true).children] : h("p", {}, word("no_notes")));
}

function speak(chosen) {
  lang = chosen;
  help.close();
  over.close();
  root.dataset.lang = lang;
  root.lang = lang === "zh" ? "zh-CN" : "en";
  document.title = DATA.title[lang];
  for (const el of document.querySelectorAll("[data-label-zh]")) el.setAttribute("aria-label", el.dataset[lang === "zh" ? "labelZh" : "labelEn"]);
  for (const el of bar.querySelectorAll("[data-word]")) { el.textContent = word(el.dataset.word); el.title = word(`${el.dataset.word}_hint`) ?? ""; }
  for (const el of bar.querySelectorAll("[data-label]")) { el.setAttribute("aria-label", word(el.dataset.label)); el.title = word(el.dataset.label); }
  bar.setAttribute("aria-label", word("bar"));
  for (const made of maps.values()) made.speak(lang);
  sayNotes();
  fit(slides[here]);
}

function full() {
  if (document.fullscreenElement) document.exitFullscreen();
  else root.requestFullscreen?.().catch(() => {});
}

// All slides are laid out and every map is drawn before the browser takes its picture.
function layOut() {
  if (root.classList.contains("printing")) return;
  help.close();
  over.close();
  root.classList.add("printing");
  slides.forEach((slide, place) => { fit(slide); mapOf(place)?.resized(); });
}
function drawAll() { for (const made of maps.values()) { made.resized(); made.drawNow(); } }
function layBack() {
  root.classList.remove("printing");
  show(here);
  maps.get(here)?.resized();
}
function print() {
  layOut();
  Promise.all([...maps.values()].map((made) => made.ready)).then(() => { drawAll(); setTimeout(() => window.print(), 60); });
}

const button = (name, label, text, act) => h("button", { type: "button", "data-label": label, "data-act": name, onclick: act }, h("span", { "aria-hidden": "true" }, text));
const back = button("back", "back", "‹", () => show(here - 1));
const next = button("next", "next", "›", () => show(here + 1));
const counter = h("span.counter", { "aria-hidden": "true" });
const noting = h("aside.noting", { hidden: true, tabindex: "0" });
const told = h("p.unseen", { role: "status", "aria-live": "polite" });
const bar = h("nav.bar", {}, back, counter, next,
  h("button", { type: "button", "data-word": "other", "data-act": "lang", onclick: () => speak(lang === "zh" ? "en" : "zh") }),
  h("button", { type: "button", "data-word": "full", "data-act": "full", onclick: full }),
  h("button", { type: "button", "data-word": "print", "data-act": "print", onclick: print }),
  button("over", "over", "▦", overview), button("keys", "keys", "?", () => help.show(lang)), told);

function overview() {
  over.show({ slides, here, lang, name: titleOf, fit, choose: show }, word("over"));
}

// Keys of what lies over the slides; false where nothing does, or where the key is none of theirs.
function keyAbove(e) {
  if (help.open) {
    help.close();
    return ["?", "Escape"].includes(e.key) || over.open;
  }
  if (!over.open) return false;
  if (e.key === "Escape" || /^[oO]$/.test(e.key)) over.close();
  else if (e.key.startsWith("Arrow") || EDGE.has(e.key)) over.walk(e.key);
  else if (e.key === "?") help.show(lang);
  else return null; // pressing a card, moving the focus
  return true;
}

document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.altKey || e.metaKey) return;
  const above = keyAbove(e);
  if (above === null) return;
  if (above) { e.preventDefault(); return; }
  const map = maps.get(here)?.map;
  const onButton = e.target instanceof Element && e.target.closest("button, a");
  if (root.classList.contains("dark") && (NEXT.has(e.key) || BACK.has(e.key) || EDGE.has(e.key))) {
    root.classList.remove("dark"); // the key that lights the screen does nothing else
  } else if (map && e.shiftKey && e.key.startsWith("Arrow")) {
    map.panBy({ ArrowLeft: [-90, 0], ArrowRight: [90, 0], ArrowUp: [0, -90], ArrowDown: [0, 90] }[e.key], { animate: false });
  } else if (e.key === "Escape") {
    map?.closePopup();
    noting.hidden = true;
    return;
  } else if (onButton && (e.key === " " || e.key === "Enter")) {
    return;
  } else if (e.key === " " && e.shiftKey) {
    show(here - 1);
  } else if (NEXT.has(e.key)) {
    show(here + 1);
  } else if (BACK.has(e.key)) {
    show(here - 1);
  } else if (EDGE.has(e.key)) {
    show(e.key === "Home" ? 0 : slides.length - 1);
  } else if (map && "+=-_0".includes(e.key)) {
    if (e.key === "0") maps.get(here).fit();
    else map.setZoom(map.getZoom() + (e.key === "-" || e.key === "_" ? -0.5 : 0.5), { animate: false });
  } else if (e.key === "l" || e.key === "L") {
    speak(lang === "zh" ? "en" : "zh");
  } else if (e.key === "f" || e.key === "F" || e.key === "F5") {
    full();
  } else if (e.key === "o" || e.key === "O") {
    overview();
  } else if (e.key === "n" || e.key === "N") {
    noting.hidden = !noting.hidden;
  } else if (e.key === "?") {
    help.show(lang);
  } else if (e.key === "b" || e.key === "B" || e.key === ".") {
    root.classList.toggle("dark");
  } else {
    return;
  }
  e.preventDefault();
});

let from = null;
document.addEventListener("touchstart", (e) => {
  const t = e.changedTouches[0];
  from = e.touches.length === 1 && !e.target.closest?.(".map, .bar") ? [t.clientX, t.clientY] : null;
}, { passive: true });
document.addEventListener("touchend", (e) => {
  if (!from) return;
  const [dx, dy] = [e.changedTouches[0].clientX - from[0], e.changedTouches[0].clientY - from[1]];
  if (Math.abs(dx) > SWIPE_PX && Math.abs(dx) > 2 * Math.abs(dy)) show(here + (dx < 0 ? 1 : -1));
}, { passive: true });

let due = 0;
window.addEventListener("resize", () => {
  clearTimeout(due);
  due = setTimeout(() => { if (!root.classList.contains("printing")) { fit(slides[here]); maps.get(here)?.resized(); } }, 80);
});
window.addEventListener("hashchange", () => { const n = Number(location.hash.slice(1)); if (n && n !== here + 1) show(n - 1); });
// Two listeners: between them what the maps wait for comes to pass.
window.addEventListener("beforeprint", layOut);
window.addEventListener("beforeprint", drawAll);
window.addEventListener("afterprint", layBack);

root.classList.add("js");
document.body.append(bar, noting);
document.addEventListener("pointerdown", (e) => { if (help.open && !e.target.closest?.(".key-list")) help.close(); });
show((Number(location.hash.slice(1)) || 1) - 1);
speak(lang);
