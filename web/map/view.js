// The map itself: joins Leaflet, the layers, the painter and the controls, and applies what Python says.

import { debounce, el, fill, iconButton } from "../common/dom.js";
import { Formats } from "../common/format.js";
import { Strings } from "../common/strings.js";
import { Ahead } from "./ahead.js";
import { Api } from "./api.js";
import { BaseMap } from "./base.js";
import { PRAGUE, worldX, worldY } from "./geometry.js";
import { GROUND, LayerStore } from "./layers.js";
import { Highlighter, Painter } from "./painter.js";
import { LayerPanel } from "./panel.js";
import { formatHash, parseHash, startHash, writeHash } from "./permalink.js";
import { Pointer } from "./pointer.js";
import { Draft, Position, Sheet } from "./position.js";
import { Tools } from "./tools.js";
import { Typed } from "./typed.js";

const PHONE = "(max-width: 640px)";
const BOTH_PANELS_FROM = 1000;
const TOGETHER_MS = 150;
// All data lie in here, so nothing is ever asked for outside.
const PRAGUE_BOX = [14.2, 49.9, 14.75, 50.2];

/** Start with what the address or the declarations show, before Leaflet has arrived; `answers` came with the first question. */
export function prepare({ lang, token, shows, renew, answers, rootHeight }) {
  const api = new Api({ lang, token, renew, answers });
  const [layers, base, messages] = ["/layers", "/base", "/strings"].map((path) => api.given(path));
  const strings = new Strings(messages, lang);
  const prepared = { api, base, strings, formats: new Formats(strings), hash: shows ? "" : startHash(), view: null };
  const start = parseHash(prepared.hash);
  const guess = { zoom: start.zoom ?? guessZoom(rootHeight), bbox: PRAGUE_BOX, padded: PRAGUE_BOX };
  const store = new LayerStore({
    api,
    answer: layers,
    onChange: (layer, what) => prepared.onChange?.(layer, what),
    view: () => prepared.view?.() ?? guess,
  });
  prepared.store = store;
  if (shows) store.show(shows);
  else store.apply(start);
  // Seen from far away the answer for the whole city is the one to ask for; from near, the map has to be there first.
  const early = store.visible.filter((layer) => !layer.def.depends_on_view || guess.zoom < 12);
  prepared.first = Promise.all([...early, store.get(GROUND)].filter(Boolean).map((layer) => store.load(layer)));
  // What was not asked for at once may be old by the time it is.
  prepared.first.then(() => api.forgetGiven());
  return prepared;
}

/** The zoom at which the whole city will be shown; a wrong guess costs one request. */
function guessZoom(rootHeight) {
  const phone = window.matchMedia(PHONE).matches;
  const width = window.innerWidth - (phone ? 24 : 340);
  const height = (rootHeight || window.innerHeight - 56) - 53 - 40;
  const [southWest, northEast] = PRAGUE;
  const across = worldX(northEast[1]) - worldX(southWest[1]);
  const down = worldY(southWest[0]) - worldY(northEast[0]);
  return Math.floor(4 * Math.log2(Math.min(width / across, height / down))) / 4;
}

export class MapView {
  constructor({ root, component, prepared, assets, trigger }) {
    Object.assign(this, { root, trigger, L: window.L, data: component.data });
    Object.assign(this, { api: prepared.api, strings: prepared.strings, formats: prepared.formats, store: prepared.store });
    this.t = (key, params) => this.strings.t(key, params);
    this.phone = window.matchMedia(PHONE);
    this.selected = null;
    this.hovered = null;
    this.spot = null;
    this.listeners = new AbortController();
    // A page that says what to show has a map of its own: no address, no panel, no bar.
    this.pinned = Boolean(component.data.shows);
    this.root.classList.toggle("bm-pinned", this.pinned);
    this.setHeight();
    this.build(assets);
    prepared.view = () => this.extent();
    prepared.onChange = (layer, what) => this.layerChanged(layer, what);
    this.base = new BaseMap(this, prepared.base);
    this.addParts();
    this.started = parseHash(prepared.hash);
    this.restore(this.started);
    this.listen();
    this.update(component.data, true);
    this.firstPaint(prepared.first);
  }

