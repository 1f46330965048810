// The same view as a table, for those who cannot use a map and for those who want to sort.

import { el, fill, iconButton } from "../common/dom.js";
import { safeLink } from "../common/format.js";
import { lonLat } from "./geometry.js";

const STEP = 200;

export class TableDrawer {
  constructor(view) {
    this.view = view;
    const { t } = view;
    this.tabs = el("div", { class: "bm-tabs", role: "tablist", "aria-label": t("layers"), on: { keydown: (event) => this.tabKey(event) } });
    this.onlyView = el("input", { type: "checkbox", on: { change: () => this.write() } });
    this.count = el("span", { class: "bm-note", "aria-live": "polite" });
    const csv = el("button", { type: "button", class: "bm-button bm-text", on: { click: () => this.layer && view.tools.downloadTable(this.layer) } }, t("table-csv"));
    const close = iconButton("close", t("table-close"), () => this.close());
    this.body = el("div", { class: "bm-table-scroll", role: "tabpanel", id: "bm-table-panel", tabindex: "0" });
    this.head = el("div", { class: "bm-table-tools" }, el("label", { class: "bm-check" }, this.onlyView, el("span", {}, t("table-in-view"))), this.count, csv, close);
    this.node = el("section", { class: "bm-table", "aria-label": t("table"), hidden: true }, el("div", { class: "bm-table-head" }, this.tabs, this.head), this.body);
    this.node.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    view.stage.append(this.node);
    view.map.on("moveend", () => this.onlyView.checked && this.write());
    this.sort = { column: null, direction: 1 };
  }

  get layers() {
    return this.view.store.drawn().filter((layer) => layer.def.geometry !== "label").reverse();
  }

  open(layerId) {
    this.returnTo = document.activeElement;
    const wanted = layerId && this.view.store.get(layerId);
    if (wanted) this.layer = wanted;
    this.node.hidden = false;
    this.view.root.dataset.table = "open";
    this.layersChanged();
    this.body.focus({ preventScroll: true });
    this.view.say(this.view.t("table"));
  }

  close() {
    this.node.hidden = true;
    delete this.view.root.dataset.table;
    this.returnTo?.focus?.({ preventScroll: true });
  }

  layersChanged() {
    if (this.node.hidden) return;
    const { layers } = this;
    if (!layers.includes(this.layer)) this.layer = layers[0] ?? null;
    fill(this.tabs, layers.map((layer) => {
      const chosen = layer === this.layer;
      return el("button", {
        type: "button", role: "tab", class: "bm-tab", "aria-selected": String(chosen), "aria-controls": "bm-table-panel", tabindex: chosen ? "0" : "-1",
        on: { click: () => this.show(layer) },
      }, layer.def.title);
    }));
    this.write();
  }

  layerChanged(layer) {
    if (!this.node.hidden && (layer === this.layer || !this.layer)) this.layersChanged();
  }

  show(layer) {
    this.layer = layer;
    this.sort = { column: null, direction: 1 };
    this.layersChanged();
    this.tabs.querySelector('[aria-selected="true"]')?.focus();
  }

  tabKey(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const { layers } = this;
    if (!step || !layers.length) return;
    event.preventDefault();
    this.show(layers[(layers.indexOf(this.layer) + step + layers.length) % layers.length]);
  }

  /** The rows that are wanted, in the order that is wanted. */
  rows() {
    const { formats, map } = this.view;
    let rows = this.layer.data.features;
    if (this.onlyView.checked) {
      const bounds = map.getBounds();
      rows = rows.filter((feature) => {
        const spot = feature.area?.centre ?? (feature.x === undefined ? null : feature);
        if (!spot) return false;
        const { lon, lat } = lonLat(spot.x, spot.y);
        return bounds.contains([lat, lon]);
      });
    }
    const { column, direction } = this.sort;
    if (!column) return rows;
    const shown = this.layer.fields.find((field) => field.column === column);
    const key = (feature) => {
      const raw = feature.props[column];
      return typeof raw === "number" || ["date", "month"].includes(shown.formatter) ? raw : formats.value(shown, raw);
    };
    return [...rows].sort((a, b) => formats.compare(key(a), key(b), direction));
  }

