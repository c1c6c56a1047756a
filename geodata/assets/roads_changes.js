// The list of a scenario: what each change is called, how it joins, what room it brings, and the scenario it is held against.
import { h } from "./dom.js";
import { pad } from "./sketchpad.js";

// One change: its kind, its name, what else it may say, and what is wrong with it.
export function changeItem(panel, entry, i, entries) {
  const [kind, type, , told] = entry;
  const layer = panel.data.offer.layers.find((l) => l.key === told.layer);
  const mine = panel.data.problems.filter((p) => p.row === i + 1);
  const put = (more) => panel.change(entries.map((old, k) => (k === i ? [old[0], old[1], old[2], kept({ ...old[3], ...more })] : old)));
  const rename = (e) => {
    const name = e.target.value.trim().slice(0, 80);
    if (name !== panel.nameOf(told)) put({ name_zh: name, name_en: name });
  };
  const earlier = () => panel.change(entries.map((old, k) => (k === i - 1 ? entries[i] : k === i ? entries[i - 1] : old)));
  const parts = [`${i + 1}`, panel.word(`kind_${kind}`), layer ? panel.say(layer.one) : "", told.site ? panel.siteOf(told.site) : ""];
  const control = (name, key, onclick) => h("button.cp-link", { type: "button", "aria-label": panel.word(`${key}_of`, { n: i + 1 }), "data-control": `${name}-${i}`, onclick }, panel.word(key));
  return h("li", { class: mine.some((p) => p.level === "error") ? "cp-change-bad" : null },
    h("div.cp-change", {}, h("span.cp-change-kind", {}, parts.filter(Boolean).join(" · ")),
      "site" in told ? null : h("input", {
        type: "text", maxlength: 80, value: panel.nameOf(told), "aria-label": panel.word("name_of", { n: i + 1 }), "data-control": `name-${i}`, onchange: rename,
      }),
      panel.movable(kind, type) ? control("points", "points", () => pad.edit(`s-${i}`)) : null,
      i ? control("earlier", "earlier", earlier) : null,
      control("remove", "remove", () => panel.change(entries.filter((_, k) => k !== i)))),
    kind === "open_road" ? within(panel, told, i, put) : null,
    kind === "add_facility" && panel.data.capacity.includes(told.layer) ? room(panel, told, i, put) : null,
    mine.map(finding));
}

// What a change does not say is left out, so that links stay short.
function kept(told) {
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== "" && value !== null && value !== undefined));
}

function number(e) {
  const value = Number(e.target.value);
  return e.target.value.trim() === "" || !Number.isFinite(value) || value < 0 ? "" : value;
}

function within(panel, told, i, put) {
  const { within: usual, most_within: most } = panel.data.offer;
  const take = (e) => { const value = number(e); put({ within_m: value === Number(usual) ? "" : value }); };
  return h("label.cp-change-more", {}, panel.word("within"), h("input", {
    type: "number", min: "0", max: most, step: "any", inputmode: "decimal", value: told.within_m ?? usual,
    "aria-label": panel.word("within_of", { n: i + 1 }), "data-control": `within-${i}`, onchange: take,
  }), "m");
}

function room(panel, told, i, put) {
  return h("label.cp-change-more", {}, panel.word("capacity"), h("input", {
    type: "number", min: "0", step: "1", inputmode: "numeric", value: told.capacity ?? "",
    "aria-label": panel.word("capacity_of", { n: i + 1 }), "data-control": `capacity-${i}`, onchange: (e) => put({ capacity: number(e) }),
  }));
}

// What is wrong with the scenario, or worth knowing of it.
export function finding(p) {
  return h("p", { class: p.level === "error" ? "cp-problem" : "cp-muted", role: p.level === "error" ? "alert" : null }, p.text, " ", p.remedy);
}

// The scenario this one is held against, and how the two change places.
export function heldAgainst(panel) {
  const { asked, data, lang } = panel;
  if (asked.b === undefined) return null;
  const held = panel.entries("b");
  const roads = held.map(([kind, , , told]) => panel.titleOf(kind, told)).join(lang === "zh" ? "、" : ", ");
  const swap = () => {
    panel.past.push(asked.s ?? "");
    panel.set({ s: held.length ? asked.b : "", b: asked.s || "[]", name: asked.bname, bname: asked.name });
  };
  const said = held.length ? panel.word(asked.bname && asked.bname !== roads ? "held_named" : "held", { n: held.length, names: roads, name: asked.bname }) : panel.word("held_empty");
  return h("div.cp-held", {},
    h("p", {}, data.held_wrong ? h("span.cp-problem", { role: "alert" }, panel.word("held_wrong")) : said),
    h("div.cp-ask-chips", {},
      h("button.cp-link", { type: "button", "data-control": "swap", onclick: swap }, panel.word("swap")),
      h("button.cp-link", { type: "button", "data-control": "let-go", onclick: () => panel.set({ b: "", bname: "" }) }, panel.word("let_go"))));
}
