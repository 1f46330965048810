// Marks of points and the hatching of areas. A mark is drawn once per shape, colour and size, then copied.

const TAU = Math.PI * 2;
const HALO = 2;

const sprites = new Map();

function polygon(context, radius, corners, turn, inner = 1) {
  const steps = inner === 1 ? corners : corners * 2;
  for (let i = 0; i < steps; i += 1) {
    const r = inner !== 1 && i % 2 ? radius * inner : radius;
    const angle = turn + (i / steps) * TAU;
    context[i ? "lineTo" : "moveTo"](r * Math.cos(angle), r * Math.sin(angle));
  }
  context.closePath();
}

function cross(context, r) {
  const arm = r * 0.36;
  const points = [[-arm, -r], [arm, -r], [arm, -arm], [r, -arm], [r, arm], [arm, arm], [arm, r], [-arm, r], [-arm, arm], [-r, arm], [-r, -arm], [-arm, -arm]];
  points.forEach(([x, y], i) => context[i ? "lineTo" : "moveTo"](x, y));
  context.closePath();
}

/** Trace a mark around (0, 0). Radii differ a little so that all shapes look equally large. */
export function traceShape(context, shape, radius) {
  context.beginPath();
  const up = -Math.PI / 2;
  if (shape === "square") context.rect(-radius * 0.88, -radius * 0.88, radius * 1.76, radius * 1.76);
  else if (shape === "triangle") polygon(context, radius * 1.2, 3, up);
  else if (shape === "diamond") polygon(context, radius * 1.2, 4, up);
  else if (shape === "cross") cross(context, radius * 1.12);
  else if (shape === "star") polygon(context, radius * 1.3, 5, up, 0.48);
  else if (shape === "hexagon") polygon(context, radius * 1.08, 6, up);
  else context.arc(0, 0, radius, 0, TAU);
}

function drawMark(context, shape, colour, style, radius) {
  const ring = shape === "ring";
  const width = ring ? Math.max(2, style.stroke_width) : style.stroke_width;
  context.lineJoin = "round";
  traceShape(context, shape, radius);
  context.lineWidth = 2 * HALO + width;
  context.strokeStyle = "#fff";
  context.stroke();
  context.globalAlpha = style.fill_opacity || 1;
  context.fillStyle = ring ? "#fff" : colour;
  context.fill();
  context.globalAlpha = 1;
  context.lineWidth = width;
  context.setLineDash(dashOf(style).map((length) => (length * radius) / style.radius));
  context.strokeStyle = ring ? colour : style.stroke;
  context.stroke();
}

/** The declared dash as numbers. */
export function dashOf(style) {
  return style.dash ? style.dash.split(/[ ,]+/).map(Number) : [];
}

/** A canvas with the mark in its middle and its size in CSS pixels; `style` is the layer's. */
export function sprite(shape, colour, style, radius, ratio) {
  const key = [shape, colour, style.stroke, style.stroke_width, style.fill_opacity, style.dash, radius, ratio].join("|");
  let found = sprites.get(key);
  if (!found) {
    const size = Math.ceil(radius * 2.8 + 2 * HALO + style.stroke_width + 3);
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = size * ratio;
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    context.translate(size / 2, size / 2);
    drawMark(context, shape, colour, style, radius);
    found = { canvas, size };
    sprites.set(key, found);
  }
  return found;
}

/** Draw the disc of a cluster with its number. Answers the radius. */
export function drawCluster(context, x, y, text, count, colour, scale) {
  const radius = (11 + Math.min(13, Math.log10(Math.max(1, count)) * 5)) * scale;
  context.beginPath();
  context.arc(x, y, radius, 0, TAU);
  context.fillStyle = "#fff";
  context.fill();
  context.lineWidth = 3 * scale;
  context.strokeStyle = colour;
  context.stroke();
  context.fillStyle = "#1f2933";
  context.font = `600 ${Math.round(12 * scale)}px "Source Sans", "Source Sans Pro", system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(text, x, y + 0.5);
  return radius;
}

let hatchTile = null;

/** The hatching of a class that is uncertain, for `fillStyle`. */
export function hatch(context) {
  if (!hatchTile) {
    hatchTile = document.createElement("canvas");
    hatchTile.width = hatchTile.height = 8;
    const tile = hatchTile.getContext("2d");
    tile.strokeStyle = "rgba(31,41,51,0.55)";
    tile.lineWidth = 1.3;
    tile.beginPath();
    for (const shift of [-8, 0, 8]) {
      tile.moveTo(shift - 1, 9);
      tile.lineTo(shift + 9, -1);
    }
    tile.stroke();
  }
  return context.createPattern(hatchTile, "repeat");
}

/** A small canvas with a mark or a patch of colour, for legends. */
export function legendMark(entry, { isPolygon, style, fillOpacity }) {
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  const canvas = document.createElement("canvas");
  const [width, height] = [22, 18];
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  canvas.className = "bm-legend-mark";
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  if (isPolygon) {
    context.globalAlpha = fillOpacity;
    context.fillStyle = entry.colour;
    context.fillRect(1, 2, width - 2, height - 4);
    context.globalAlpha = 1;
    if (entry.hatched) {
      context.fillStyle = hatch(context);
      context.fillRect(1, 2, width - 2, height - 4);
    }
    context.strokeStyle = style.stroke;
    context.strokeRect(1.5, 2.5, width - 3, height - 5);
  } else {
    const mark = sprite(entry.shape || "circle", entry.colour, style, 6, ratio);
    context.drawImage(mark.canvas, (width - mark.size) / 2, (height - mark.size) / 2, mark.size, mark.size);
  }
  return canvas;
}
