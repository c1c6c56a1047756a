// What is drawn comes by an address that carries a hash of its content; asked for once.

const FETCHED = new Map();

export function fetchJson(url) {
  const href = new URL(url, document.baseURI).href;
  if (!FETCHED.has(href)) {
    const asked = fetch(href).then((r) => {
      if (!r.ok) throw new Error(`${r.status} ${url}`);
      return r.json();
    });
    asked.catch(() => FETCHED.delete(href)); // a restarted server may answer the next time
    FETCHED.set(href, asked);
  }
  return FETCHED.get(href);
}
