// Draws all layers on one canvas, and the marks of the moment (hover, choice, my position) on a second one above it.
// Both extend Leaflet's L.Renderer, which keeps a canvas in step with panning and zoom animations.

import { clusterPoints, weight } from "./cluster.js";
import { ORIGIN, traceRing } from "./geometry.js";
import { placeLabels } from "./labels.js";
import { dashOf, drawCluster, hatch, sprite, traceShape } from "./shapes.js";

const ACCENT = "#0b6b6b";
const CLUSTER_COLOUR = "#44505c";

/** A canvas renderer that calls `draw(frame)`; `frame` = {context, zoom, scale, ratio, dx, dy, size, toX, toY}. */
export function canvasLayer(L, draw, { className, padding = 0.25 }) {
  const CanvasLayer = L.Renderer.extend({
    _initContainer() {
      this._container = document.createElement("canvas");
      this._container.className = `bm-canvas ${className}`;
      this._container.setAttribute("aria-hidden", "true");
    },
    _destroyContainer() {
      cancelAnimationFrame(this.request);
      this._container.remove();
      this._container = null;
    },
    _updatePaths() {},
    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize();
      const ratio = Math.min(2, window.devicePixelRatio || 1);
      const canvas = this._container;
      L.DomUtil.setPosition(canvas, this._bounds.min);
      canvas.width = Math.round(size.x * ratio);
      canvas.height = Math.round(size.y * ratio);
      canvas.style.width = `${size.x}px`;
      canvas.style.height = `${size.y}px`;
      this.redraw();
    },
    redraw() {
      const canvas = this._container;
      if (!canvas || !this._bounds || (this._map._animatingZoom && this._drawn)) return;
      const ratio = Math.min(2, window.devicePixelRatio || 1);
      const context = canvas.getContext("2d");
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, canvas.width, canvas.height);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      const zoom = this._map.getZoom();
      const scale = 2 ** zoom;
      const corner = this._map.getPixelOrigin().add(this._bounds.min);
      const frame = { context, zoom, scale, ratio, size: this._bounds.getSize() };
      frame.dx = ORIGIN.x * scale - corner.x;
      frame.dy = ORIGIN.y * scale - corner.y;
      frame.toX = (x) => x * scale - corner.x;
      frame.toY = (y) => y * scale - corner.y;
      this.corner = corner;
      this._drawn = true;
      draw(frame);
    },
    schedule() {
      cancelAnimationFrame(this.request);
      this.request = requestAnimationFrame(() => this.redraw());
    },
  });
  return new CanvasLayer({ padding });
}

/** Draws the layers and remembers where the points came to lie, for the hit test. */
export class Painter {
  /** `model()` answers `{layers, streets, magnify}`; `onPaint` is called after each drawing. */
  constructor(L, { model, formats, onPaint }) {
    this.model = model;
    this.formats = formats;
    this.onPaint = onPaint;
    this.items = [];
    this.counts = {};
    this.canvas = canvasLayer(L, (frame) => this.draw(frame), { className: "bm-canvas-layers" });
  }

  draw(frame) {
    const { layers, streets, magnify } = this.model();
    this.items = [];
    this.counts = {};
    for (const layer of layers) {
      this.counts[layer.id] = 0;
      if (layer.isPolygon) this.drawAreas(frame, layer);
    }
    if (streets) drawStreets(frame, streets, magnify);
    for (const layer of layers) if (layer.isPoint && frame.zoom >= layer.def.style.min_zoom) this.drawPoints(frame, layer, magnify);
    const labels = layers.filter((layer) => layer.def.geometry === "label" && frame.zoom >= layer.def.style.min_zoom);
    for (const [id, count] of placeLabels(frame, labels, magnify, this.items)) this.counts[id] = count;
    frame.context.globalAlpha = 1;
    this.onPaint(layers);
  }

  drawAreas(frame, layer) {
    const { context, zoom, dx, dy } = frame;
    const { style } = layer.def;
    const pattern = hatch(context);
    context.save();
    context.translate(dx, dy);
    context.lineJoin = "round";
    context.setLineDash(dashOf(style));
    for (const feature of layer.data.features) {
      if (!feature.area || !inView(frame, feature.area.box)) continue;
      const path = feature.area.path(zoom);
      const entry = layer.entryOf(feature);
      const opacity = layer.opacity * style.fill_opacity;
      if (opacity > 0) {
        context.globalAlpha = opacity;
        context.fillStyle = entry?.colour ?? style.fill;
        context.fill(path, "evenodd");
      }
      if (entry?.hatched) {
        context.globalAlpha = layer.opacity;
        context.fillStyle = pattern;
        context.fill(path, "evenodd");
      }
      if (style.stroke_width > 0) {
        context.globalAlpha = layer.opacity;
        context.strokeStyle = style.stroke;
        context.lineWidth = style.stroke_width;
        context.stroke(path);
      }
      this.counts[layer.id] += 1;
    }
    context.restore();
  }

