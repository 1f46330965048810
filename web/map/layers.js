// The layers: what the server declares, what is switched on and how, and the features that were fetched.

import { readGeometry } from "./geometry.js";

const KIND_ORDER = { polygon: 0, point: 1, label: 2 };
const PUBLIC_ROLE = "viewer";
export const GROUND = "city_parts";

/** One layer: its declaration `def` and what the reader made of it. */
export class LayerState {
  constructor(def, rank) {
    this.def = def;
    this.id = def.id;
    this.rank = rank;
    this.visible = false;
    this.opacity = 1;
    this.options = Object.fromEntries(def.options.map((option) => [option.id, option.default]));
    this.data = null;
    this.status = "idle";
    this.error = null;
    this.stale = false;
    this.controller = null;
  }

  get isPolygon() {
    return this.def.geometry === "polygon";
  }

  get isPoint() {
    return this.def.geometry === "point";
  }

  get needsToken() {
    return this.def.role !== PUBLIC_ROLE;
  }

  get fields() {
    return this.data?.fields ?? this.def.fields;
  }

  get legend() {
    return this.data?.legend ?? this.def.legend;
  }

  /** The options that differ from the declared ones: what an address has to carry. */
  get changedOptions() {
    const changed = this.def.options.filter((option) => this.options[option.id] !== option.default);
    return Object.fromEntries(changed.map((option) => [option.id, this.options[option.id]]));
  }

  /** Take option values from an address; values that the layer does not offer are left out. */
  setOptions(values) {
    for (const option of this.def.options) {
      const wanted = values?.[option.id];
      if (wanted === undefined) this.options[option.id] = option.default;
      else {
        const offered = new Set(option.choices.map((choice) => choice.value));
        const kept = (option.multiple ? wanted.split(",") : [wanted]).filter((value) => offered.has(value));
        this.options[option.id] = kept.length || option.multiple ? kept.join(",") : option.default;
      }
    }
  }

  /** The legend entry of a feature's class. */
  entryOf(feature) {
    return this.data.legendBy.get(feature.cls) ?? null;
  }

  /** What a feature is called: its `name`, else the first field that has something to say. */
  titleOf(feature, formats) {
    const { props } = feature;
    const label = this.def.style.label_column;
    const given = props.name ?? props.title ?? (label ? props[label] : null);
    if (given) return String(given);
    for (const field of this.fields) {
      const text = formats.value(field, props[field.column]);
      if (text !== null) return text;
    }
    return this.def.title;
  }
}

export class LayerStore {
  /** `onChange(layer, what)` hears "data", "status"; `view()` answers `{bbox, zoom}` of the map. */
  constructor({ api, answer, onChange, view }) {
    this.api = api;
    this.onChange = onChange;
    this.view = view;
    this.groups = answer.groups;
    this.layers = answer.layers.map((def, rank) => new LayerState(def, rank));
    this.byId = new Map(this.layers.map((layer) => [layer.id, layer]));
  }

  get(id) {
    return this.byId.get(id);
  }

  get visible() {
    return this.layers.filter((layer) => layer.visible);
  }

  /** Visible layers with data from the lowest to the topmost: areas, points, labels, each by rank. */
  drawn() {
    return this.visible
      .filter((layer) => layer.data)
      .sort((a, b) => KIND_ORDER[a.def.geometry] - KIND_ORDER[b.def.geometry] || a.rank - b.rank);
  }

  /** Take what an address says; without `layers` the declared ones are shown. */
  apply(view) {
    for (const layer of this.layers) {
      layer.visible = view.layers ? view.layers.includes(layer.id) : layer.def.shown_by_default;
      layer.setOptions(view.options[layer.id]);
      layer.opacity = view.opacity[layer.id] ?? 1;
    }
    const order = (view.order ?? []).filter((id) => this.byId.has(id));
    const rest = this.layers.filter((layer) => !order.includes(layer.id)).map((layer) => layer.id);
    this.reordered = order.length > 0;
    const ids = this.reordered ? [...rest, ...order] : this.layers.map((layer) => layer.id);
    ids.forEach((id, rank) => {
      this.byId.get(id).rank = rank;
    });
  }

  /** Show what a page asks for (`data.shows`): these layers and no others, with options that need not be offered. */
  show({ layers, options = {} }) {
    this.apply({ layers, options, opacity: {} });
    for (const [id, values] of Object.entries(options)) Object.assign(this.get(id)?.options ?? {}, values);
  }

  /** The part of the address that speaks of layers. */
  describe() {
    const byRank = [...this.layers].sort((a, b) => a.rank - b.rank);
    return {
      layers: byRank.filter((layer) => layer.visible).map((layer) => layer.id),
      order: this.reordered ? byRank.map((layer) => layer.id) : null,
      options: Object.fromEntries(this.layers.map((layer) => [layer.id, layer.changedOptions]).filter(([, chosen]) => Object.keys(chosen).length)),
      opacity: Object.fromEntries(this.layers.filter((layer) => layer.opacity < 1).map((layer) => [layer.id, layer.opacity])),
    };
  }

