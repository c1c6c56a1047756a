// What a site says of itself: the report's words, where it stands, how sure that is, and on what basis.
import { h, icon, metres, number } from "./dom.js";
import { isRoughCourse, symbol, wayOf } from "./symbols.js";

const HANDLED = new Set(["name_zh", "name_en", "location_class", "uncertainty_m", "status", "year", "status_as_of", "amount", "commitment"]);
const PAIRS = ["place_hint", "basis", "source"];

export function placeLine(app, site) {
  const cls = app.word(`class_${site.location_class}`);
  if (site.location_class === "stand_in" || site.location_class === "unlocated") return cls;
  return site.uncertainty_m ? `${cls} · ±${metres(site.uncertainty_m)}` : cls;
}

// The English names of commitments say what is counted, so that some units have no English word of their own.
export const unitOf = (app, site, commitment) => `${number(site.amount)} ${commitment.unit[app.lang] ?? ""}`.trim();

// The report's promises a layer's demo sites stand beside: how many places, by which commitments.
function promisedIn(app, layer) {
  const places = (app.facts.byLayer[layer.key] ?? []).filter((s) => s.origin === "programme" && s.location_class !== "stand_in" && s.year === app.facts.year);
  return { n: places.length, ids: [...new Set(places.map((s) => s.commitment))].filter((id) => app.facts.commitments[id]) };
}

function promiseLink(app, commitment) {
  const query = new URLSearchParams({ lang: app.lang, q: app.say(commitment) });
  return h("a.cp-link.cp-pop-promise", { href: new URL(`promises?${query}`, document.baseURI).href }, app.word("see_promise"));
}

function demoOf(app, site, layer, head) {
  const { n, ids } = promisedIn(app, layer);
  const name = app.lang === "en" ? (n === 1 ? layer.one.en : layer.name.en.charAt(0).toLowerCase() + layer.name.en.slice(1)) : n === 1 ? layer.one.zh : layer.name.zh;
  const word = !layer.drawn ? "demo_of_gap" : n === 1 ? "demo_of_one" : "demo_of_many";
  const commitments = ids.map((id) => app.facts.commitments[id]);
  return h("article.cp-pop.cp-pop-demo", {}, head,
    h("p.cp-pop-warn", {}, app.word("demo_site_says")),
    n ? h("p.cp-pop-stands", {}, app.word(word, { n: number(n), layer: name })) : null,
    commitments.map((c) => [promise(app, c), promiseLink(app, c)]),
    layer.drawn ? h("p.cp-muted", {}, app.word("demo_site_how", { draw: app.facts.draw })) : null);
}

function row(label, value) {
  if (value === null || value === undefined || value === "") return null;
  return [h("dt", {}, label), h("dd", {}, value)];
}

function shown(app, layer, site) {
  const rows = [];
  const seen = new Set();
  for (const field of layer.popup) {
    const base = field.replace(/_(zh|en)$/, "");
    if (HANDLED.has(field) || seen.has(base)) continue;
    seen.add(base);
    const value = PAIRS.includes(base) ? site[`${base}_${app.lang}`] || site[`${base}_zh`] : site[field];
    rows.push(row(app.word(`field_${base}`), typeof value === "number" ? number(value) : value));
  }
  for (const base of PAIRS) {
    if (!seen.has(base)) rows.push(row(app.word(`field_${base}`), site[`${base}_${app.lang}`] || site[`${base}_zh`]));
  }
  return rows;
}

export function statusLine(app, site) {
  const bits = [];
  if (site.year) bits.push(String(site.year));
  if (site.status) bits.push(app.word(`status_${site.status}`) + (site.status_as_of ? app.word("as_of", { date: site.status_as_of }) : ""));
  return bits.join(" · ");
}

function promise(app, commitment) {
  if (!commitment) return null;
  const group = app.facts.groups[commitment.group];
  const also = commitment.same_as && app.facts.commitments[commitment.same_as];
  return h("figure.cp-quote", {},
    h("blockquote", { lang: "zh" }, commitment.quote),
    also && also.quote !== commitment.quote ? h("blockquote", { lang: "zh" }, also.quote) : null,
    h("figcaption", {}, app.word("from_report"), group ? ` · ${app.say(group)}` : ""));
}

// Takes a located site's position from it; null where that cannot be.
export function unplacing(app, site) {
  const located = site.origin === "programme" && ["solid", "area"].includes(wayOf(site.location_class));
  if (!located || !app.data.may_edit) return null;
  const button = h("button.cp-button.cp-small", { type: "button", "data-unplace": site.id, onclick: () => { button.disabled = true; app.unplace(site.id); } }, icon("undo"), app.word("unplace"));
  return button;
}

export function popupOf(app, site) {
  const layer = app.facts.layerOf[site.layer];
  const way = wayOf(site.location_class);
  const head = h("header.cp-pop-head", {}, symbol(layer.style, way),
    h("div", {}, h("strong", {}, app.nameOf(site)), h("span", {}, app.say(layer.name))));
  if (way === "demo") {
    return demoOf(app, site, layer, head);
  }
  const commitment = app.facts.commitments[site.commitment];
  const amount = site.amount && site.amount !== 1 && commitment ? unitOf(app, site, commitment) : null;
  const open = way === "unlocated" || (site.origin === "programme" && site.commitment);
  return h("article.cp-pop", {}, head,
    h(`p.cp-pop-place.cp-way-${way}`, {}, placeLine(app, site)),
    isRoughCourse(site) ? h("p.cp-muted.cp-pop-course", {}, app.word("course")) : null,
    promise(app, commitment),
    h("dl", {},
      row(app.word("field_status"), statusLine(app, site)),
      row(app.word("field_amount"), amount),
      ...shown(app, layer, site)),
    open ? h("div.cp-pop-acts", {},
      h("button.cp-button.cp-small", { type: "button", onclick: () => app.place(site.commitment, site.id) }, app.word(way === "unlocated" ? "place" : "move")),
      unplacing(app, site)) : null);
}
