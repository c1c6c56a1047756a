// The tray: what the report promises and no position is known for yet; one line a commitment.
import { h, number, replace } from "./dom.js";
import { unitOf } from "./popup.js";
import { symbol } from "./symbols.js";

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
        hint && hint !== title ? h("span.cp-wait-names", {}, hint) : null),
      h("span.cp-wait-n", {}, one),
      h("button.cp-button.cp-small", {
        type: "button", "aria-label": `${app.word("place")} ${title}`,
        onclick: () => app.place(group.id, null),
      }, app.word("place")));
  };
  return {
    el: root,
    refresh() {
      const all = waiting(app);
      const past = all.filter((g) => g.sites[0].year && g.sites[0].year < app.facts.year);
      const now = all.filter((g) => !past.includes(g));
      const named = now.filter((g) => g.sites.some((s) => s.name_zh));
      const rest = now.filter((g) => !named.includes(g));
      const open = root.querySelector("details")?.open || !now.length;
      const part = (word, groups) => groups.length
        ? [h("h2.cp-h", {}, app.word(word)), h("ul.cp-waits", {}, groups.map(line))] : [];
      const folded = past.length
        ? h("details.cp-past", { open },
          h("summary", {}, app.word("tray_past", { year: app.facts.year - 1, n: number(past.reduce((n, g) => n + g.sites.length, 0)) })),
          h("ul.cp-waits", {}, past.map(line))) : null;
      replace(root, all.length ? h("p.cp-muted", {}, app.word("tray_says")) : h("p.cp-nothing", {}, app.word("tray_empty")),
        part("tray_named", named), part("tray_unnamed", rest), folded);
    },
  };
}
