// The tray: what the report promises and no position is known for yet; one line a commitment.
import { comeBack, h, number, replace } from "./dom.js";
import { emptyTray, narrowed } from "./empty.js";
import { unitOf } from "./popup.js";
import { symbol } from "./symbols.js";
import { countsText } from "./years.js";

export function waiting(app) {
  const groups = new Map();
  for (const site of app.facts.sites) {
    if (site.location_class !== "unlocated" || !app.matches(site)) continue;
    const id = site.commitment || site.id;
    if (!groups.has(id)) groups.set(id, { id, sites: [], commitment: app.facts.commitments[id] });
    groups.get(id).sites.push(site);
  }
  const named = (g) => g.sites.filter((s) => s.name_zh).length;
  const order = (g) => app.facts.layerOf[g.sites[0].layer]?.order ?? 99;
  return [...groups.values()].sort((a, b) => (named(b) > 0) - (named(a) > 0) || order(a) - order(b) || a.id.localeCompare(b.id));
}

// The tray's parts, named ones first. Only the first and the third add up to what the strip counts.
export function parts(app) {
  const all = waiting(app);
  const now = (g) => g.sites[0].origin !== "existing" && !(g.sites[0].year < app.facts.year);
  const named = (g) => g.sites.some((s) => s.name_zh);
  const counted = (g) => Boolean(g.sites[0].counted);
  return [
    ["named", all.filter((g) => now(g) && counted(g) && named(g))],
    ["beside", all.filter((g) => now(g) && !counted(g) && named(g))],
    ["unnamed", all.filter((g) => now(g) && counted(g) && !named(g))],
    ["amounts", all.filter((g) => now(g) && !counted(g) && !named(g))],
    ["existing", all.filter((g) => g.sites[0].origin === "existing")],
    ["past", all.filter((g) => g.sites[0].origin !== "existing" && !now(g))],
  ].map(([key, groups]) => ({ key, groups, sites: groups.flatMap((g) => g.sites) })).filter((part) => part.groups.length);
}

export function tray(app) {
  const root = h("div.cp-tray");
  const line = (group) => {
    const site = group.sites[0];
    const layer = app.facts.layerOf[site.layer];
    const names = group.sites.map((s) => s[`name_${app.lang}`] || s.name_zh).filter(Boolean);
    const title = group.commitment ? app.say(group.commitment) : app.nameOf(site);
    const hint = names.length ? names.join(app.word("list_comma")) : "";
    const one = group.sites.length === 1 && site.amount > 1 && group.commitment
      ? unitOf(app, site, group.commitment) : number(group.sites.length);
    return h("li.cp-wait", {},
      layer ? symbol(layer.style, "unlocated") : null,
      h("div.cp-wait-text", {}, h("span.cp-wait-title", {}, title),
        hint && !title.toLowerCase().includes(hint.toLowerCase()) ? h("span.cp-wait-names", {}, hint) : null,
        layer?.held_by ? h("span.cp-wait-names", {}, app.word("tray_from", { who: app.say(layer.held_by) })) : null),
      h("span.cp-wait-n", {}, one),
      h("button.cp-button.cp-small", {
        type: "button", "aria-label": `${app.word("place")} ${title}`, "data-place": group.id,
        onclick: () => app.place(group.id, null),
      }, app.word("place")));
  };
  return {
    el: root,
    refresh() {
      const focus = root.contains(document.activeElement) ? comeBack(document.activeElement, root) : null;
      const found = parts(app);
      const open = root.querySelector("details")?.open || found.every((part) => part.key === "past");
      const n = Object.fromEntries(found.map((part) => [part.key, number(part.sites.length)]));
      const promised = number(app.facts.strip.promised);
      const all = found.filter((part) => ["named", "unnamed"].includes(part.key)).reduce((sum, part) => sum + part.sites.length, 0);
      const aside = {
        named: app.word("tray_of", { n: n.named }), unnamed: app.word("tray_of", { n: n.unnamed }),
        beside: app.word("tray_not_of", { n: n.beside, promised }), amounts: app.word("tray_apart", { promised }),
      };
      replace(root,
        found.length ? h("p.cp-muted", {}, app.word("tray_says")) : emptyTray(app),
        n.named && n.unnamed ? h("p.cp-tray-sum", {}, app.word(narrowed(app) ? "tray_sum_within" : "tray_sum", { all: number(all), named: n.named, unnamed: n.unnamed })) : null,
        found.map(({ key, groups, sites }) => {
          const list = h("ul.cp-waits", {}, groups.map(line));
          if (key === "past") return h("details.cp-past", { open }, h("summary", {}, app.word("tray_past", { n: countsText(app, sites) })), list);
          return [h("div.cp-h-row", { "data-part": key }, h("h2.cp-h", {}, app.word(`tray_${key}`)), aside[key] ? h("span.cp-muted", {}, aside[key]) : null), list];
        }));
      focus?.();
    },
  };
}
