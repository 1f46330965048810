// Search as a combobox with a list: city parts, cadastral areas, stations, services, streets, own places.

import { debounce, el, fill, icon } from "../common/dom.js";

export class Search {
  constructor(view) {
    this.view = view;
    this.results = [];
    this.active = -1;
    const { t } = view;
    this.input = el("input", {
      id: "bm-search", type: "search", role: "combobox", class: "bm-search-input", placeholder: t("search-hint"), "aria-label": t("search"),
      autocomplete: "off", spellcheck: "false", "aria-expanded": "false", "aria-controls": "bm-found", "aria-autocomplete": "list", maxlength: "80",
    });
    this.list = el("ul", { id: "bm-found", role: "listbox", class: "bm-found", "aria-label": t("search-results"), hidden: true });
    this.node = el("div", { class: "bm-search", role: "search" }, icon("search"), this.input, this.list);
    const ask = debounce(() => this.ask(), 150);
    this.input.addEventListener("input", ask);
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("focus", () => this.results.length && this.show());
    this.node.addEventListener("focusout", (event) => !this.node.contains(event.relatedTarget) && this.hide());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  async ask() {
    const query = this.input.value.trim();
    this.controller?.abort();
    if (!query) {
      this.results = [];
      this.hide();
      return;
    }
    this.controller = new AbortController();
    try {
      const { api } = this.view;
      const answer = await api.json("/search", { params: { q: query }, auth: Boolean(api.token), signal: this.controller.signal });
      this.results = answer.results;
      this.active = -1;
      this.write(query);
    } catch (error) {
      if (error.name !== "AbortError") this.view.toast(this.view.sentence(error));
    }
  }

  write(query) {
    const { t, strings } = this.view;
    const rows = this.results.map((result, index) =>
      el("li", { role: "option", id: `bm-found-${index}`, "aria-selected": "false", on: { click: () => this.choose(index) } },
        el("span", { class: "bm-found-label" }, result.label), el("span", { class: "bm-found-detail" }, result.detail)));
    if (!rows.length) fill(this.list, el("li", { class: "bm-found-none" }, t("search-none", { q: query })));
    else fill(this.list, rows);
    this.show();
    this.view.say(rows.length ? strings.n("search-count", rows.length) : t("search-none", { q: query }));
  }

  show() {
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  hide() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.mark(-1);
  }

  mark(index) {
    this.active = index;
    [...this.list.children].forEach((row, i) => row.setAttribute("aria-selected", String(i === index)));
    if (index >= 0) {
      this.input.setAttribute("aria-activedescendant", `bm-found-${index}`);
      this.list.children[index].scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const count = this.results.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!count) return;
      this.show();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.mark((this.active + step + (this.active < 0 && step < 0 ? 1 : 0) + count) % count);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (count && !this.list.hidden) this.choose(Math.max(0, this.active));
      else this.ask();
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.stopPropagation();
      this.hide();
    }
  }

  /** Move there and mark it; nothing is opened. */
  choose(index) {
    const { view } = this;
    const result = this.results[index];
    this.input.value = result.label;
    this.hide();
    const box = result.bbox;
    if (box) view.map.fitBounds([[box[1], box[0]], [box[3], box[2]]], { ...view.free(), maxZoom: 17 });
    else view.map.setView([result.lat, result.lon], Math.max(16, view.map.getZoom()));
    const layer = result.layer && view.store.get(result.layer);
    view.found = layer?.isPolygon ? null : { lon: result.lon, lat: result.lat };
    view.selected = layer ? { layer: layer.id, id: result.id } : null;
    if (layer?.isPolygon && !layer.data) view.store.load(layer);
    view.highlighter.canvas.schedule();
    view.say(view.t("search-moved", { name: result.label }));
  }
}
