// The bar above the map, the buttons in its corner, and the small windows that open from the bar.

import { el, fill, icon, iconButton, isTyping, saveBlob } from "../common/dom.js";
import { Search } from "./search.js";

export class Tools {
  constructor(view) {
    this.view = view;
    const { t } = view;
    this.search = new Search(view);
    this.layersButton = this.button("layers", t("layers"), () => view.panel.toggle(), { "aria-expanded": "false", class: "bm-wide" });
    const skip = el("button", { type: "button", class: "bm-skip", on: { click: () => this.openTable() } }, t("skip-to-table"));
    this.buttons = el("div", { class: "bm-bar-buttons" },
      this.button("locate", t("position"), () => view.position.locate()),
      this.menu("share", t("share"), () => this.shareMenu()),
      this.menu("download", t("download"), () => this.downloadMenu()),
      this.button("table", t("table"), () => this.openTable()),
      this.menu("present", t("present"), () => this.presentMenu()),
      this.button("fullscreen", t("fullscreen"), () => this.fullscreen()));
    this.more = iconButton("more", t("more"), () => this.toggleMore(), { class: "bm-more", "aria-expanded": "false" });
    this.bar = el("div", { class: "bm-bar" }, this.layersButton, this.search.node, this.buttons, this.more);
    view.root.prepend(skip, this.bar);
    view.corner = el("div", { class: "bm-corner" });
    const zoom = el("div", { class: "bm-zoom", role: "group", "aria-label": t("zoom") },
      iconButton("plus", t("zoom-in-button"), () => view.map.zoomIn()), iconButton("minus", t("zoom-out-button"), () => view.map.zoomOut()));
    view.corner.append(zoom);
    view.stage.append(view.corner);
    const { signal } = view.listeners;
    document.addEventListener("keydown", (event) => this.key(event), { signal });
    document.addEventListener("pointerdown", (event) => this.closeOutside(event.target), { signal });
  }

  button(name, label, action, props = {}) {
    return el("button", { type: "button", title: label, ...props, class: `bm-button ${props.class ?? ""}`, on: { click: () => (this.closeMenu(), action()) } },
      icon(name), el("span", { class: "bm-button-label" }, label));
  }

  /** A button that opens a small window with what `build` answers. */
  menu(name, label, build) {
    const button = el("button", { type: "button", title: label, class: "bm-button", "aria-expanded": "false", on: { click: () => this.openMenu(button, label, build) } },
      icon(name), el("span", { class: "bm-button-label" }, label));
    return button;
  }

  openMenu(button, label, build) {
    const again = this.opened?.button === button;
    this.closeMenu();
    if (again) return;
    const node = el("div", { class: "bm-menu", role: "dialog", "aria-label": label }, build());
    this.opened = { button, node };
    button.setAttribute("aria-expanded", "true");
    this.view.root.append(node);
    const box = button.getBoundingClientRect();
    const root = this.view.root.getBoundingClientRect();
    node.style.right = `${Math.max(8, Math.min(root.right - box.right, root.width - node.offsetWidth - 8))}px`;
    node.style.top = `${this.bar.offsetHeight + 4}px`;
    this.buttons.classList.remove("bm-shown");
    this.more.setAttribute("aria-expanded", "false");
    node.querySelector("button, input")?.focus();
  }

  closeMenu(focus = false) {
    this.buttons.classList.remove("bm-shown");
    this.more?.setAttribute("aria-expanded", "false");
    if (!this.opened) return;
    const { button, node } = this.opened;
    this.opened = null;
    node.remove();
    button.setAttribute("aria-expanded", "false");
    if (focus) button.focus();
  }

  closeOutside(target) {
    if (this.opened && !this.opened.node.contains(target) && !this.opened.button.contains(target)) this.closeMenu();
    if (!this.bar.contains(target)) this.buttons.classList.remove("bm-shown");
  }

  toggleMore() {
    const shown = this.buttons.classList.toggle("bm-shown");
    this.more.setAttribute("aria-expanded", String(shown));
    if (shown) this.buttons.querySelector("button").focus();
  }

