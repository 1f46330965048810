/* Draws a view of the map inside one HTML file. Constant: all data come from the JSON in #view-data.
   Every text becomes a text node; nothing here builds HTML from a string. */
"use strict";

const BilaMista = (() => {
  const SVG = "http://www.w3.org/2000/svg";
  const PHONE = "(max-width: 760px)";
  const SMALL_MARKS_BELOW = 10.5;
  const LABEL_GAP = 3;

  function element(tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  }

  function svgElement(tag, attributes) {
    const node = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  }

  function shapePath(outline, x, y, r) {
    if (!outline) return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
    return "M" + outline.map(([dx, dy]) => `${(x + dx * r).toFixed(2)} ${(y + dy * r).toFixed(2)}`).join("L") + "Z";
  }

  /* A point is a circle marker whose outline is one of the legend's shapes. */
  const ShapeMarker = L.CircleMarker.extend({
    _updatePath() {
      const { x, y } = this._point;
      this._renderer._setPath(this, this._empty() ? "M0 0" : shapePath(this.options.outline, x, y, this._radius));
    },
  });

  function entryOf(layer, feature) {
    return layer.legend[feature.properties.entry] || null;
  }

  function hatchId(layer, index) {
    return `hatch-${layer.index}-${index}`;
  }

  function addHatches(view) {
    const holder = svgElement("svg", { width: 0, height: 0, "aria-hidden": "true", class: "patterns" });
    for (const layer of view.layers) {
      layer.legend.forEach((entry, index) => {
        if (!entry.hatch) return;
        const pattern = svgElement("pattern", {
          id: hatchId(layer, index), width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)",
        });
        pattern.append(
          svgElement("rect", { width: 7, height: 7, fill: entry.colour }),
          svgElement("line", { x1: 0, y1: 0, x2: 0, y2: 7, stroke: entry.hatch, "stroke-width": 3 }),
        );
        holder.append(pattern);
      });
    }
    document.body.append(holder);
  }

  function fillOf(layer, entry, index) {
    if (!entry) return layer.style.fill;
    return entry.hatch ? `url(#${hatchId(layer, index)})` : entry.colour;
  }

  function pathStyle(layer, feature) {
    const { style } = layer;
    const index = feature.properties.entry;
    const entry = entryOf(layer, feature);
    return {
      color: style.stroke, weight: style.stroke_width, dashArray: style.dash || null,
      fillColor: fillOf(layer, entry, index), fillOpacity: style.fill_opacity, fill: true,
    };
  }

  function pointStyle(view, layer, feature) {
    const entry = entryOf(layer, feature);
    const base = pathStyle(layer, feature);
    const ring = entry && entry.shape === "ring";
    const many = feature.properties.cluster > 1;
    return {
      ...base,
      color: ring ? entry.colour : base.color,
      weight: ring ? Math.max(2, base.weight) : base.weight,
      fillColor: ring ? "#ffffff" : base.fillColor,
      fillOpacity: layer.style.fill_opacity || 1,
      radius: layer.style.radius + (many ? Math.min(14, 3 * Math.log2(feature.properties.cluster)) : 0),
      outline: many || !entry ? null : view.shapes[entry.shape] || null,
    };
  }

  function rows(layer, feature, onlyTooltip) {
    const shown = [];
    layer.fields.forEach((field, i) => {
      const value = feature.properties.values[i];
      if (value && (!onlyTooltip || field.tooltip) && value !== feature.properties.title) {
        shown.push([field.label, value, feature.properties.links[i]]);
      }
    });
    return shown;
  }

  function card(layer, feature, onlyTooltip) {
    const node = element("div", "card");
    node.append(element("strong", "user-text", feature.properties.title));
    const list = element("dl");
    for (const [label, value, link] of rows(layer, feature, onlyTooltip)) {
      const cell = element("dd", "user-text", link ? undefined : value);
      if (link) {
        const anchor = element("a", "", value);
        anchor.href = link;
        anchor.rel = "noopener noreferrer";
        anchor.target = "_blank";
        cell.append(anchor);
      }
      list.append(element("dt", "user-text", label), cell);
    }
    if (list.children.length) node.append(list);
    node.append(element("p", "card-layer user-text", layer.title));
    return node;
  }

  function labelMarker(view, layer, feature, latlng, pane) {
    const text = element("span", "map-label user-text", feature.properties.label);
    const icon = L.divIcon({ html: text, className: "map-label-box", iconSize: null });
    const marker = L.marker(latlng, { icon, pane, interactive: false, keyboard: false });
    marker.labelNode = text;
    marker.minZoom = feature.properties.min_zoom;
    return marker;
  }

  function countMarker(view, feature, latlng, pane) {
    const text = element("span", "cluster-count", feature.properties.cluster_text);
    const icon = L.divIcon({ html: text, className: "map-label-box", iconSize: null });
    return L.marker(latlng, { icon, pane, interactive: false, keyboard: false });
  }

  function drawLayer(view, layer, map) {
    const pane = `layer-${layer.index}`;
    map.createPane(pane).style.zIndex = 400 + layer.index;
    const textPane = `text-${layer.index}`;
    map.createPane(textPane).style.zIndex = 600 + layer.index;
    map.getPane(textPane).classList.add("texts");
    const renderer = L.svg({ pane, padding: 0.5 });
    const group = L.layerGroup();
    const labels = [];
    const marks = [];
    const found = new Map();
    const drawn = L.geoJSON({ type: "FeatureCollection", features: layer.features.filter((f) => f.geometry) }, {
      pane,
      // The option would also overwrite what each point was given.
      ...(layer.geometry === "polygon" && { style: (feature) => ({ ...pathStyle(layer, feature), renderer }) }),
      pointToLayer: (feature, latlng) => {
        if (layer.geometry === "label") {
          const marker = labelMarker(view, layer, feature, latlng, textPane);
          labels.push(marker);
          return marker;
        }
        const mark = new ShapeMarker(latlng, { ...pointStyle(view, layer, feature), renderer, pane });
        mark.options.fullRadius = mark.options.radius;
        if (!(feature.properties.cluster > 1)) marks.push(mark);
        return mark;
      },
      onEachFeature: (feature, shape) => {
        found.set(feature.properties.row, shape);
        if (layer.geometry === "label") return;
        if (feature.properties.cluster > 1) group.addLayer(countMarker(view, feature, shape.getLatLng(), textPane));
        shape.bindTooltip(() => card(layer, feature, true), { sticky: true, className: "card-tooltip" });
        shape.bindPopup(() => card(layer, feature, false), { maxWidth: 300, minWidth: 200 });
        // A phone shows both at once on a tap; the detail says all that the tooltip does.
        shape.on("tooltipopen", () => shape.isPopupOpen() && shape.closeTooltip());
        shape.on("popupopen", () => shape.closeTooltip());
        shape.on("mouseover", () => shape.getElement()?.classList.add("hovered"));
        shape.on("mouseout", () => shape.getElement()?.classList.remove("hovered"));
      },
    });
    group.addLayer(drawn);
    return { layer, group, labels, marks, found, pane };
  }

  /* A whole town on a phone: marks shrink, so that the areas below them stay visible. */
  function scaleMarks(map, drawn) {
    const factor = map.getZoom() < SMALL_MARKS_BELOW ? 0.65 : 1;
    for (const { marks } of drawn) {
      for (const mark of marks) {
        const wanted = mark.options.fullRadius * factor;
        if (mark.getRadius() !== wanted) mark.setRadius(wanted);
      }
    }
  }

  /* Labels that would cover an earlier one are hidden; earlier rows win. */
  function placeLabels(map, drawn) {
    const counts = map.getContainer().querySelectorAll(".cluster-count");
    const taken = [...counts].map((node) => node.getBoundingClientRect());
    const zoom = map.getZoom();
    for (const { group, labels } of drawn) {
      if (!map.hasLayer(group)) continue;
      for (const marker of labels) {
        const node = marker.labelNode;
        node.style.visibility = "hidden";
        if (zoom < marker.minZoom) continue;
        const box = node.getBoundingClientRect();
        const free = taken.every((other) => box.right + LABEL_GAP < other.left || other.right + LABEL_GAP < box.left
          || box.bottom < other.top || other.bottom < box.top);
        if (!free) continue;
        node.style.visibility = "";
        taken.push(box);
      }
    }
  }

  function swatch(view, layer, entry, index) {
    const box = svgElement("svg", { width: 26, height: 20, viewBox: "0 0 26 20", "aria-hidden": "true", class: "swatch" });
    const { style } = layer;
    // White borders between areas would leave the lightest class without an edge on white.
    const edge = entry && layer.geometry === "polygon" ? "#9aa1a9" : style.stroke;
    const common = { stroke: edge, "stroke-width": Math.min(2, style.stroke_width), "stroke-dasharray": style.dash };
    if (layer.geometry === "point") {
      const ring = entry && entry.shape === "ring";
      box.append(svgElement("path", {
        ...common, d: shapePath(entry && view.shapes[entry.shape], 13, 10, 7),
        "fill-opacity": style.fill_opacity || 1,
        ...(ring ? { stroke: entry.colour, "stroke-width": 2.5, fill: "#ffffff" } : { fill: fillOf(layer, entry, index) }),
      }));
    } else if (layer.geometry === "polygon") {
      box.append(svgElement("rect", {
        ...common, x: 1.5, y: 3, width: 23, height: 14,
        fill: fillOf(layer, entry, index), "fill-opacity": style.fill_opacity,
      }));
    }
    return box;
  }

  function legendList(view, layer) {
    const list = element("ul", "legend");
    layer.legend.forEach((entry, index) => {
      const item = element("li");
      item.append(swatch(view, layer, entry, index), element("span", "user-text", entry.label));
      list.append(item);
    });
    return list;
  }

  function table(view, layer, show) {
    const details = element("details", "table");
    details.append(element("summary", "", `${view.words.as_table} (${layer.count_text})`));
    details.addEventListener("toggle", () => {
      if (!details.open || details.querySelector("table")) return;
      const scroller = element("div", "table-scroller");
      scroller.tabIndex = 0;
      const node = element("table");
      const head = node.createTHead().insertRow();
      const columns = layer.fields.map((_, i) => i).filter((i) => layer.features.some((f) => f.properties.values[i]));
      for (const i of columns) {
        const cell = element("th", "user-text", layer.fields[i].label);
        cell.scope = "col";
        head.append(cell);
      }
      const body = node.createTBody();
      layer.features.forEach((feature) => {
        const row = body.insertRow();
        columns.forEach((i, place) => {
          const cell = row.insertCell();
          cell.className = "user-text";
          if (place > 0 || !feature.geometry || layer.geometry === "label") {
            cell.textContent = feature.properties.values[i];
            return;
          }
          const button = element("button", "show user-text", feature.properties.values[i] || feature.properties.title);
          button.type = "button";
          button.title = view.words.show_on_map;
          button.addEventListener("click", () => show(feature.properties.row));
          cell.append(button);
        });
      });
      scroller.append(node);
      details.append(scroller);
    });
    return details;
  }

  /* Folded where the grey line says whose and of when; else they are that line. */
  function sourceLines(view, layer) {
    const box = element(layer.note ? "details" : "div", "sources");
    if (layer.note) box.append(element("summary", "", view.words.sources));
    for (const line of layer.sources) box.append(element("p", "grey source user-text", line));
    return box;
  }

  function layerSection(view, item, map, changed, panel) {
    const { layer, group, found } = item;
    const section = element("section", "layer");
    section.dataset.layer = layer.id;
    const label = element("label");
    const box = element("input");
    box.type = "checkbox";
    box.checked = true;
    label.append(box);
    if (!layer.legend.length && layer.geometry !== "label") label.append(swatch(view, layer, null, -1));
    label.append(element("span", "layer-title user-text", layer.title));
    section.append(label);
    const body = element("div", "layer-body");
    if (layer.choices) body.append(element("p", "choices user-text", layer.choices));
    body.append(legendList(view, layer));
    if (layer.note) body.append(element("p", "grey user-text", layer.note));
    if (!layer.features.length) body.append(element("p", "grey", view.words.empty));
    if (layer.without_position) body.append(element("p", "grey", `${view.words.no_position} ${layer.without_position}`));
    body.append(sourceLines(view, layer));
    if (layer.features.length && layer.fields.length) {
      body.append(table(view, layer, (row) => {
        const shape = found.get(row);
        if (!box.checked) box.click();
        panel.close();
        if (shape.getBounds) map.fitBounds(shape.getBounds(), { maxZoom: 15 });
        else map.setView(shape.getLatLng(), Math.max(map.getZoom(), 15));
        shape.openPopup(shape.getLatLng ? shape.getLatLng() : shape.getCenter());
      }));
    }
    section.append(body);
    box.addEventListener("change", () => {
      if (box.checked) map.addLayer(group);
      else map.removeLayer(group);
      body.hidden = !box.checked;
      changed();
    });
    return section;
  }

  /* Borders must not keep the pointer from the coloured areas below them: areas with a legend tell more. */
  function quietBorders(map, drawn) {
    const areas = drawn.filter(({ layer }) => layer.geometry === "polygon");
    const coloured = areas.some(({ layer, group }) => layer.legend.length && map.hasLayer(group));
    for (const { layer, pane } of areas) map.getPane(pane).classList.toggle("quiet", coloured && !layer.legend.length);
  }

  function makePanel(view, map) {
    const panel = document.getElementById("panel");
    const opener = document.getElementById("panel-opener");
    const closer = document.getElementById("panel-closer");
    const set = (open) => {
      panel.classList.toggle("open", open);
      opener.setAttribute("aria-expanded", String(open));
      map.invalidateSize();
    };
    opener.addEventListener("click", () => {
      set(!panel.classList.contains("open"));
      if (panel.classList.contains("open")) closer.focus();
    });
    closer.addEventListener("click", () => { set(false); opener.focus(); });
    panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && window.matchMedia(PHONE).matches) { set(false); opener.focus(); }
    });
    return { close: () => window.matchMedia(PHONE).matches && set(false) };
  }

  function addControls(view, map, bounds) {
    L.control.zoom({ zoomInTitle: view.words.zoom_in, zoomOutTitle: view.words.zoom_out }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    const control = L.control({ position: "topleft" });
    control.onAdd = () => {
      const button = element("button", "leaflet-bar whole-view", "⤢");
      button.type = "button";
      button.title = view.words.whole_view;
      button.setAttribute("aria-label", view.words.whole_view);
      L.DomEvent.disableClickPropagation(button);
      button.addEventListener("click", () => map.fitBounds(bounds));
      return button;
    };
    control.addTo(map);
  }

  function draw(map) {
    const view = JSON.parse(document.getElementById("view-data").textContent);
    const bounds = [[view.bbox[1], view.bbox[0]], [view.bbox[3], view.bbox[2]]];
    map.getContainer().setAttribute("aria-label", view.title);
    map.getContainer().setAttribute("role", "application");
    map.invalidateSize();
    map.fitBounds(bounds, { padding: [8, 8] });
    addHatches(view);
    addControls(view, map, bounds);
    const panel = makePanel(view, map);
    const drawn = view.layers.map((layer) => drawLayer(view, layer, map));
    const changed = () => { quietBorders(map, drawn); scaleMarks(map, drawn); placeLabels(map, drawn); };
    const list = document.getElementById("layer-list");
    for (const item of drawn) map.addLayer(item.group);
    // The panel lists the uppermost layer first, names last: they need no explaining.
    const listed = [...drawn].reverse().sort((a, b) => (a.layer.geometry === "label") - (b.layer.geometry === "label"));
    for (const item of listed) list.append(layerSection(view, item, map, changed, panel));
    map.on("zoomend moveend resize", changed);
    window.addEventListener("resize", () => map.invalidateSize());
    changed();
    document.documentElement.dataset.drawn = String(drawn.length);
  }

  return { draw };
})();
