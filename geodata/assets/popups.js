// The one popup of the map: whole inside the map, clear of the tools, above its point or else below or beside it.
/* global L */
import { comeBack } from "./dom.js";
import { popupOf } from "./popup.js";

const EDGE = 10; // px between the popup and the map's edge
const REACH = 26; // px from a point to the popup's near edge, past the symbol
const TAIL = 20; // px that Leaflet keeps below a popup for its tip
const FRAME = 26; // px of the popup around its content, as the style sheet has it
const TOOLS = 46; // px of the tools before they stand
const LEAST = 150; // px of content below which moving the map is better than scrolling

export function popups(app, onClosed) {
  let popup = null;
  let loose = false;
  let back = () => {};
  let settling = false;

  const badgeOf = () => app.column.querySelector(":scope > .cp-map-badge");

  // What a popup may cover: not the tools on the left, not the credit at the foot.
  function room() {
    const size = app.map.getSize();
    const tools = app.column.querySelector(".cp-tools");
    const foot = app.column.querySelector(".leaflet-bottom.leaflet-right");
    return { left: (tools ? tools.offsetLeft + tools.offsetWidth : TOOLS) + EDGE, top: EDGE, right: size.x - EDGE, bottom: size.y - (foot?.offsetHeight ?? 0) - 4 };
  }

  // Leaflet lays a popup out by its content and `maxHeight`, and puts it by `offset`.
  function layOut(tall) {
    popup.options.maxHeight = Math.max(60, tall - FRAME);
    popup._updateLayout();
    const box = popup.getElement().querySelector(".leaflet-popup-content-wrapper");
    return { w: box.offsetWidth, h: box.offsetHeight };
  }

  function put(point, { x, y, way }, { w, h }) {
    const dx = x + Math.round(w / 2) - point.x;
    popup.options.offset = [dx, y + h + TAIL - point.y];
    popup._updatePosition();
    const el = popup.getElement();
    el.dataset.hangs = way;
    el.style.setProperty("--cp-tip", `${Math.max(22 - w / 2, Math.min(w / 2 - 22, -dx))}px`);
  }

  const within = (value, least, most) => Math.max(least, Math.min(value, most));

  function waysAt(point, free, { w, h }) {
    const x = within(point.x - w / 2, free.left, free.right - w);
    const y = within(point.y - h / 2, free.top, free.bottom - h);
    return [
      { way: "above", x, y: point.y - REACH - h }, { way: "below", x, y: point.y + REACH },
      { way: "right", x: point.x + REACH, y }, { way: "left", x: point.x - REACH - w, y },
    ];
  }

  function settle(mayPan = false) {
    if (!popup?.isOpen() || settling) return;
    settling = true; // moving the map ends in another call
    popup._updatePosition();
    const free = room();
    const tall = free.bottom - free.top;
    let size = layOut(tall);
    if (loose) popup.setLatLng(app.map.getCenter());
    let point = app.map.latLngToContainerPoint(popup.getLatLng());
    if (loose) {
      put(point, { way: "loose", x: within(point.x - size.w / 2, free.left, free.right - size.w), y: within(point.y - size.h / 2, free.top, free.bottom - size.h) }, size);
    } else if (app.map.getSize().contains(point)) {
      const fits = (at) => at.x >= free.left && at.x + size.w <= free.right && at.y >= free.top && at.y + size.h <= free.bottom;
      let way = waysAt(point, free, size).find(fits);
      const above = point.y - REACH - free.top;
      const below = free.bottom - point.y - REACH;
      if (!way && (mayPan || Math.max(above, below) < LEAST)) {
        const target = Math.min(free.top + size.h + REACH, free.bottom - REACH / 2);
        app.map.panBy([0, Math.round(point.y - target)], { animate: false });
        point = app.map.latLngToContainerPoint(popup.getLatLng());
        size = layOut(Math.min(tall, point.y - REACH - free.top));
        [way] = waysAt(point, free, size);
      } else if (!way) {
        size = layOut(Math.max(above, below));
        way = waysAt(point, free, size)[above >= below ? 0 : 1];
      }
      put(point, way, size);
    }
    settling = false;
    giveWay();
  }

  // A popup may reach under the badge: then the badge moves to the foot.
  function giveWay() {
    const badge = badgeOf();
    if (!badge) return;
    badge.classList.remove("cp-badge-low");
    const a = badge.getBoundingClientRect();
    const b = popup?.getElement()?.getBoundingClientRect();
    badge.classList.toggle("cp-badge-low", Boolean(b) && a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top);
  }

  function removed(gone) {
    if (popup !== gone) return;
    const lost = document.activeElement === document.body || gone.getElement()?.contains(document.activeElement);
    popup = null;
    giveWay();
    onClosed();
    if (lost) back();
  }

  function fill(site) {
    popup.setContent(popupOf(app, site));
    popup.getElement()?.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", app.word("close"));
  }

  return {
    settle,
    get isOpen() { return Boolean(popup); },
    // `move` brings the point into view, `still` keeps the view a link asks for.
    open(site, { move = false, still = false } = {}) {
      const old = popup;
      const focus = document.activeElement;
      if (!old?.getElement()?.contains(focus)) back = comeBack(focus, app.root);
      popup = null; // so that closing the old one does not clear the new selection
      if (old) app.map.closePopup(old);
      const width = room();
      const widest = width.right - width.left - 30; // its margins
      loose = !site.at;
      const at = loose ? app.map.getCenter() : L.latLng(site.at[1], site.at[0]);
      if (move && !loose && !app.map.getBounds().pad(-0.05).contains(at)) app.map.panTo(at, { animate: false });
      popup = L.popup({ maxWidth: Math.min(330, widest), minWidth: Math.min(250, widest), className: "cp-popup", autoPan: false, closeOnEscapeKey: false }).setLatLng(at);
      const made = popup;
      made.on("remove", () => removed(made));
      popup.setContent(popupOf(app, site)).openOn(app.map);
      fill(site);
      settle(!still);
    },
    // The same site told anew: in another language, or after it changed.
    refresh(site) {
      if (Boolean(site.at) === loose) { app.map.closePopup(popup); return; }
      if (site.at) popup.setLatLng([site.at[1], site.at[0]]);
      fill(site);
      settle();
    },
    close() {
      if (!popup) return false;
      app.map.closePopup(popup);
      return true;
    },
  };
}
