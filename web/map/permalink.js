// The view in the address: #map=12/50.0755/14.4378&layers=city_parts,concentration&concentration.measure=share
// Only history.replaceState is used, so that Streamlit's own navigation and ?lang= stay alone.

const KEPT = "bm-view";
const ID = /^[a-z][a-z0-9_]*$/;

/**
 * Read a hash. Unknown and broken parts are left out.
 * Answers `{center: [lat, lon] | null, zoom, layers: [ids] | null, options: {layer: {option: value}}, opacity: {layer: 0..1}, order}`.
 */
export function parseHash(hash) {
  const query = new URLSearchParams(String(hash).replace(/^#/, ""));
  const view = { center: null, zoom: null, layers: null, options: {}, opacity: {}, order: null };
  const [zoom, lat, lon] = (query.get("map") ?? "").split("/").map(Number);
  if (Number.isFinite(zoom) && Math.abs(lat) <= 85 && Math.abs(lon) <= 180) {
    view.center = [lat, lon];
    view.zoom = Math.min(19, Math.max(8, zoom));
  }
  for (const key of ["layers", "order"]) if (query.has(key)) view[key] = query.get(key).split(",").filter((id) => ID.test(id));
  for (const [key, value] of query) {
    const [layer, option, rest] = key.split(".");
    if (rest !== undefined || !option || !ID.test(layer)) continue;
    if (option === "opacity") view.opacity[layer] = Math.min(1, Math.max(0, Number(value) || 0));
    else (view.options[layer] ??= {})[option] = value;
  }
  return view;
}

/** Write a view as a hash with the `#`; commas and slashes stay readable. */
export function formatHash({ center, zoom, layers, options = {}, opacity = {}, order }) {
  const parts = [];
  if (center) parts.push(`map=${Math.round(zoom * 100) / 100}/${center[0].toFixed(5)}/${center[1].toFixed(5)}`);
  if (layers) parts.push(`layers=${layers.join(",")}`);
  if (order) parts.push(`order=${order.join(",")}`);
  for (const [layer, chosen] of Object.entries(options)) {
    for (const [option, value] of Object.entries(chosen)) {
      parts.push(`${layer}.${encodeURIComponent(option)}=${encodeURIComponent(value).replaceAll("%2C", ",")}`);
    }
  }
  for (const [layer, value] of Object.entries(opacity)) if (value < 1) parts.push(`${layer}.opacity=${value}`);
  return `#${parts.join("&")}`;
}

/** The hash to start with: that of the address, else the last view of this tab. */
export function startHash() {
  if (/(^#|&)(map|layers)=/.test(location.hash)) return location.hash;
  try {
    return sessionStorage.getItem(KEPT) ?? "";
  } catch {
    return "";
  }
}

/** Put the hash into the address without a step in the history. */
export function writeHash(hash) {
  if (location.hash !== hash) history.replaceState(history.state, "", hash);
  try {
    sessionStorage.setItem(KEPT, hash);
  } catch {
    // Storage is off: the address still has the view.
  }
}
