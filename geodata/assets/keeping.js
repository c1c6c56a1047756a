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
  return { title: texts(held.title), views: views.map((view) => ({ id: view.id, page: view.page, query: String(view.query ?? ""), caption: texts(view.caption), notes: texts(view.notes), hidden: view.hidden === true })) };
}
export const keepStory = (district, story) => write(`${STORY}:${district}`, story);
export const ownId = () => `v${Date.now().toString(36)}${Math.random().toString(36).slice(2, 5)}`;
