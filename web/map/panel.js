// The layer panel: groups, a box per layer, and inside each layer that is on its options, legend, note and look.

import { debounce, el, fill, iconButton, recall, remember } from "../common/dom.js";
import { legendList, noteText } from "./legend.js";

const KEPT_OPEN = "bm-panel-open";

export class LayerPanel {
  constructor(view) {
    this.view = view;
    this.rows = new Map();
    this.isOpen = view.phone.matches || view.pinned ? false : recall(KEPT_OPEN, true);
    const close = iconButton("left", view.t("layers-hide"), () => this.toggle(false), { class: "bm-panel-close" });
    this.list = el("div", { class: "bm-panel-list" });
    this.node = el("section", { class: "bm-panel", "aria-label": view.t("layers"), on: { keydown: (event) => this.key(event) } },
      el("div", { class: "bm-panel-head" }, el("h2", {}, view.t("layers")), close), this.list);
    view.stage.append(this.node);
    view.phone.addEventListener("change", () => this.toggle(!view.phone.matches && !view.pinned), { signal: view.listeners.signal });
    this.show();
  }

  get width() {
    return this.node.offsetWidth;
  }

  toggle(open = !this.isOpen) {
    this.isOpen = open;
    if (!this.view.phone.matches) remember(KEPT_OPEN, open);
    this.show();
    if (!open) this.view.tools.layersButton.focus({ preventScroll: true });
    else this.node.querySelector("input")?.focus({ preventScroll: true });
  }

  /** Make room without being asked: where the focus is and what was remembered stays. */
  fold() {
    this.isOpen = false;
    this.show();
  }

  show() {
    this.node.hidden = !this.isOpen;
    this.view.root.dataset.layers = this.isOpen ? "open" : "closed";
    this.view.tools.layersButton.setAttribute("aria-expanded", String(this.isOpen));
  }