  write() {
    const { t, strings, formats } = this.view;
    if (this.node.hidden) return;
    if (!this.layer) {
      fill(this.body, el("p", { class: "bm-note" }, t("table-empty")));
      fill(this.count);
      return;
    }
    const rows = this.rows();
    const { fields } = this.layer;
    const grouped = rows.reduce((sum, feature) => sum + (feature.cluster > 1 ? feature.cluster : 0), 0);
    fill(this.count, strings.n("rows", rows.length, formats.number(rows.length)), grouped ? ` · ${strings.n("grouped", grouped, formats.number(grouped))}` : null);
    const body = el("tbody", {});
    let shown = 0;
    const more = el("button", { type: "button", class: "bm-button bm-text", on: { click: () => extend() } }, t("table-more"));
    const extend = () => {
      body.append(...rows.slice(shown, shown + STEP).map((feature) => this.row(feature, fields)));
      shown += STEP;
      more.hidden = shown >= rows.length;
    };
    extend();
    const table = el("table", {}, el("caption", { class: "bm-hidden" }, this.layer.def.title), el("thead", {}, el("tr", {}, fields.map((field) => this.header(field)))), body);
    fill(this.body, rows.length ? table : el("p", { class: "bm-note" }, t("table-none")), more, this.layer.data.note && el("p", { class: "bm-note" }, this.layer.data.note));
  }

  header(field) {
    const { column, direction } = this.sort;
    const sorted = column === field.column;
    const button = el("button", { type: "button", class: "bm-sort", on: { click: () => this.sortBy(field) } }, field.label, el("span", { "aria-hidden": "true" }, sorted ? (direction > 0 ? " ▲" : " ▼") : ""));
    return el("th", { scope: "col", "aria-sort": sorted ? (direction > 0 ? "ascending" : "descending") : "none", class: isNumeric(field) ? "bm-number" : "" }, button);
  }

  sortBy(field) {
    const same = this.sort.column === field.column;
    // Numbers are mostly asked for from the largest down.
    this.sort = { column: field.column, direction: same ? -this.sort.direction : isNumeric(field) ? -1 : 1 };
    const index = this.layer.fields.indexOf(field);
    this.write();
    this.body.querySelectorAll("th button")[index]?.focus();
  }

  row(feature, fields) {
    return el("tr", {}, fields.map((field, index) => {
      const content = this.cell(feature, field);
      if (index) return el("td", { class: isNumeric(field) ? "bm-number" : "" }, content ?? "–");
      return el("th", { scope: "row" }, this.opener(feature, content));
    }));
  }

  /** The first cell opens the feature as a click on the map would. */
  opener(feature, content) {
    const { t, strings, formats } = this.view;
    if (feature.cluster > 1) return strings.n("cluster", feature.cluster, formats.number(feature.cluster));
    const text = typeof content === "string" ? content : this.layer.titleOf(feature, formats);
    const open = el("button", { type: "button", class: "bm-row-open", on: { click: () => this.choose(feature) } }, text);
    const gone = feature.x === undefined && !feature.area;
    return gone ? [open, el("small", { class: "bm-note" }, ` ${t("without-position")}`)] : open;
  }

  cell(feature, field) {
    const value = feature.props[field.column];
    const text = this.view.formats.value(field, value);
    if (field.formatter !== "link" || text === null) return text;
    const href = safeLink(value);
    return href ? el("a", { href, target: "_blank", rel: "noopener noreferrer" }, new URL(href).hostname) : text;
  }

  choose(feature) {
    const { view } = this;
    const spot = feature.area?.centre ?? (feature.x === undefined ? null : feature);
    if (spot) {
      const { lon, lat } = lonLat(spot.x, spot.y);
      const free = view.free();
      free.paddingBottomRight = [free.paddingBottomRight[0], this.node.offsetHeight + 24];
      view.map.panInside([lat, lon], free);
    }
    view.pointer.choose(this.layer, feature);
  }
}

function isNumeric(field) {
  return ["integer", "decimal", "percent"].includes(field.formatter);
}
