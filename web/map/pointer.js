// Pointing, clicking and the keyboard on the map. We test what lies under the pointer ourselves, so that one click is
// one event whatever the number of layers, and the topmost point wins over the ground below it.

import { el, fill } from "../common/dom.js";
import { lonLat, ORIGIN, worldX, worldY } from "./geometry.js";
import { GROUND } from "./layers.js";

const MOUSE_REACH = 4;
const TOUCH_REACH = 14;
const probe = document.createElement("canvas").getContext("2d");

/** The feature of an area layer under a spot in world coordinates, or null. */
export function areaAt(layer, x, y, zoom) {
  const scale = 2 ** zoom;
  const px = (x - ORIGIN.x) * scale;
  const py = (y - ORIGIN.y) * scale;
  for (const feature of layer.data.features) {
    const box = feature.area?.box;
    if (!box || x < box[0] || x > box[2] || y < box[1] || y > box[3]) continue;
    if (probe.isPointInPath(feature.area.path(zoom), px, py, "evenodd")) return feature;
  }
  return null;
}

export class Pointer {
  constructor(view) {
    this.view = view;
    this.reach = MOUSE_REACH;
    this.tooltip = el("div", { class: "bm-tooltip", hidden: true });
    this.crosshair = el("div", { class: "bm-crosshair", "aria-hidden": "true" });
    view.stage.append(this.tooltip, this.crosshair);
    const { map, host } = view;
    // A finger does not hover: there the detail of a tap takes the tooltip's place.
    if (!window.matchMedia("(hover: none)").matches) map.on("mousemove", (event) => this.hoverSoon(event.containerPoint));
    map.on("mouseout movestart zoomstart", () => this.hover(null));
    map.on("click", (event) => {
      // The second half of a double click zooms; it is no second choice.
      if (event.originalEvent.detail > 1) return;
      this.reach = event.originalEvent.pointerType === "touch" ? TOUCH_REACH : MOUSE_REACH;
      this.click(event.containerPoint);
    });
    map.on("moveend", () => this.announce());
    host.addEventListener("keydown", (event) => this.key(event));
  }

  /** The topmost point at a spot of the map's box, or null. */
  pointAt(spot) {
    const { painter, map } = this.view;
    const canvas = painter.canvas;
    const at = map.containerPointToLayerPoint(spot).subtract(canvas._bounds.min);
    let best = null;
    let bestDistance = Infinity;
    for (let i = painter.items.length - 1; i >= 0; i -= 1) {
      const item = painter.items[i];
      if (best && item.layer !== best.layer) break;
      const distance = Math.hypot(item.x - at.x, item.y - at.y);
      if (distance <= item.radius + this.reach && distance < bestDistance) {
        best = item;
        bestDistance = distance;
      }
    }
    return best;
  }

  /** Position and world coordinates of a spot of the map's box. */
  place(spot) {
    const { lat, lng } = this.view.map.containerPointToLatLng(spot);
    return { lat, lon: lng, x: worldX(lng), y: worldY(lat) };
  }

  /**
   * The visible areas at a spot as one hit: the city part, which a click would choose, else the topmost area, with all
   * of them as `others` (a choropleth lies under the borders and still has to say its figure).
   */
  areaHit(spot) {
    const { x, y } = this.place(spot);
    const zoom = this.view.map.getZoom();
    const hits = [];
    for (const layer of this.view.store.drawn().reverse()) {
      const feature = layer.isPolygon ? areaAt(layer, x, y, zoom) : null;
      if (feature) hits.push({ layer, feature });
    }
    const first = hits.find((hit) => hit.layer.id === GROUND) ?? hits[0];
    return first ? { ...first, others: hits.filter((hit) => hit.feature !== first.feature) } : null;
  }

  hoverSoon(spot) {
    this.next = spot;
    this.request ??= requestAnimationFrame(() => {
      this.request = null;
      if (this.next && !this.view.gone) this.hover(this.next);
    });
  }

  hover(spot) {
    const { view } = this;
    if (!spot) this.next = null;
    const item = spot && this.pointAt(spot);
    const hit = item ? { layer: item.layer, feature: item.features[0], item } : spot && this.areaHit(spot);
    if (hit?.feature !== view.hovered?.feature || hit?.layer !== view.hovered?.layer) {
      view.hovered = hit || null;
      view.highlighter.canvas.schedule();
      this.describe(hit);
    }
    view.host.classList.toggle("bm-pointing", Boolean(item));
    if (hit) this.placeTooltip(spot);
  }

  describe(hit) {
    this.tooltip.hidden = !hit;
    if (hit) fill(this.tooltip, this.lines(hit));
  }

  /** What the tooltip says: the name, then the fields that are declared for it. */
  lines({ layer, feature, item, others = [] }) {
    const { formats, strings } = this.view;
    const lines = [];
    if (item?.grouped) {
      const said = strings.n(item.least ? "cluster-least" : "cluster", item.count, formats.number(item.count));
      return [el("strong", {}, said), el("span", {}, layer.def.title)];
    }
    const title = layer.titleOf(feature, formats);
    lines.push(el("strong", {}, title));
    for (const hit of [{ layer, feature }, ...others]) {
      for (const field of hit.layer.fields) {
        const text = field.tooltip ? formats.value(field, hit.feature.props[field.column]) : null;
        if (text !== null && text !== title) lines.push(el("span", {}, `${field.label}: ${text}`));
      }
    }
    const entry = layer.entryOf(feature);
    if (lines.length === 1 && entry) lines.push(el("span", {}, entry.label));
    return lines;
  }