  key(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.toggle(false);
    }
  }

  build() {
    const { store } = this.view;
    this.rows.clear();
    const groups = store.groups.map((group) => {
      const layers = store.layers.filter((layer) => layer.def.group === group.id);
      if (!layers.length) return null;
      return el("fieldset", { class: "bm-group" }, el("legend", {}, group.title), layers.map((layer) => this.row(layer)));
    });
    fill(this.list, groups);
  }

  row(layer) {
    const box = el("input", { type: "checkbox", checked: layer.visible, on: { change: () => this.switch(layer, box.checked) } });
    const name = el("label", { class: "bm-layer-name", title: layer.def.description }, box, el("span", {}, layer.def.title));
    const body = el("div", { class: "bm-layer-body" });
    const node = el("div", { class: "bm-layer", dataset: { layer: layer.id } }, name, body);
    this.rows.set(layer.id, { node, box, body });
    this.fillBody(layer);
    return node;
  }

  async switch(layer, visible) {
    const done = this.view.setVisible(layer, visible);
    this.fillBody(layer);
    await done;
  }

  /** New data or a new state of a layer. Options keep the focus: only what hangs on the data is written anew. */
  layerChanged(layer) {
    const row = this.rows.get(layer.id);
    if (!row) return;
    row.box.checked = layer.visible;
    row.node.setAttribute("aria-busy", String(layer.visible && layer.status === "loading"));
    if (row.facts && this.view.seen) fill(row.facts, this.facts(layer));
  }

  /** The rows, or in rows that are there already the legends and notes: both are left out until the map has been painted. */
  complete() {
    if (this.rows.size) for (const layer of this.view.store.visible) this.layerChanged(layer);
    else this.build();
  }

  fillBody(layer) {
    const row = this.rows.get(layer.id);
    row.facts = null;
    if (!layer.visible) {
      fill(row.body);
      return;
    }
    row.facts = el("div", { class: "bm-facts" }, this.view.seen ? this.facts(layer) : null);
    fill(row.body, layer.def.options.map((option) => this.option(layer, option)), row.facts, this.look(layer));
  }

  facts(layer) {
    const { t } = this.view;
    const zoomedOut = this.view.map.getZoom() < layer.def.style.min_zoom;
    const parts = [];
    if (layer.status === "error") {
      const again = el("button", { type: "button", class: "bm-button bm-text", on: { click: () => this.view.setVisible(layer, true) } }, t("again"));
      parts.push(el("p", { class: "bm-problem" }, this.view.sentence(layer.error), " ", again));
    } else if (layer.status === "forbidden") parts.push(el("p", { class: "bm-note" }, layer.error.sentence || t("forbidden")));
    else if (zoomedOut && !layer.data) parts.push(el("p", { class: "bm-note" }, t("zoom-in")));
    parts.push(legendList(layer));
    const hidden = layer.data?.features.filter((f) => f.x === undefined && !f.area).length ?? 0;
    if (layer.data && !layer.data.features.length) parts.push(el("p", { class: "bm-note" }, t("layer-empty")));
    const note = noteText(layer);
    if (note) parts.push(el("p", { class: "bm-note" }, note));
    if (hidden) {
      const open = el("button", { type: "button", class: "bm-button bm-text", on: { click: () => this.view.tools.openTable(layer.id) } }, t("to-table"));
      parts.push(el("p", { class: "bm-note" }, this.view.strings.n("no-position", hidden, this.view.formats.number(hidden)), " ", open));
    }
    return parts;
  }

  option(layer, option) {
    return option.multiple ? this.manyChoices(layer, option) : this.oneChoice(layer, option);
  }

  oneChoice(layer, option) {
    const choices = option.choices.map((choice) => el("option", { value: choice.value, selected: layer.options[option.id] === choice.value }, choice.label));
    const select = el("select", { dataset: { option: option.id }, on: { change: () => this.choose(layer, option, select.value) } }, choices);
    return el("label", { class: "bm-option" }, el("span", {}, option.label), select);
  }

  manyChoices(layer, option) {
    const { t } = this.view;
    const chosen = new Set(layer.options[option.id].split(",").filter(Boolean));
    const summary = el("summary", {});
    const write = () => fill(summary, `${option.label}: ${chosen.size ? option.choices.filter((c) => chosen.has(c.value)).map((c) => c.label).join(", ") : t("all")}`);
    const boxes = option.choices.map((choice) => {
      const box = el("input", { type: "checkbox", checked: chosen.has(choice.value), on: { change: () => {
        chosen[box.checked ? "add" : "delete"](choice.value);
        write();
        this.choose(layer, option, option.choices.filter((c) => chosen.has(c.value)).map((c) => c.value).join(","));
      } } });
      return el("label", { class: "bm-check" }, box, el("span", {}, choice.label));
    });
    write();
    return el("details", { class: "bm-option", dataset: { option: option.id } }, summary, el("p", { class: "bm-note" }, t("none-is-all")), boxes);
  }

  async choose(layer, option, value) {
    layer.options[option.id] = value;
    this.view.writeHash();
    await this.view.store.load(layer);
    if (layer.visible && !this.view.gone) this.view.tools.layersChanged();
  }

  /** Opacity and drawing order, folded. */
  look(layer) {
    const { view } = this;
    const { t } = view;
    const write = debounce(() => view.gone || view.layersChanged(), 250);
    const slider = el("input", { type: "range", min: "20", max: "100", step: "10", value: String(Math.round(layer.opacity * 100)), on: { input: () => {
      layer.opacity = Number(slider.value) / 100;
      view.repaint();
      write();
    } } });
    const move = (name, step, label) => iconButton(name, label, () => {
      const moved = view.store.move(layer, step);
      view.say(t(moved ? "moved" : "moved-not"));
      if (moved) view.layersChanged();
    });
    return el("details", { class: "bm-look" }, el("summary", {}, t("look")),
      el("label", { class: "bm-option" }, el("span", {}, t("opacity")), slider),
      el("div", { class: "bm-moves" }, el("span", {}, t("draw-order")), move("up", 1, t("draw-higher")), move("down", -1, t("draw-lower"))));
  }
}