  key(event) {
    const { view } = this;
    if (event.key === "Escape" && (this.opened || this.buttons.classList.contains("bm-shown"))) {
      this.closeMenu(true);
      return;
    }
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || view.pinned || isTyping(event.target)) return;
    if (event.key.toLowerCase() === "p" && !view.presenting) {
      event.preventDefault();
      this.present();
    }
  }

  shareMenu() {
    const { view } = this;
    const { t } = view;
    const link = new URL(view.hash(), location.href).href;
    const field = el("input", { type: "text", readonly: true, value: link, "aria-label": t("share-link"), on: { focus: () => field.select() } });
    const said = el("p", { class: "bm-note", role: "status" }, t("share-note"));
    const copy = async () => {
      // Plain http offers no clipboard: the link is marked, so that it can be copied by hand.
      try {
        await navigator.clipboard.writeText(link);
        said.textContent = t("share-copied");
      } catch {
        field.focus();
        field.select();
        said.textContent = t("share-by-hand");
      }
    };
    return [el("h2", {}, t("share")), el("button", { type: "button", class: "bm-button bm-main", on: { click: copy } }, t("share-copy")), field, said];
  }

  downloadMenu() {
    const { view } = this;
    const { t } = view;
    const item = (label, detail, run) => el("button", { type: "button", class: "bm-menu-item", on: { click: run } }, el("span", {}, label), el("small", {}, detail));
    const tables = view.store.visible.filter((layer) => layer.def.geometry !== "label" && layer.def.exported !== false);
    return [
      el("h2", {}, t("download")),
      item(t("download-html"), t("download-html-note"), () => this.downloadMap("html")),
      item(t("download-png"), t("download-png-note"), () => this.downloadMap("png")),
      tables.map((layer) => item(t("download-csv", { layer: layer.def.title }), t("download-csv-note"), () => this.downloadTable(layer))),
      tables.filter((layer) => layer.def.geopackage).map((layer) => item(t("download-gpkg", { layer: layer.def.title }), t("download-gpkg-note"), () => this.downloadAll(layer))),
    ];
  }

  async downloadMap(kind) {
    const { view } = this;
    const layers = view.store.visible.filter((layer) => layer.def.exported !== false);
    const ids = new Set(layers.map((layer) => layer.id));
    const params = { layers: view.store.describe().layers.filter((id) => ids.has(id)).join(","), bbox: view.extent().bbox.map((value) => value.toFixed(5)).join(",") };
    for (const layer of layers) for (const [option, value] of Object.entries(layer.changedOptions)) params[`${layer.id}.${option}`] = value;
    await this.download(`/exports/map.${kind}`, params, layers.some((layer) => layer.needsToken), `bila-mista-mapa.${kind}`);
  }

  async downloadTable(layer) {
    await this.download(`/exports/${layer.id}.csv`, { ...layer.options }, layer.needsToken, `${layer.id}.csv`);
  }

  /** A file of all rows, which takes its time: what it is doing stays on the screen until it is done. */
  async downloadAll(layer) {
    const { view } = this;
    view.toast(view.t("download-gpkg-started"), undefined, true);
    const megabytes = (bytes) => view.formats.number(Math.ceil(bytes / 1e6));
    let told = 0;
    const onProgress = (bytes, total) => {
      if (bytes < total && bytes - told < total / 20) return;
      told = bytes;
      view.toast(view.t("download-progress", { done: megabytes(bytes), total: megabytes(total) }), undefined, true);
    };
    await this.download(`/exports/${layer.id}.gpkg`, { ...layer.options }, layer.needsToken, `${layer.id}.gpkg`, onProgress);
  }

  /** Fetch with the token and hand over as a file: the token never stands in an address. */
  async download(path, params, auth, name, onProgress) {
    const { view } = this;
    this.closeMenu();
    view.say(view.t("download-started"));
    view.progress.classList.add("bm-busy");
    try {
      saveBlob(await view.api.blob(path, { params, auth, onProgress }), name);
      view.toast(view.t("download-done", { name }));
    } catch (error) {
      view.toast(error?.sentence || view.t("download-failed"), { label: view.t("again"), run: () => this.download(path, params, auth, name, onProgress) });
    } finally {
      view.progress.classList.remove("bm-busy");
    }
  }

  /** The table of what the map shows; its module is fetched at first use. */
  async openTable(layerId) {
    this.closeMenu();
    const module = await import("./table.js");
    this.table ??= new module.TableDrawer(this.view);
    this.table.open(layerId);
  }

  presentMenu() {
    const holder = el("div", {});
    import("./present.js").then((module) => {
      this.presentation ??= new module.Presentation(this.view);
      fill(holder, this.presentation.menu(() => this.closeMenu()));
      holder.querySelector("button, input")?.focus();
    });
    return [el("h2", {}, this.view.t("present")), holder];
  }

  async present() {
    this.closeMenu();
    const module = await import("./present.js");
    this.presentation ??= new module.Presentation(this.view);
    this.presentation.start();
  }

  async fullscreen() {
    const { view } = this;
    try {
      if (document.fullscreenElement) await document.exitFullscreen();
      else await document.documentElement.requestFullscreen();
    } catch {
      view.toast(view.t("fullscreen-not"));
    }
  }

  update(data) {
    const record = this.view.corner.querySelector(".bm-record");
    if (record) record.hidden = data.read_only === true;
  }

  layerChanged(layer) {
    this.table?.layerChanged(layer);
    this.presentation?.refresh();
  }

  layersChanged() {
    this.table?.layersChanged();
    this.presentation?.refresh();
  }

  destroy() {
    this.presentation?.stop();
  }
}
