// The slides of the page Present in order: a row each, with what is done to it.
import { h, icon } from "./dom.js";

function toolsOf(page, view, i, title) {
  const { views } = page.story;
  const tool = (name, word, on, off = false) => h("button.cp-pres-tool", { type: "button", "aria-label": page.word(word, { title }), title: page.word(word, { title }), "data-row": view.id, "data-act": word, disabled: off, onclick: on }, icon(name));
  return h("div.cp-pres-tools", {}, tool("up", "up", () => page.moveTo(view.id, i - 1), i === 0), tool("down", "down", () => page.moveTo(view.id, i + 1), i === views.length - 1),
    tool("eye", view.hidden ? "unhide" : "hide", () => page.change(() => { view.hidden = !view.hidden; })),
    tool("close", "remove", () => page.change(() => { page.story.views = views.filter((v) => v !== view); }, { said: page.word("removed", { title }) })));
}

function rowOf(page, view, i, number) {
  const title = page.titleOf(view);
  const { waiting } = page.content(view);
  const on = view.id === page.asked.slide;
  const about = [page.data.pages[view.page] ?? view.page, view.hidden ? page.word("hidden") : "", waiting !== undefined && !view.hidden ? `${page.word("computing")} ${Math.round(waiting * 100)} %` : ""];
  return h("li.cp-pres-row", {
    class: `cp-pres-row${on ? " cp-pres-on" : ""}${view.hidden ? " cp-pres-hidden" : ""}`, draggable: "true", "data-id": view.id,
    ondragstart: (e) => { e.dataTransfer.setData("text/plain", view.id); e.dataTransfer.effectAllowed = "move"; },
    ondragover: (e) => e.preventDefault(), ondrop: (e) => { e.preventDefault(); page.moveTo(e.dataTransfer.getData("text/plain"), i); },
  },
  h("button.cp-pres-pick", { type: "button", title, "aria-current": on ? "true" : null, "data-row": view.id, "data-act": "pick", onclick: () => page.pick(view.id), onkeydown: (e) => page.rowKey(e, view, i) },
    h("b", {}, view.hidden ? "–" : String(number)), h("span", {}, h("span.cp-pres-title", {}, title), h("small", {}, about.filter(Boolean).join(" · ")))),
  toolsOf(page, view, i, title));
}

// `page` is the page itself: its story, what it is asked, and what a button does.
export function rowsOf(page) {
  let number = 0;
  return page.story.views.map((view, i) => {
    if (!view.hidden) number += 1;
    return rowOf(page, view, i, number);
  });
}
