// For the projector: only the map, its title, the legends and the sources, in large type. Arrow keys step through the
// views that were saved in this browser.

import { el, fill, iconButton, recall, remember } from "../common/dom.js";
import { PRAGUE } from "./geometry.js";
import { legendList, noteText, sourceLine } from "./legend.js";

const KEPT = "bm-views";
const NAME_LENGTH = 80;

export class Presentation {
  constructor(view) {
    this.view = view;
    this.index = -1;
    this.title = el("h1", { class: "bm-show-title" });
    this.legend = el("div", { class: "bm-show-legend" });
    this.sources = el("p", { class: "bm-show-sources" });
    const leave = iconButton("close", view.t("present-leave"), () => this.stop(), { class: "bm-show-leave" });
    this.node = el("div", { class: "bm-show", hidden: true }, this.title, this.legend, this.sources, leave);
    view.stage.append(this.node);
    const { signal } = view.listeners;
    document.addEventListener("keydown", (event) => this.key(event), { signal, capture: true });
    document.addEventListener("fullscreenchange", () => {
      if (!document.fullscreenElement && this.ownFullscreen) this.stop();
    }, { signal });
  }

  get views() {
    return recall(KEPT, []).filter((saved) => typeof saved?.name === "string" && typeof saved?.hash === "string");
  }

  /** What the menu of the bar shows. */
  menu(close) {
    const { t } = this.view;
    const holder = el("div", {});
    const write = () => {
      const name = el("input", { type: "text", maxlength: String(NAME_LENGTH), placeholder: t("view-name"), "aria-label": t("view-name") });
      const save = (event) => {
        event.preventDefault();
        this.save(name.value);
        write();
        holder.querySelector("input").focus();
      };
      const start = el("button", { type: "button", class: "bm-button bm-main", on: { click: () => (close(), this.start()) } }, t("present-start"));
      fill(holder, start, el("p", { class: "bm-note" }, t("present-help")),
        el("form", { class: "bm-view-form", on: { submit: save } }, name, el("button", { type: "submit", class: "bm-button bm-text" }, t("view-save"))), this.savedList(close, write));
    };
    write();
    return holder;
  }

  savedList(close, write) {
    const { t } = this.view;
    const { views } = this;
    if (!views.length) return el("p", { class: "bm-note" }, t("views-none"));
    return el("ol", { class: "bm-views" }, views.map((saved, index) =>
      el("li", {},
        el("button", { type: "button", class: "bm-row-open", on: { click: () => (close(), this.view.showView(saved.hash)) } }, saved.name),
        iconButton("close", t("view-delete", { name: saved.name }), () => {
          remember(KEPT, this.views.filter((_, i) => i !== index));
          write();
        }))));
  }

  save(name) {
    const { view } = this;
    const given = name.trim().slice(0, NAME_LENGTH) || this.layerTitles();
    const kept = remember(KEPT, [...this.views, { name: given, hash: view.hash() }]);
    view.say(view.t(kept ? "view-saved" : "view-not-saved"));
    if (!kept) view.toast(view.t("view-not-saved"));
  }

  async start() {
    const { view } = this;
    view.presenting = true;
    this.before = view.hash();
    this.fitAfter(view);
    this.index = -1;
    this.name = null;
    this.returnTo = document.activeElement;
    view.root.classList.add("bm-presenting");
    document.documentElement.dataset.bmPresent = "true";
    this.node.hidden = false;
    this.refresh();
    view.host.focus({ preventScroll: true });
    view.say(view.t("present-started"));
    try {
      await view.root.requestFullscreen();
      this.ownFullscreen = true;
    } catch {
      // Not every browser or frame allows it; the map then fills the window.
    }
    view.repaint();
  }

  /** The map grows into the whole screen: show the same area larger, clear of title and sources. */
  fitAfter(view) {
    const { paddingTopLeft, paddingBottomRight } = view.free();
    const size = view.map.getSize();
    const corner = view.map.containerPointToLatLng(paddingTopLeft);
    const seen = view.L.latLngBounds(corner, view.map.containerPointToLatLng(size.subtract(paddingBottomRight)));
    const whole = view.L.latLngBounds(PRAGUE);
    const bounds = seen.contains(whole) ? whole : seen;
    const fit = () => {
      if (!view.presenting || this.index >= 0) return;
      const { options } = view.map;
      const snap = options.zoomSnap;
      options.zoomSnap = 0.1;
      view.map.fitBounds(bounds, { paddingTopLeft: [this.legend.hidden ? 0 : this.legend.offsetWidth, 84], paddingBottomRight: [16, 56], animate: false });
      options.zoomSnap = snap;
    };
    view.map.once("resize", () => {
      fit();
      setTimeout(fit, 300);
    });
  }

  stop() {
    const { view } = this;
    if (!view.presenting) return;
    view.presenting = false;
    this.node.hidden = true;
    view.root.classList.remove("bm-presenting");
    delete document.documentElement.dataset.bmPresent;
    if (this.ownFullscreen && document.fullscreenElement) document.exitFullscreen().catch(() => {});
    this.ownFullscreen = false;
    if (view.gone) return;
    view.showView(this.before);
    this.returnTo?.focus?.({ preventScroll: true });
    view.repaint();
  }

  key(event) {
    if (!this.view.presenting) return;
    const step = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
    if (event.key === "Escape") this.stop();
    else if (step) this.step(step);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  async step(by) {
    const { view } = this;
    const { views } = this;
    if (!views.length) {
      view.toast(view.t("views-none"));
      return;
    }
    this.index = this.index < 0 && by < 0 ? views.length - 1 : (this.index + by + views.length) % views.length;
    this.name = views[this.index].name;
    await view.showView(views[this.index].hash);
    this.refresh();
    view.say(this.name);
  }

  /** Nobody scrolls on a projector: smaller type first, then a second column. */
  fitLegend() {
    const { legend } = this;
    legend.classList.remove("bm-compact", "bm-columns");
    for (const denser of ["bm-compact", "bm-columns"]) {
      if (legend.scrollHeight <= legend.clientHeight + 1) return;
      legend.classList.add(denser);
    }
  }

  /** What is shown, coloured areas first, each kind from the topmost down. */
  layers() {
    const shown = this.view.store.drawn().filter((layer) => layer.def.geometry !== "label").reverse();
    return [...shown.filter((layer) => layer.isPolygon), ...shown.filter((layer) => !layer.isPolygon)];
  }

  /** The title where no saved view gives one: the coloured areas, else the points. */
  layerTitles() {
    const telling = this.layers().filter((layer) => layer.legend.length);
    const areas = telling.filter((layer) => layer.isPolygon);
    const named = areas.length ? areas : telling.slice(0, 3);
    return named.map((layer) => layer.def.title).join(" · ") || this.view.t("map-title");
  }

  /** Write title, legends and sources of what is shown now. */
  refresh() {
    const { view } = this;
    if (!view.presenting) return;
    const layers = this.layers();
    fill(this.title, this.name ?? this.layerTitles());
    fill(this.legend, layers.filter((layer) => layer.legend.length).map((layer) =>
      el("section", {}, el("h2", {}, layer.def.title), legendList(layer), el("p", { class: "bm-note" }, noteText(layer)))));
    this.legend.hidden = !this.legend.childElementCount;
    this.fitLegend();
    fill(this.sources, `${view.t("sources")}: ${sourceLine(layers)}`);
  }
}
