// Names on the map: larger ones first, none over another, with a white halo that keeps them readable on any colour.

const FONT = '"Source Sans", "Source Sans Pro", system-ui, sans-serif';
// Where a name may stand when its place is taken, in heights of the text from its point.
const SHIFTS = [0, -1.3, 1.3, -2.2, 2.2];
const widths = new Map();

/**
 * Place and draw the label layers (topmost first), clear of the marks in `items`.
 * Answers pairs of layer id and number of labels drawn.
 */
export function placeLabels(frame, layers, magnify, items) {
  const taken = items.map(({ x, y, radius }) => [x - radius, y - radius, x + radius, y + radius]);
  return [...layers].reverse().map((layer) => {
    let count = 0;
    for (const feature of byImportance(layer)) if (placeLabel(frame, layer, feature, taken, magnify)) count += 1;
    return [layer.id, count];
  });
}

/** Features that show from far away come first, so that a city part wins over a cadastral area of its own name. */
function byImportance(layer) {
  layer.data.sorted ??= [...layer.data.features].sort((a, b) => (a.props.min_zoom ?? 0) - (b.props.min_zoom ?? 0));
  return layer.data.sorted;
}

function placeLabel(frame, layer, feature, taken, magnify) {
  const { context } = frame;
  const from = feature.props.min_zoom ?? 0;
  const text = feature.props[layer.def.style.label_column];
  if (!text || frame.zoom < from || feature.x === undefined) return false;
  const x = frame.toX(feature.x);
  const point = frame.toY(feature.y);
  if (x < 0 || point < 0 || x > frame.size.x || point > frame.size.y) return false;
  const entry = layer.entryOf(feature);
  const size = Math.round((from <= 11 ? 13 : 12) * magnify);
  const weight = from <= 11 ? 600 : 500;
  context.font = `${weight} ${size}px ${FONT}`;
  const width = measure(context, text);
  const boxAt = (y) => [x - width / 2 - 3, y - size * 0.7, x + width / 2 + 3, y + size * 0.7];
  const y = SHIFTS.map((shift) => point + shift * size).find((at) => !overlaps(boxAt(at), taken));
  if (y === undefined) return false;
  taken.push(boxAt(y));
  context.globalAlpha = layer.opacity;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3.5 * magnify;
  context.strokeStyle = "rgba(255,255,255,0.92)";
  context.strokeText(text, x, y);
  context.fillStyle = entry?.colour ?? layer.def.style.fill;
  context.fillText(text, x, y);
  return true;
}

function overlaps(box, taken) {
  return taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]);
}

function measure(context, text) {
  const key = `${context.font}|${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    width = context.measureText(text).width;
    widths.set(key, width);
  }
  return width;
}