  build(assets) {
    const { L } = this;
    L.Icon.Default.imagePath = `${assets}/images/`;
    this.host = el("div", { class: "bm-host", tabindex: "0", role: "application", "aria-label": this.t("map-label"), "aria-describedby": "bm-help" });
    this.live = el("div", { class: "bm-live", "aria-live": "polite" });
    this.toastBox = el("div", { class: "bm-toast", role: "status", hidden: true });
    this.banner = el("div", { class: "bm-banner", role: "note", hidden: true }, this.t("invented"));
    this.progress = el("div", { class: "bm-progress", "aria-hidden": "true" });
    this.stage = el("div", { class: "bm-stage" }, this.host, this.progress, this.banner, this.toastBox);
    this.root.append(this.stage, this.live, el("p", { id: "bm-help", class: "bm-hidden" }, this.t("map-help")));
    this.map = L.map(this.host, {
      attributionControl: false, zoomControl: false, preferCanvas: true, minZoom: 8, maxZoom: 19, zoomSnap: 0.25,
      maxBounds: [[49.5, 13.5], [50.6, 15.4]], keyboardPanDelta: 100, worldCopyJump: false,
      zoomAnimation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    });
  }

  addParts() {
    const { L } = this;
    this.painter = new Painter(L, { model: () => this.model(), formats: this.formats, onPaint: (layers) => this.painted(layers) });
    this.highlighter = new Highlighter(L, () => this.marks());
    this.tools = new Tools(this);
    this.panel = new LayerPanel(this);
    this.position = new Position(this);
    this.draft = new Draft(this);
    this.typed = new Typed(this);
    this.ahead = new Ahead(this);
    this.sheet = new Sheet(this);
  }

  restore(view) {
    if (view.center) this.map.setView(view.center, view.zoom, { animate: false });
    else this.showPrague();
    this.painter.canvas.addTo(this.map);
    this.highlighter.canvas.addTo(this.map);
    this.pointer = new Pointer(this);
    this.base.viewChanged();
  }

  /** The whole city, in the space that bar and panel leave free. */
  showPrague() {
    const left = !this.phone.matches && this.panel.isOpen ? this.panel.width : 0;
    this.map.fitBounds(PRAGUE, { paddingTopLeft: [left + 12, 12], paddingBottomRight: [12, 28], animate: false });
  }

  listen() {
    const { signal } = this.listeners;
    const moved = debounce(() => this.gone || this.store.refresh(), 180);
    this.map.on("moveend", () => {
      this.writeHash();
      moved();
      this.base.viewChanged();
    });
    window.addEventListener("hashchange", () => this.hashChanged(), { signal });
    // Leaflet focuses the map on every press, so :focus-visible does not tell the keyboard from the mouse here.
    const keys = (on) => () => this.root.classList.toggle("bm-keys", on);
    document.addEventListener("keydown", keys(true), { signal, capture: true });
    document.addEventListener("pointerdown", keys(false), { signal, capture: true });
    let size = [0, 0];
    this.resized = new ResizeObserver(() => {
      const now = [this.host.clientWidth, this.host.clientHeight];
      if (now[0] === size[0] && now[1] === size[1]) return;
      size = now;
      this.map.invalidateSize({ pan: false, animate: false });
    });
    this.resized.observe(this.host);
  }

  async firstPaint(first) {
    // What arrives within a moment is painted together; over a slow network what is there is shown.
    const late = setTimeout(() => {
      if (this.gone) return;
      this.startPainting();
      this.panel.complete();
    }, TOGETHER_MS);
    await first;
    if (!this.gone) await this.store.refresh();
    clearTimeout(late);
    if (this.gone) return;
    this.startPainting();
    // Asked for after the painting, so it comes after it in the same frame.
    requestAnimationFrame(() => {
      this.root.dataset.ready = "true";
      setTimeout(() => this.afterFirstPaint());
    });
    window.__bilaMista = Object.freeze({ map: this.map, painted: (id) => this.painter.counts[id] ?? 0 });
  }

  /** What nobody needs before the map is seen. */
  afterFirstPaint() {
    if (this.gone) return;
    this.seen = true;
    this.panel.complete();
    this.ahead.prepare();
    // Kept for the tab from the start: another language's address comes without the hash.
    if (this.started.center) this.writeHash();
  }

  startPainting() {
    this.painting = true;
    this.repaint();
  }

  /** What the painter draws. */
  model() {
    return { layers: this.store.drawn(), streets: this.base.streets, magnify: this.presenting ? 1.5 : 1 };
  }