  drawPoints(frame, layer, magnify) {
    const { context, ratio, zoom } = frame;
    const { style } = layer.def;
    // Seen from far away the marks shrink, or the city would lie under them.
    const radius = Math.round(10 * style.radius * magnify * (zoom < 10.5 ? 0.65 : zoom < 12 ? 0.85 : 1)) / 10;
    context.globalAlpha = layer.opacity;
    for (const item of this.pointItems(layer, zoom)) {
      const x = frame.toX(item.x);
      const y = frame.toY(item.y);
      if (x < -40 || y < -40 || x > frame.size.x + 40 || y > frame.size.y + 40) continue;
      const count = item.features.reduce((sum, feature) => sum + weight(feature), 0);
      // An area by itself is a ring, however many places it stands for.
      const grouped = item.features.length > 1 || item.features[0].cluster > 0;
      const least = item.features.some((feature) => feature.least);
      const drawn = { layer, x, y, count, grouped, least, features: item.features };
      if (grouped) {
        drawn.radius = drawCluster(context, x, y, `${this.formats.number(count)}${least ? "+" : ""}`, count, CLUSTER_COLOUR, magnify);
      } else {
        const entry = layer.entryOf(item.features[0]);
        const mark = sprite(entry?.shape ?? "circle", entry?.colour ?? style.fill, style, radius, ratio);
        context.drawImage(mark.canvas, x - mark.size / 2, y - mark.size / 2, mark.size, mark.size);
        drawn.radius = radius;
      }
      this.counts[layer.id] += item.features.length;
      this.items.push(drawn);
    }
  }

  /** The points of a layer at a zoom, grouped where the layer says so; kept until data or zoom change. */
  pointItems(layer, zoom) {
    const { data } = layer;
    if (data.items?.zoom === zoom) return data.items.list;
    const placed = data.features.filter((feature) => feature.x !== undefined);
    const list = layer.def.clustered ? clusterPoints(placed, zoom) : placed.map((f) => ({ x: f.x, y: f.y, features: [f] }));
    data.items = { zoom, list };
    return data.items.list;
  }

  /** Where in the canvas a feature of a point layer was drawn, alone or in a group. */
  itemOf(layer, feature) {
    return this.items.find((item) => item.layer === layer && item.features.includes(feature)) ?? null;
  }
}

function inView(frame, box) {
  return frame.toX(box[2]) >= 0 && frame.toY(box[3]) >= 0 && frame.toX(box[0]) <= frame.size.x && frame.toY(box[1]) <= frame.size.y;
}

function drawStreets(frame, streets, magnify) {
  const { context, scale, zoom } = frame;
  context.save();
  context.translate(frame.dx, frame.dy);
  context.lineJoin = context.lineCap = "round";
  for (const [colour, width] of [["#9aa3ab", zoom >= 15 ? 6 : 2.4], ["#ffffff", zoom >= 15 ? 4.4 : 1.4]]) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    for (const street of streets) for (const line of street.lines) traceRing(context, line, scale, false);
    context.stroke();
  }
  context.restore();
  if (zoom >= 15) nameStreets(frame, streets, magnify);
}

function nameStreets(frame, streets, magnify) {
  const { context } = frame;
  const named = new Set();
  context.font = `500 ${11 * magnify}px "Source Sans", "Source Sans Pro", system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const { name, lines } of streets) {
    if (!name || named.has(name)) continue;
    for (const line of lines) {
      const middle = Math.max(0, 2 * Math.floor(line.length / 4) - 2);
      const [x1, y1, x2, y2] = [frame.toX(line[middle]), frame.toY(line[middle + 1]), frame.toX(line[middle + 2]), frame.toY(line[middle + 3])];
      if (!(x1 > 0 && y1 > 0 && x1 < frame.size.x && y1 < frame.size.y)) continue;
      let angle = Math.atan2(y2 - y1, x2 - x1);
      if (Math.abs(angle) > Math.PI / 2) angle += Math.PI;
      named.add(name);
      context.save();
      context.translate((x1 + x2) / 2, (y1 + y2) / 2);
      context.rotate(angle);
      context.lineWidth = 3;
      context.strokeStyle = "#fff";
      context.strokeText(name, 0, 0);
      context.fillStyle = "#3c4650";
      context.fillText(name, 0, 0);
      context.restore();
      break;
    }
  }
}

/** Draws what is pointed at and what is chosen. `marks()` answers a list of marks (see view.js). */
export class Highlighter {
  constructor(L, marks) {
    this.canvas = canvasLayer(L, (frame) => marks().forEach((mark) => drawMark(frame, mark)), { className: "bm-canvas-marks" });
  }
}

function drawMark(frame, mark) {
  const { context, zoom } = frame;
  context.save();
  context.lineJoin = "round";
  if (mark.area) {
    context.translate(frame.dx, frame.dy);
    const path = mark.area.path(zoom);
    context.lineWidth = mark.strong ? 6 : 4;
    context.strokeStyle = "rgba(255,255,255,0.9)";
    context.stroke(path);
    context.lineWidth = mark.strong ? 3 : 2;
    context.strokeStyle = ACCENT;
    context.stroke(path);
  } else if (mark.accuracy !== undefined) {
    drawPosition(frame, mark);
  } else {
    const x = frame.toX(mark.x);
    const y = frame.toY(mark.y);
    context.translate(x, y);
    traceShape(context, "circle", (mark.radius ?? 6) + (mark.strong ? 6 : 4));
    context.lineWidth = 5;
    context.strokeStyle = "#fff";
    context.stroke();
    context.lineWidth = mark.strong ? 3 : 2;
    context.strokeStyle = ACCENT;
    context.stroke();
  }
  context.restore();
}

function drawPosition(frame, mark) {
  const { context } = frame;
  // One metre in world units grows with the latitude; at Prague 1 / cos(50°).
  const metre = 256 / 40_075_016.7 / Math.cos((mark.lat * Math.PI) / 180);
  context.translate(frame.toX(mark.x), frame.toY(mark.y));
  context.beginPath();
  context.arc(0, 0, mark.accuracy * metre * frame.scale, 0, Math.PI * 2);
  context.fillStyle = "rgba(11,107,107,0.12)";
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = "rgba(11,107,107,0.6)";
  context.stroke();
  traceShape(context, "circle", 7);
  context.fillStyle = ACCENT;
  context.fill();
  context.lineWidth = 3;
  context.strokeStyle = "#fff";
  context.stroke();
}
