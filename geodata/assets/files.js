// The formats a view or a story can be taken away in, how far the one asked for is, and the download itself.
import { h, icon } from "./dom.js";

// One row a format: its button, what it is good for, what it is laid out on. `ask(key, paper)`; `papers` keeps the choices,
// `usual` is what stands there before one is made.
export function formatsOf(documents, { papers, usual, busy, word, ask, redraw }) {
  if (!documents.length) return h("p.cp-muted", {}, word("files_none"));
  return h("ul.cp-file-forms", {}, documents.map((d) => {
    const now = papers[d.key] ?? (d.papers.find((p) => p.key === usual) ?? d.papers[0]).key;
    return h("li", {}, h("button.cp-button.cp-small", { type: "button", "data-file": d.key, disabled: busy, onclick: () => ask(d.key, now) }, icon("download"), d.key.toUpperCase()),
      h("span.cp-muted", {}, d.name),
      d.papers.length > 1 ? h("select", { "aria-label": `${d.key.toUpperCase()} · ${word("files_paper")}`, "data-file": `${d.key}-paper`, onchange: (e) => { papers[d.key] = e.target.value; redraw(); } },
        d.papers.map((p) => h("option", { value: p.key, selected: p.key === now }, p.name))) : null);
  }));
}

// The choice of what is handed over: `all` [value, wording]; pressing one chooses it.
export function scopesOf(all, now, word, choose) {
  return h("div.cp-segments", { role: "group", "aria-label": word("files_what") }, all.map(([value, text]) => h("button", { type: "button", "aria-pressed": String(now === value), "data-file": `scope-${value}`, onclick: () => choose(value) }, text)));
}

// What an atlas is, and whether demo sites come along.
export function atlasOf(demo, sketch, word, choose) {
  return [h("p.cp-muted", {}, word("files_atlas_about")),
    sketch ? h("label.cp-check.cp-inline", {}, h("input", { type: "checkbox", checked: demo, "data-file": "demo", onchange: (e) => choose(e.target.checked) }), h("span", {}, word("files_demo"))) : null];
}

// How far it is, where it lies, or why there is none; null where nothing was asked for.
export function stateOf({ making, made }, word, stop) {
  if (making) {
    return h("div.cp-file-making", { role: "status" }, h("span", {}, making.text), h("progress", { max: 1, value: making.share, "aria-label": making.text }),
      h("button.cp-link", { type: "button", "data-file": "stop", onclick: stop }, word("files_stop")));
  }
  if (made?.failed) return h("p.cp-problem", { role: "alert" }, made.failed);
  return made ? h("p", { role: "status" }, made.text, " ", h("a.cp-link", { href: new URL(made.url, document.baseURI).href, download: made.name }, word("files_again"))) : null;
}

function saveFrom(href, name) {
  const link = h("a", { href, download: name });
  document.body.append(link);
  link.click();
  link.remove();
}

// Saves a file just made, once: `heard` is the wish saved last; returns the one heard now.
export function saveFresh(made, heard) {
  if (!made || made.nonce === heard) return heard;
  if (made.fresh) saveFrom(new URL(made.url, document.baseURI).href, made.name);
  return made.nonce;
}

export function saveText(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  saveFrom(url, name);
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
