// Results of one year and promises of another are never added: counts come apart by year, existing facilities beside.
import { number } from "./dom.js";

const EXISTING = "existing";

// Sites by the year they belong to: the year of the promises first, then earlier ones, then what exists already.
export function byYear(app, sites) {
  const groups = new Map();
  for (const site of sites) {
    const key = site.origin === "existing" ? EXISTING : site.year ?? app.facts.year;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(site);
  }
  const rank = (key) => (key === EXISTING ? 1e6 : key === app.facts.year ? -1e6 : -key);
  return [...groups].sort((a, b) => rank(a[0]) - rank(b[0]));
}

// "3" for the year of the promises alone, else "2022: 3 · 2021: 22".
export function countsText(app, sites) {
  const groups = byYear(app, sites);
  if (!groups.length) return "0";
  if (groups.length === 1 && groups[0][0] === app.facts.year) return number(groups[0][1].length);
  return groups.map(([key, held]) => yearWord(app, key) + number(held.length)).join(" · ");
}

export const yearWord = (app, key) => (key === EXISTING ? app.word("existing_short") : app.word("of_year_short", { year: key }));
