// Where I am, the pin of an open form, and the handle that sets the height of the detail sheet on a phone.

import { debounce, el, icon } from "../common/dom.js";
import { worldX, worldY } from "./geometry.js";

const RECORD_WAIT_MS = 8_000;
const HEIGHTS = ["low", "half", "full"];

export class Position {
  constructor(view) {
    this.view = view;
    this.fix = null;
    this.label = el("span", { class: "bm-record-label" }, view.t("record"));
    this.button = el("button", { type: "button", class: "bm-record", title: view.t("record-long"), on: { click: () => this.record() } }, icon("plus"), this.label);
    view.corner.append(this.button);
  }

  /** Ask the device once. Resolves with {lon, lat, accuracy}; rejects with the key of a sentence. */
  ask(timeout) {
    if (!window.isSecureContext) return Promise.reject(new Error("position-insecure"));
    if (!navigator.geolocation) return Promise.reject(new Error("position-unavailable"));
    return new Promise((resolve, reject) => {
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => resolve({ lon: coords.longitude, lat: coords.latitude, accuracy: coords.accuracy }),
        (error) => reject(new Error(error.code === 1 ? "position-denied" : "position-unavailable")),
        { enableHighAccuracy: true, timeout, maximumAge: 30_000 },
      );
    });
  }

  show({ lon, lat, accuracy }) {
    this.fix = { x: worldX(lon), y: worldY(lat), lat, accuracy };
    this.view.highlighter.canvas.schedule();
  }

  /** Move to my position and draw it with its accuracy; where there is none, say why. */
  async locate() {
    const { view } = this;
    view.say(view.t("position-waiting"));
    view.progress.classList.add("bm-busy");
    try {
      const fix = await this.ask(15_000);
      this.show(fix);
      view.map.setView([fix.lat, fix.lon], Math.max(15, view.map.getZoom()));
      view.toast(view.t("position-found", { n: view.formats.number(Math.ceil(fix.accuracy)) }));
    } catch (error) {
      view.toast(view.t(error.message));
    } finally {
      view.progress.classList.remove("bm-busy");
    }
  }

  /** The large "+": record here, with my position if it comes soon. A second press does not wait for it. */
  async record() {
    const { view } = this;
    if (this.skip) {
      this.skip();
      return;
    }
    this.button.setAttribute("aria-busy", "true");
    this.label.textContent = view.t("record-waiting");
    let timer;
    const noPosition = new Promise((resolve) => {
      this.skip = () => resolve(null);
      timer = setTimeout(() => resolve(null), RECORD_WAIT_MS);
    });
    const fix = await Promise.race([this.ask(RECORD_WAIT_MS).catch(() => null), noPosition]);
    clearTimeout(timer);
    this.skip = null;
    if (view.gone) return;
    this.button.removeAttribute("aria-busy");
    this.label.textContent = view.t("record");
    if (fix) this.show(fix);
    const rounded = (value) => Math.round(value * 1e6) / 1e6;
    const at = fix && { lon: rounded(fix.lon), lat: rounded(fix.lat) };
    if (at) view.ahead.open(at);
    view.trigger("record", fix ? { ...at, accuracy: Math.ceil(fix.accuracy) } : { lon: null, lat: null, accuracy: null });
  }

  stop() {
    this.skip?.();
  }
}

/** The pin where the open form points; dragged or moved with the arrow keys it reports its new position. */
export class Draft {
  constructor(view) {
    this.view = view;
    this.marker = null;
    this.report = debounce(() => this.send(), 350);
  }

  set(draft) {
    const { map } = this.view;
    const key = draft ? `${draft.lon}/${draft.lat}` : null;
    if (key === this.key) return;
    this.key = key;
    if (!draft) {
      this.marker?.remove();
      this.marker = null;
    } else if (this.marker) this.marker.setLatLng([draft.lat, draft.lon]);
    else this.marker = this.make(draft).addTo(map);
  }