  /** Draw `layer` one step higher (1) or lower (-1) among the visible layers of its kind. False where it is at the end. */
  move(layer, step) {
    const same = this.visible.filter((other) => other.def.geometry === layer.def.geometry).sort((a, b) => a.rank - b.rank);
    const other = same[same.indexOf(layer) + step];
    if (!other) return false;
    [layer.rank, other.rank] = [other.rank, layer.rank];
    this.reordered = true;
    return true;
  }

  /** Fetch what the visible layers lack for the view as it is now. */
  async refresh() {
    await Promise.all(this.visible.map((layer) => this.load(layer)));
  }

  /** The store has changed: internal layers and those that follow the view are fetched again, the others stay. */
  async dataChanged() {
    for (const layer of this.layers) if (layer.needsToken || layer.def.depends_on_view) layer.stale = true;
    await this.refresh();
  }

  /** Make sure the layer's features are there; resolves also when that failed (see `status`). */
  async load(layer) {
    const { zoom, bbox } = this.view();
    if (zoom < layer.def.style.min_zoom && layer.visible) return;
    const key = JSON.stringify(layer.options);
    if (layer.data && !layer.stale && layer.data.key === key && this.covers(layer, bbox, zoom)) return;
    if (layer.pending && layer.pending.key === key && !layer.stale && !layer.def.depends_on_view) {
      await layer.pending.promise;
      return;
    }
    layer.controller?.abort();
    layer.controller = new AbortController();
    layer.stale = false;
    const promise = this.fetchLayer(layer, key, layer.controller.signal);
    layer.pending = { key, promise };
    await promise;
  }

  async fetchLayer(layer, key, signal) {
    const { id, def } = layer;
    this.setStatus(layer, "loading");
    try {
      const params = { ...layer.options };
      const loaded = this.view();
      if (def.depends_on_view) {
        params.bbox = loaded.padded.map((value) => value.toFixed(4)).join(",");
        params.zoom = Math.round(loaded.zoom);
      }
      const source = def.geometry_from ? this.get(def.geometry_from) : null;
      if (source) params.geometry = "none";
      const [answer] = await Promise.all([
        this.api.json(`/layers/${id}`, { params, auth: layer.needsToken, signal }),
        source ? this.load(source) : null,
      ]);
      if (signal.aborted) return;
      if (source && !source.data) throw source.error ?? new Error(`${source.id} did not load`);
      layer.data = readAnswer(answer, def, source?.data);
      Object.assign(layer.data, { key, bbox: loaded.padded, zoom: Math.round(loaded.zoom) });
      layer.error = null;
      this.setStatus(layer, "ready");
      this.onChange(layer, "data");
    } catch (error) {
      if (signal.aborted) return;
      layer.error = error;
      this.setStatus(layer, error.status === 403 ? "forbidden" : "error");
    } finally {
      if (layer.pending?.key === key && !signal.aborted) layer.pending = null;
    }
  }

  setStatus(layer, status) {
    layer.status = status;
    this.onChange(layer, "status");
  }

  /** Whether what is loaded answers this view. Points that came one by one also answer any closer view inside it. */
  covers(layer, bbox, zoom) {
    if (!layer.def.depends_on_view) return true;
    const { data } = layer;
    const inside = data.bbox[0] <= bbox[0] && data.bbox[1] <= bbox[1] && data.bbox[2] >= bbox[2] && data.bbox[3] >= bbox[3];
    const sameZoom = data.zoom === Math.round(zoom);
    return inside && (sameZoom || (layer.isPoint && data.whole && zoom > data.zoom));
  }

  /** How many features each visible layer has. */
  counts() {
    return Object.fromEntries(this.visible.filter((layer) => layer.data).map((layer) => [layer.id, layer.data.features.length]));
  }

  abort() {
    for (const layer of this.layers) layer.controller?.abort();
  }
}

function readAnswer(answer, def, geometrySource) {
  const features = answer.features.map((raw, index) => {
    const id = String(raw.id ?? index);
    const props = raw.properties ?? {};
    const feature = { id, props, cls: props.class ?? null, cluster: props.cluster ?? 0, standsFor: props.stands_for ?? 1, least: props.is_least ?? false };
    if (geometrySource) feature.area = geometrySource.byId.get(id)?.area;
    else Object.assign(feature, readGeometry(raw.geometry));
    return feature;
  });
  return {
    features,
    byId: new Map(features.map((feature) => [feature.id, feature])),
    legend: answer.legend ?? null,
    legendBy: new Map((answer.legend ?? def.legend).map((entry) => [entry.value, entry])),
    note: answer.note ?? null,
    source: answer.source ?? null,
    fields: answer.fields ?? null,
    whole: !features.some((feature) => feature.cluster > 0),
  };
}
