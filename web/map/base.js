// What lies under the layers: raster tiles where the settings give some, streets of a local file, else "bez ulic".

import { el, fill } from "../common/dom.js";
import { readLines } from "./geometry.js";

const STREETS_FROM = 13;

export class BaseMap {
  constructor(view, base) {
    this.view = view;
    this.base = base;
    this.streets = null;
    this.loaded = null;
    this.foot = el("div", { class: "bm-foot" });
    const scale = view.L.control.scale({ imperial: false, maxWidth: 110 }).addTo(view.map);
    this.credit = el("p", { class: "bm-credit" });
    this.foot.append(scale.getContainer(), this.credit);
    view.stage.append(this.foot);
    if (base.tiles) this.addTiles(base.tiles);
    this.writeCredit();
  }

  addTiles({ url, max_zoom: maxZoom }) {
    const { view } = this;
    const own = url.startsWith("/");
    const address = own ? url : url.replace("{s}", "a");
    this.tiles = view.L.tileLayer(address, { maxNativeZoom: maxZoom, maxZoom: 19, className: "bm-tiles" });
    this.tiles.once("tileerror", () => view.toast(view.t("tiles-failed")));
    this.tiles.addTo(view.map);
  }

  /** The line of credits; every part is text, so a tile source cannot bring markup along. */
  writeCredit() {
    const { view, base } = this;
    const parts = [view.t("credit-data")];
    if (base.tiles?.attribution) parts.push(base.tiles.attribution);
    if (base.streets === "none" && !base.tiles) parts.push(view.t("no-streets"));
    const leaflet = el("a", { href: "https://leafletjs.com", target: "_blank", rel: "noopener" }, "Leaflet");
    fill(this.credit, `${parts.join(" · ")} · `, leaflet);
  }

  /** Fetch streets for the view where a local file has them and the map is near enough. */
  async viewChanged() {
    const { view, base } = this;
    if (base.streets !== "vector") return;
    const { bbox, padded, zoom } = view.extent();
    if (zoom < STREETS_FROM) {
      if (this.streets) view.repaint();
      this.streets = this.loaded = null;
      return;
    }
    if (this.loaded && this.loaded[0] <= bbox[0] && this.loaded[1] <= bbox[1] && this.loaded[2] >= bbox[2] && this.loaded[3] >= bbox[3]) return;
    this.controller?.abort();
    this.controller = new AbortController();
    try {
      const params = { bbox: padded.map((value) => value.toFixed(4)).join(",") };
      const answer = await view.api.json("/streets", { params, signal: this.controller.signal });
      this.loaded = padded;
      this.streets = answer.features.map((feature) => ({ name: feature.properties?.name ?? "", lines: readLines(feature.geometry) }));
      view.repaint();
    } catch (error) {
      if (error.name !== "AbortError") view.toast(view.sentence(error));
    }
  }
}