  make(draft) {
    const { L, t } = this.view;
    const pin = el("span", { class: "bm-pin" });
    const marker = L.marker([draft.lat, draft.lon], {
      draggable: true, autoPan: true, keyboard: true, title: t("pin"), alt: t("pin"),
      icon: L.divIcon({ className: "bm-pin-box", html: pin, iconSize: [48, 48], iconAnchor: [24, 46] }),
    });
    marker.on("dragend", () => this.send());
    marker.on("add", () => {
      const node = marker.getElement();
      node.setAttribute("aria-label", t("pin-help"));
      node.addEventListener("keydown", (event) => this.key_(event));
    });
    return marker;
  }

  key_(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const { map, L } = this.view;
    const size = event.shiftKey ? 20 : 4;
    const point = map.latLngToContainerPoint(this.marker.getLatLng()).add(L.point(step[0] * size, step[1] * size));
    this.marker.setLatLng(map.containerPointToLatLng(point));
    this.report();
  }

  send() {
    if (!this.marker || this.view.gone) return;
    const { lat, lng } = this.marker.getLatLng();
    const [lon, north] = [Math.round(lng * 1e6) / 1e6, Math.round(lat * 1e6) / 1e6];
    this.key = `${lon}/${north}`;
    this.view.trigger("click", { lon, lat: north, zoom: this.view.map.getZoom(), layer: null, id: null, title: null, drag: true });
  }
}

/** What closes the page's detail panel; on a phone, where it is a sheet of three heights, also its handle. */
export class Sheet {
  constructor(view) {
    this.view = view;
    const step = (by, name, label) => el("button", { type: "button", class: "bm-sheet-step", title: label, "aria-label": label, on: { click: () => this.set(this.level + by) } }, icon(name));
    this.lower = step(-1, "down", view.t("sheet-lower"));
    this.higher = step(1, "up", view.t("sheet-higher"));
    this.handle = el("div", { class: "bm-sheet-handle", hidden: true }, this.lower, el("span", { class: "bm-grip", "aria-hidden": "true" }), this.higher);
    this.shut = el("button", { type: "button", class: "bm-shut", hidden: true, on: { click: () => view.typed.leave((untouched) => view.shut(untouched)) } }, view.t("close"));
    view.root.append(this.handle);
    document.body.append(this.shut);
    this.set(1);
    this.listenToDrag();
  }

  show(open) {
    if (open === !this.handle.hidden) return;
    this.handle.hidden = this.shut.hidden = !open;
    if (open) this.set(1);
  }

  set(level) {
    this.level = Math.min(2, Math.max(0, level));
    const root = document.documentElement.dataset;
    // All of the page hangs on the root: it is not written without need.
    if (root.bmSheet !== HEIGHTS[this.level]) root.bmSheet = HEIGHTS[this.level];
    this.lower.disabled = this.level === 0;
    this.higher.disabled = this.level === 2;
  }

  /** Height of the sheet in pixels at a level; the same as in map.css. */
  height(level = this.level) {
    return [144, 0.52 * window.innerHeight, window.innerHeight - 104][level];
  }

  listenToDrag() {
    let from = null;
    this.handle.addEventListener("pointerdown", (event) => {
      if (event.target.closest("button")) return;
      from = event.clientY;
      this.handle.setPointerCapture(event.pointerId);
    });
    this.handle.addEventListener("pointerup", (event) => {
      if (from === null) return;
      const wanted = window.innerHeight - event.clientY;
      const miss = (level) => Math.abs(this.height(level) - wanted);
      const nearest = [0, 1, 2].reduce((best, level) => (miss(level) < miss(best) ? level : best));
      if (Math.abs(event.clientY - from) > 8) this.set(nearest);
      from = null;
    });
  }

  destroy() {
    this.shut.remove();
    delete document.documentElement.dataset.bmSheet;
  }
}