  repaint() {
    this.painter.canvas.schedule();
    this.highlighter.canvas.schedule();
  }

  painted() {
    this.root.dataset.features = JSON.stringify(this.store.counts());
  }

  layerChanged(layer, what) {
    if (this.gone) return;
    const loading = this.store.layers.some((other) => other.status === "loading");
    this.progress.classList.toggle("bm-busy", loading);
    this.panel.layerChanged(layer);
    if (what !== "data") return;
    if (this.hovered?.layer === layer) this.hovered = null;
    this.tools.layerChanged(layer);
    if (this.painting) this.repaint();
  }

  /** The visible box [minx, miny, maxx, maxy], the one to fetch with a margin, and the zoom. */
  extent() {
    const bounds = this.map.getBounds();
    const padded = bounds.pad(0.5);
    const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
    const [west, south, east, north] = PRAGUE_BOX;
    const box = (b) => [clamp(b.getWest(), west, east), clamp(b.getSouth(), south, north), clamp(b.getEast(), west, east), clamp(b.getNorth(), south, north)];
    return { bbox: box(bounds), padded: box(padded), zoom: this.map.getZoom() };
  }

  hash() {
    const { lat, lng } = this.map.getCenter();
    return formatHash({ center: [lat, lng], zoom: this.map.getZoom(), ...this.store.describe() });
  }

  writeHash() {
    if (this.seen && !this.gone && !this.presenting && !this.pinned) writeHash(this.hash());
  }

