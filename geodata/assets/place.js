// 落位: which site, where (a click or typed coordinates), how sure, on what basis. The server checks it all again.
/* global L */
import { capital, comeBack, h, number, replace } from "./dom.js";
import { unplacing } from "./popup.js";
import { symbol } from "./symbols.js";
import { parts } from "./tray.js";
import { countsText } from "./years.js";

export function placing(app) {
  const root = h("form.cp-place", { novalidate: true, hidden: true });
  let open = null; // {commitment, site, how, lon, lat, marker}
  let restore = () => {};
  let adapt = () => {};

  function candidates(commitment, siteId) {
    const mine = app.facts.sites.filter((s) => s.origin === "programme" && s.location_class !== "stand_in"
      && (commitment ? (s.commitment || s.id) === commitment : true));
    const waiting = mine.filter((s) => s.location_class === "unlocated");
    const chosen = siteId && app.facts.byId.get(siteId);
    return chosen && !waiting.includes(chosen) ? [chosen] : waiting;
  }

  // A located site opens the form as it stands; what was clicked stays a click, however often it is saved.
  function held(site) {
    if (!site?.at || !(site.location_class in least)) return {};
    return {
      how: site.clicked ? "click" : "typed", held: true, lon: site.at[0], lat: site.at[1], cls: site.location_class, unc: site.uncertainty_m,
      basis: site[`basis_${app.lang}`] || site.basis_zh || "", shape: site.geometry.type !== "Point",
    };
  }

  function classes() {
    const site = app.facts.byId.get(open.site);
    const layer = site && app.facts.layerOf[site.layer];
    const rough = app.data.sketch && open.how === "click" && !app.baseSeen;
    const all = rough ? ["area"] : ["surveyed", "address", "street", "area"];
    return { all, rough, layer };
  }

  const least = { surveyed: 10, address: 100, street: 150, area: 500 };

  function field(word, control, note) {
    control.id ||= `cp-f-${word}`;
    return h("div.cp-field", {}, h("label", { for: control.id }, app.word(word, { all: number(app.facts.byId.get(open.site)?.amount ?? 1) })), control, note ? h("p.cp-muted", {}, note) : null);
  }

  function dropMarker() { open?.marker?.remove(); if (open) open.marker = null; }

  function setPoint(lat, lon, how) {
    open.how = how; open.lat = lat; open.lon = lon;
    mark();
  }

  function mark() {
    const { lat, lon } = open;
    dropMarker();
    const site = app.facts.byId.get(open.site);
    const layer = site && app.facts.layerOf[site.layer];
    open.marker = L.marker([lat, lon], {
      pane: "placing", keyboard: false, interactive: false,
      icon: L.divIcon({ className: "cp-mark-box", iconSize: [0, 0], html: h("div.cp-mark.cp-placing", {}, layer ? symbol(layer.style, "area") : null) }),
    }).addTo(app.map);
  }

  function onMapClick(e) {
    if (!open) return;
    setPoint(e.latlng.lat, e.latlng.lng, "click");
    open.held = false;
    open.datum = "wgs84";
    build();
    root.querySelector("#cp-f-place_basis")?.focus();
  }

  function build() {
    const sites = candidates(open.commitment, open.chosen);
    const commitment = app.facts.commitments[open.commitment];
    const site = app.facts.byId.get(open.site);
    const groups = open.any ? parts(app) : [];
    const promise = h("select", { id: "cp-f-place_commitment", onchange: () => { open.commitment = promise.value; open.site = candidates(open.commitment, null)[0]?.id; build(); } },
      groups.map((part) => h("optgroup", { label: app.word(`tray_${part.key}`, { n: countsText(app, part.sites) }) },
        part.groups.map((g) => h("option", { value: g.id, selected: g.id === open.commitment }, `${capital(g.commitment ? app.say(g.commitment) : app.nameOf(g.sites[0]))} · ${number(g.sites.length)}`)))));
    const which = h("select", { id: "cp-f-place_which", onchange: () => { open.site = which.value; if (open.lat !== undefined) setPoint(open.lat, open.lon, open.how); } },
      sites.map((s) => h("option", { value: s.id, selected: s.id === open.site }, app.nameOf(s))));
    const cls = h("select", { id: "cp-f-place_class", onchange: () => { open.cls = cls.value; open.unc = least[open.cls]; adapt(); } });
    const unc = h("input", { type: "number", id: "cp-f-place_uncertainty", max: 2000, step: 10, oninput: () => { open.unc = Number(unc.value); } });
    const step = h("p.cp-step");
    const warn = h("p.cp-pop-warn", {}, app.word("place_rough"));
    // Changes what a click or typed numbers may claim, without touching the fields being filled in.
    adapt = () => {
      const { all, rough } = classes();
      open.cls = all.includes(open.cls) ? open.cls : all[all.length - 1];
      open.unc ??= least[open.cls];
      if (rough) open.unc = Math.max(open.unc, 500);
      replace(cls, all.map((c) => h("option", { value: c, selected: c === open.cls }, app.word(`class_${c}`))));
      unc.min = rough ? 500 : 1;
      unc.value = open.unc;
      warn.hidden = !rough;
      step.textContent = app.word(open.lat === undefined ? "place_where" : open.held ? "place_held" : open.how === "click" ? "place_clicked" : "place_typed");
    };
    const datum = h("select", { id: "cp-f-place_datum", onchange: () => { open.datum = datum.value; typed(); } },
      app.data.datums.map((d) => h("option", { value: d.key, selected: d.key === open.datum }, d.name)));
    const number7 = (v) => (v === undefined ? "" : Number(v).toFixed(6));
    const typed = () => {
      const [x, y] = [Number(lon.value), Number(lat.value)];
      if (!lon.value || !lat.value || !Number.isFinite(x) || !Number.isFinite(y)) return;
      open.how = "typed"; open.held = false; open.lon = x; open.lat = y;
      if (["wgs84", "cgcs2000"].includes(datum.value) && Math.abs(y) <= 90 && Math.abs(x) <= 180) setPoint(y, x, "typed");
      else dropMarker();
      adapt();
    };
    const lon = h("input", { type: "text", inputmode: "decimal", id: "cp-f-place_lon", value: number7(open.lon), oninput: typed, autocomplete: "off" });
    const lat = h("input", { type: "text", inputmode: "decimal", id: "cp-f-place_lat", value: number7(open.lat), oninput: typed, autocomplete: "off" });
    const basis = h("input", { type: "text", id: "cp-f-place_basis", value: open.basis ?? "", maxlength: 300, oninput: () => { open.basis = basis.value; }, placeholder: app.word("place_basis_hint") });
    const amount = h("input", { type: "number", id: "cp-f-place_amount", min: 1, max: site?.amount, value: open.amount ?? site?.amount ?? 1, oninput: () => { open.amount = Number(amount.value); } });
    const problem = h("p.cp-problem", { role: "alert" }, open.problem ?? "");
    const save = h("button.cp-button.cp-primary", { type: "submit" }, app.word("place_save"));
    replace(root,
      h("header.cp-place-head", {}, h("h2", {}, app.word("place_title")), h("button.cp-link", { type: "button", onclick: close }, app.word("cancel"))),
      commitment && !open.any ? h("p.cp-muted", {}, app.say(commitment)) : null,
      sites.length ? [
        open.any ? field("place_commitment", promise) : null,
        field("place_which", which),
        site?.place_hint_zh ? h("p.cp-muted", {}, app.word("place_hint", { hint: site[`place_hint_${app.lang}`] || site.place_hint_zh })) : null,
        open.shape ? h("p.cp-pop-warn", {}, app.word("place_shape")) : null,
        step,
        h("div.cp-two", {}, field("place_lon", lon), field("place_lat", lat)),
        field("place_datum", datum),
        warn,
        h("div.cp-two", {}, field("place_class", cls), field("place_uncertainty", unc)),
        site?.amount > 1 ? field("place_amount", amount) : null,
        field("place_basis", basis),
        problem, save, site && unplacing(app, site),
      ] : h("p.cp-nothing", {}, app.word("place_none")));
    adapt();
  }

  function check() {
    if (open.lat === undefined) return app.word("place_need_point");
    if (!(open.basis ?? "").trim()) return app.word("place_need_basis");
    if (!(open.unc >= 0)) return app.word("place_need_uncertainty");
    return "";
  }

  root.addEventListener("submit", (e) => {
    e.preventDefault();
    open.problem = check();
    if (open.problem) { build(); return; }
    const button = root.querySelector("[type=submit]");
    button.disabled = true;
    app.send("place", {
      site_id: open.site, lon: open.lon, lat: open.lat, datum: open.how === "click" ? "wgs84" : open.datum, how: open.how,
      location_class: open.cls, uncertainty_m: open.unc, basis: open.basis.trim(), on_basemap: Boolean(app.baseSeen), amount: open.amount ?? null, nonce: Date.now(),
    });
  });

  function close() {
    dropMarker();
    open = null;
    root.hidden = true;
    app.map?.off("click", onMapClick);
    app.root.classList.remove("cp-is-placing");
    restore();
  }

  return {
    el: root,
    get busy() { return Boolean(open); },
    start(commitment, siteId) {
      if (!app.data.may_edit) { app.say_message({ ok: false, text: app.data.why_not_edit }); return; }
      if (!open) restore = comeBack(document.activeElement, app.root);
      dropMarker();
      const first = commitment ? candidates(commitment, siteId)[0] : parts(app)[0]?.sites[0];
      const site = siteId || first?.id;
      open = { any: !commitment, commitment: commitment || first?.commitment || null, chosen: siteId, site, datum: "wgs84", how: "click", ...held(app.facts.byId.get(site)) };
      root.hidden = false;
      app.root.classList.add("cp-is-placing");
      app.map.getPane("placing") ?? (app.map.createPane("placing").style.zIndex = 690);
      app.map.off("click", onMapClick);
      app.map.on("click", onMapClick);
      app.map.closePopup();
      if (open.lat !== undefined) mark();
      build();
      if (app.map.getSize().x < 600) app.column.scrollIntoView({ block: "start" });
      root.querySelector("select, button")?.focus({ preventScroll: true });
    },
    // What the server said: refused words stay in the form, success closes it.
    answered(message) {
      if (!open) return;
      if (message.ok) { close(); return; }
      open.problem = message.text;
      build();
    },
    rewrite() { if (open) build(); },
    close,
  };
}
