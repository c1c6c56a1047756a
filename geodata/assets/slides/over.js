// All slides at a glance, each a small copy of itself, and the list of keys.
import { h, replace } from "../dom.js";
import { DATA } from "./given.js";
import { slideMap } from "./slidemap.js";

const el = h("div.over", { hidden: true, role: "dialog", "aria-modal": "true" });
const keys = h("div.key-list", { hidden: true, role: "dialog", tabindex: "-1" });
const maps = [];
document.body.append(el, keys);

function copyOf(slide) {
  const copy = slide.cloneNode(true);
  copy.removeAttribute("id");
  copy.removeAttribute("aria-label");
  copy.classList.add("on");
  copy.inert = true;
  const host = copy.querySelector(".map");
  if (host) {
    const fresh = host.cloneNode(false);
    fresh.className = "map";
    host.replaceWith(fresh);
  }
  return copy;
}

export const over = {
  get open() { return !el.hidden; },

  // `deck`: slides, here, lang, name(slide), fit(slide), choose(place).
  show(deck, label) {
    const cards = deck.slides.map((slide, i) => h("button.card", { type: "button", "aria-label": `${i + 1}: ${deck.name(slide)}`, "aria-current": i === deck.here ? "true" : null, onclick: () => { over.close(); deck.choose(i); } },
      copyOf(slide), h("span.card-name", { "aria-hidden": "true" }, `${i + 1} ${deck.name(slide)}`)));
    el.setAttribute("aria-label", label);
    replace(el, cards);
    el.hidden = false;
    // A map is drawn when its card comes into view.
    const seen = new IntersectionObserver((all) => {
      for (const { target, isIntersecting } of all) {
        if (!isIntersecting) continue;
        seen.unobserve(target);
        const copy = target.firstElementChild;
        if (getComputedStyle(copy).display === "none") continue;
        deck.fit(copy);
        const host = copy.querySelector(".map");
        if (host) maps.push(slideMap(host, DATA.maps[cards.indexOf(target)], DATA.words, deck.lang).map);
      }
    }, { root: el });
    cards.forEach((card) => seen.observe(card));
    over.seen = seen;
    (cards[deck.here] ?? cards[0]).focus();
  },

  close() {
    over.seen?.disconnect();
    for (const map of maps.splice(0)) map.remove();
    el.hidden = true;
    replace(el);
  },

  walk(key) {
    const cards = [...el.children];
    const wide = cards.filter((card) => card.offsetTop === cards[0].offsetTop).length;
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: wide, ArrowUp: -wide }[key];
    const to = { Home: 0, End: cards.length - 1 }[key] ?? cards.indexOf(document.activeElement) + by;
    cards[Math.min(cards.length - 1, Math.max(0, to))].focus();
  },
};

export const help = {
  get open() { return !keys.hidden; },
  show(lang) {
    keys.setAttribute("aria-label", DATA.words[lang].keys);
    replace(keys, h("dl", {}, DATA.keys[lang].map(([key, text]) => [h("dt", {}, key), h("dd", {}, text)])));
    keys.hidden = false;
    keys.focus();
  },
  close() { keys.hidden = true; },
};