  /** Somebody followed a link or went back: show that view. */
  hashChanged() {
    if (!this.pinned && location.hash && location.hash !== this.hash() && /(^#|&)(map|layers)=/.test(location.hash)) this.showView(location.hash);
  }

  /** Show a view that is written as a hash. */
  async showView(hash) {
    const view = parseHash(hash);
    this.store.apply(view);
    if (view.center) this.map.setView(view.center, view.zoom, { animate: false });
    this.panel.build();
    this.repaint();
    await this.store.refresh();
    this.layersChanged();
  }

  /** The page asks for other layers or options. */
  async show(shows) {
    this.store.show(shows);
    this.repaint();
    await this.store.refresh();
    if (!this.gone) this.repaint();
  }

  /** Layers were switched, reordered or restyled by hand. */
  layersChanged() {
    this.writeHash();
    this.tools.layersChanged();
    this.repaint();
  }

  async setVisible(layer, visible) {
    layer.visible = visible;
    this.layersChanged();
    if (visible) await this.store.load(layer);
    this.layersChanged();
  }

  /** Apply the data of a rerun: only what differs from the last ones. */
  update(data, first = false) {
    const before = this.data;
    this.data = data;
    this.setHeight();
    this.banner.hidden = !data.invented;
    if (!first && data.data_version !== before.data_version) this.store.dataChanged();
    if (!first && this.pinned && changed(data.shows, before.shows)) this.show(data.shows);
    if (first || changed(data.selected, before.selected)) this.select(data.selected);
    this.draft.set(data.draft ?? null);
    this.ahead.show(data.moves_point === true);
    this.setPanel(data.panel === true, first);
    if (data.focus && data.focus.seq !== this.focusSeq) this.focus(data.focus, first);
    if (!first && !location.hash) this.writeHash();
    this.tools.update(data);
    this.highlighter.canvas.schedule();
  }

  /** "full" fills what the page gives; a number is pixels. */
  setHeight() {
    this.root.style.height = typeof this.data.height === "number" ? `${this.data.height}px` : "100%";
  }

  focus({ seq, bbox }, first) {
    this.focusSeq = seq;
    if (!bbox) return;
    const bounds = [[bbox[1], bbox[0]], [bbox[3], bbox[2]]];
    this.map.fitBounds(bounds, { ...this.free(), maxZoom: 17, animate: !first });
  }

  setPanel(open, first) {
    const was = this.root.dataset.panel === "open";
    this.root.dataset.panel = open ? "open" : "closed";
    this.sheet.show(open);
    if (was && !open) this.spot = null;
    // On a tablet the two panels would leave hardly any map between them. The width is Leaflet's: to ask the page for it
    // here would lay all of it out twice.
    if (open && !was && this.map.getSize().x < BOTH_PANELS_FROM) this.panel.fold();
    // The page draws its panel at about the same time: what it covers is known a moment later.
    if (open && !was && !first) setTimeout(() => this.gone || this.uncover(), 200);
  }

  /** Room that the panels take away, as Leaflet's padding. */
  free() {
    const left = !this.phone.matches && this.panel.isOpen ? this.panel.width : 0;
    const open = this.root.dataset.panel === "open";
    const right = open && !this.phone.matches ? this.panelWidth() : 0;
    const bottom = open && this.phone.matches ? this.sheet.height() + 80 : 0;
    return { paddingTopLeft: [left + 24, 24], paddingBottomRight: [right + 24, bottom + 40] };
  }

  /** Close the page's panel: at once for the eye, and Python is told. */
  shut(untouched) {
    document.documentElement.dataset.bmShut = "";
    this.trigger("close", { untouched });
    this.host.focus({ preventScroll: true });
  }

  /** How much of the map the page's detail panel covers from the right, in pixels. */
  panelWidth() {
    return Number.parseFloat(getComputedStyle(this.base.foot).right) || 0;
  }

  /** Keep what was clicked in sight when the detail panel slides over it; otherwise the map stays where it is. */
  uncover() {
    const point = this.data.draft ?? this.spot;
    if (point && !this.gone) this.map.panInside([point.lat, point.lon], this.free());
  }

  select(selected) {
    this.selected = selected ?? null;
    if (selected && this.spot?.layer !== selected.layer) this.spot = null;
    this.highlighter.canvas.schedule();
  }

  /** The chosen feature with its layer, where it is loaded. */
  selectedFeature() {
    const layer = this.selected && this.store.get(this.selected.layer);
    const feature = layer?.data?.byId.get(String(this.selected.id));
    return feature ? { layer, feature } : null;
  }

  /** What lies above the layers: hover, choice, the clicked spot, a search hit, my position. */
  marks() {
    const marks = [];
    const add = (hit, strong) => {
      if (!hit) return;
      if (hit.feature.area) marks.push({ area: hit.feature.area, strong });
      else if (hit.feature.x !== undefined) {
        const item = this.painter.itemOf(hit.layer, hit.feature);
        marks.push({ x: hit.feature.x, y: hit.feature.y, ...this.worldOf(item), radius: item?.radius, strong });
      }
    };
    add(this.hovered, false);
    add(this.selectedFeature(), true);
    if (this.found) marks.push({ x: worldX(this.found.lon), y: worldY(this.found.lat), strong: true });
    if (this.spot && !this.data.draft && !this.spot.id) marks.push({ x: worldX(this.spot.lon), y: worldY(this.spot.lat), radius: 2, strong: true });
    if (this.position?.fix) marks.push(this.position.fix);
    return marks;
  }

  /** World coordinates of an item that was drawn, so that a mark lies on what is seen (a group, a spread point). */
  worldOf(item) {
    const canvas = this.painter.canvas;
    if (!item || !canvas.corner) return {};
    const scale = 2 ** this.map.getZoom();
    return { x: (item.x + canvas.corner.x) / scale, y: (item.y + canvas.corner.y) / scale };
  }

  /** Say something to a screen reader. */
  say(text) {
    this.live.textContent = "";
    setTimeout(() => (this.live.textContent = text), 50);
  }

  /** Show a sentence for a while, or until the next one where it `stays`; `action` = {label, run} adds a button. */
  toast(text, action, stays = false) {
    clearTimeout(this.toastTimer);
    const close = () => (this.toastBox.hidden = true);
    const button = action && el("button", { type: "button", class: "bm-button bm-text", on: { click: () => (close(), action.run()) } }, action.label);
    fill(this.toastBox, el("span", {}, text), button, iconButton("close", this.t("close"), close));
    this.toastBox.hidden = false;
    if (!stays) this.toastTimer = setTimeout(close, action ? 15_000 : 8_000);
  }

  /** The sentence for an error: the server's, else our own. */
  sentence(error) {
    return error?.sentence || this.t("load-failed");
  }

  destroy() {
    this.gone = true;
    this.listeners.abort();
    this.resized.disconnect();
    this.store.abort();
    this.position.stop();
    this.tools.destroy();
    this.sheet.destroy();
    this.ahead.destroy();
    this.map.remove();
    delete window.__bilaMista;
  }
}

function changed(a, b) {
  return JSON.stringify(a ?? null) !== JSON.stringify(b ?? null);
}
