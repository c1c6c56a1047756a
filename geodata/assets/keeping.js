// What this browser keeps of a story: the story itself by district, and the views added since it was last opened.

const ADDED = "chanhe-story-added";
const STORY = "chanhe-story";

function read(key) {
  try { return JSON.parse(window.localStorage.getItem(key)); } catch { return null; }
}

// False where the browser keeps nothing.
function write(key, value) {
  try {
    if (value === null) window.localStorage.removeItem(key);
    else window.localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch { return false; }
}

export function addView(view) {
  const held = read(ADDED);
  const views = [...(Array.isArray(held) ? held : []), view];
  return write(ADDED, views) ? views.length : 0;
}

export function dropAdded(id) {
  const held = read(ADDED);
  if (Array.isArray(held)) write(ADDED, held.filter((view) => view?.id !== id));
}

// The views of a district added since, each once and no more than there is room for: whoever takes them puts them into the
// story. What does not fit, and what belongs to another district, stays.
export function takeAdded(district, room) {
  const held = read(ADDED);
  const views = (Array.isArray(held) ? held : []).filter((view) => typeof view?.page === "string");
  const mine = views.filter((view) => !view.district || view.district === district);
  const taken = mine.slice(0, Math.max(0, room));
  const left = views.filter((view) => !taken.includes(view));
  if (held !== null) write(ADDED, left.length ? left : null);
  return { taken, waiting: mine.length - taken.length };
}

// Which slide the view added last becomes, and how many the story then holds; null where the story is the ready one and its
// own number of slides is not known yet.
export function placeOfAdded(district, ready) {
  const kept = keptStory(district);
  const held = read(ADDED);
  const waiting = (Array.isArray(held) ? held : []).filter((view) => !view?.district || view.district === district).length;
  const [shown, all] = kept ? [kept.views.filter((view) => !view.hidden).length, kept.views.length] : [ready, ready];
  return shown === undefined ? null : { n: shown + waiting, of: all + waiting };
}

// Calls back where another window of this browser has changed the story of a district; returns what ends it.
export function onKept(district, changed) {
  const heard = (e) => { if (e.key === `${STORY}:${district}`) changed(); };
  window.addEventListener("storage", heard);
  return () => window.removeEventListener("storage", heard);
}

const texts = (told) => ({ zh: String(told?.zh ?? ""), en: String(told?.en ?? "") });

// The story kept for a district, null where there is none; what is no view in it is left out.
export function keptStory(district) {
  const held = read(`${STORY}:${district}`);
  if (!Array.isArray(held?.views)) return null;
  const views = held.views.filter((view) => typeof view?.page === "string" && typeof view.id === "string");
  const file = typeof held.file?.name === "string" ? { name: held.file.name, mark: String(held.file.mark) } : null;
  return { file, title: texts(held.title), views: views.map((view) => ({ id: view.id, page: view.page, query: String(view.query ?? ""), caption: texts(view.caption), notes: texts(view.notes), hidden: view.hidden === true })) };
}
export const keepStory = (district, story) => write(`${STORY}:${district}`, story);

// Short and the same for equal stories: whether one differs from what was opened or saved last.
export function markOf({ title, views }) {
  const text = JSON.stringify([title, views]);
  let n = 2166136261;
  for (let i = 0; i < text.length; i += 1) n = Math.imul(n ^ text.charCodeAt(i), 16777619);
  return `${(n >>> 0).toString(36)}-${text.length}`;
}
export const ownId = () => `v${Date.now().toString(36)}${Math.random().toString(36).slice(2, 5)}`;