  placeTooltip(spot) {
    const { clientWidth, clientHeight } = this.view.host;
    const { offsetWidth, offsetHeight } = this.tooltip;
    const right = clientWidth - (this.view.root.dataset.panel === "open" ? this.view.panelWidth() : 0);
    const x = spot.x + 16 + offsetWidth > right ? spot.x - 12 - offsetWidth : spot.x + 16;
    const y = spot.y + 16 + offsetHeight > clientHeight ? spot.y - 12 - offsetHeight : spot.y + 16;
    this.tooltip.style.transform = `translate(${Math.max(4, x)}px, ${Math.max(4, y)}px)`;
  }

  click(spot) {
    const { view } = this;
    if (view.presenting) return;
    const item = this.pointAt(spot);
    view.found = null;
    if (item?.grouped) {
      this.openCluster(item);
      return;
    }
    const place = this.place(spot);
    if (item) this.choose(item.layer, item.features[0]);
    else this.ground(place);
  }

  /** Tell Python that a feature was chosen; a point reports its own position. */
  choose(layer, feature, place) {
    const { view } = this;
    const { lon, lat } = place ?? (feature.area ? lonLat(feature.area.centre.x, feature.area.centre.y) : feature.x !== undefined ? lonLat(feature.x, feature.y) : {});
    this.send({ lon: lon ?? null, lat: lat ?? null, layer: layer.id, id: feature.id, title: layer.titleOf(feature, view.formats) });
  }

  ground(place) {
    const { view } = this;
    const layer = view.store.get(GROUND);
    const feature = layer?.data ? areaAt(layer, place.x, place.y, view.map.getZoom()) : null;
    const what = feature ? { layer: layer.id, id: feature.id, title: layer.titleOf(feature, view.formats) } : { layer: null, id: null, title: null };
    view.spot = { lon: place.lon, lat: place.lat };
    this.send({ lon: place.lon, lat: place.lat, ...what });
  }

  /** A click on the ground only moves the point of a new place's form; any other choice leaves an open form. */
  send(what) {
    const { view } = this;
    const onGround = !view.store.get(what.layer)?.isPoint;
    if (view.data.moves_point && onGround) this.sendNow(what);
    else view.typed.leave(() => this.sendNow(what));
  }

  sendNow(what) {
    const { view } = this;
    const rounded = (value) => (value === null ? null : Math.round(value * 1e6) / 1e6);
    if (what.layer !== GROUND) view.spot = what.lon === null ? null : { lon: what.lon, lat: what.lat, layer: what.layer, id: what.id };
    view.selected = what.layer ? { layer: what.layer, id: what.id } : null;
    view.highlighter.canvas.schedule();
    view.say(what.title ?? view.t("outside"));
    const [lon, lat] = [rounded(what.lon), rounded(what.lat)];
    if (lon !== null && (what.layer === GROUND || what.layer === null)) view.ahead.open({ lon, lat });
    view.trigger("click", { ...what, lon, lat, zoom: view.map.getZoom() });
  }

  openCluster(item) {
    const { map } = this.view;
    const box = item.features[0].props.bbox;
    if (Array.isArray(box) && box.length === 4 && item.features.length === 1 && (box[0] !== box[2] || box[1] !== box[3])) {
      map.fitBounds([[box[1], box[0]], [box[3], box[2]]], { ...this.view.free(), maxZoom: map.getZoom() + 3 });
      return;
    }
    const corners = item.features.map((feature) => lonLat(feature.x, feature.y)).map(({ lon, lat }) => [lat, lon]);
    const bounds = this.view.L.latLngBounds(corners);
    const tight = bounds.getNorthEast().distanceTo(bounds.getSouthWest()) < 20;
    if (tight) map.setView(bounds.getCenter(), Math.min(19, Math.max(16, map.getZoom() + 2)));
    else map.fitBounds(bounds, { ...this.view.free(), maxZoom: Math.max(16, map.getZoom() + 1) });
  }

  key(event) {
    const { view } = this;
    if (event.target !== view.host || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    this.reach = TOUCH_REACH;
    this.click(view.map.getSize().divideBy(2));
  }

  /** With the keyboard on the map, say what the crosshair in the middle stands on. */
  announce() {
    const { view } = this;
    if (document.activeElement !== view.host || !view.root.classList.contains("bm-keys")) return;
    const middle = view.map.getSize().divideBy(2);
    const item = this.pointAt(middle);
    const hit = item ? { layer: item.layer, feature: item.features[0] } : this.areaHit(middle);
    view.say(hit ? `${hit.layer.titleOf(hit.feature, view.formats)}, ${hit.layer.def.title}` : view.t("outside"));
  }
}
