// The frame of every page: name, pages, language. Sets the document's language and the lang of the address.
import { h, replace } from "./dom.js";

function keepLang(lang) {
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  const query = new URLSearchParams(window.location.search);
  if (query.get("lang") === lang) return;
  query.delete("lang");
  const rest = query.toString().replace(/%2C/g, ",").replace(/%3A/g, ":");
  window.history.replaceState(window.history.state, "", `${window.location.pathname}?lang=${lang}${rest ? `&${rest}` : ""}`);
}

export function render({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".cp-frame");
  keepLang(data.lang);
  const go = (page) => (e) => {
    if (e.metaKey || e.ctrlKey || e.shiftKey) return;
    e.preventDefault();
    if (!page.here) setTriggerValue("go", { page: page.key, nonce: Date.now() });
  };
  const focus = document.activeElement?.dataset?.lang;
  replace(root,
    h("a.cp-skip", { href: "#cp-main", onclick: (e) => { e.preventDefault(); const page = document.querySelector(".cp-root, [data-testid=stMain]"); page?.setAttribute("tabindex", "-1"); page?.focus(); page?.scrollIntoView(); } }, data.skip),
    h("strong.cp-brand", {}, h("span.cp-brand-long", {}, data.name), h("span.cp-brand-short", { "aria-hidden": "true" }, data.short)),
    h("nav.cp-nav", { "aria-label": data.nav }, data.pages.map((p) => h("a", { href: new URL(p.path, document.baseURI).href, "aria-current": p.here ? "page" : null, onclick: go(p) }, p.title))),
    h("div.cp-lang", { role: "group", "aria-label": data.language }, [["zh", "中文"], ["en", "EN"]].map(([code, text]) => h("button", {
      type: "button", lang: code === "zh" ? "zh-CN" : "en", "data-lang": code, "aria-pressed": String(data.lang === code), "aria-label": code === "zh" ? "中文" : "English",
      onclick: () => { if (data.lang !== code) { keepLang(code); setTriggerValue("lang", { lang: code, nonce: Date.now() }); } },
    }, text))));
  if (focus) root.querySelector(`[data-lang=${focus}]`)?.focus();
}
