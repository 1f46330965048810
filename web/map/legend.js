// A layer's legend and the grey line that says over what, whose and of when.

import { el } from "../common/dom.js";
import { legendMark } from "./shapes.js";

/** The classes of a layer with their marks, or null where it has none. */
export function legendList(layer) {
  const entries = layer.legend;
  if (!entries.length || layer.def.geometry === "label") return null;
  const { style } = layer.def;
  const look = { isPolygon: layer.isPolygon, style, fillOpacity: style.fill_opacity * layer.opacity };
  return el(
    "ul",
    { class: "bm-legend" },
    entries.map((entry) => el("li", {}, legendMark(entry, look), el("span", {}, entry.label))),
  );
}

/** The grey line: the answer's note, else the declared source. */
export function noteText(layer) {
  return layer.data?.note || layer.def.source || "";
}

/** The publishers of what is shown, each once. */
export function sourceLine(layers) {
  const names = layers.flatMap((layer) => (layer.data?.source ? [layer.data.source.publisher] : layer.def.sources.map((source) => source.publisher)));
  return [...new Set(names)].join("; ");
}
