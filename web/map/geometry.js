// Geometry as the painter wants it: world coordinates of Web Mercator at zoom 0 (0..256), made once per feature.

const WORLD = 256;

/** South-west and north-east corner of the city (lat, lon). */
export const PRAGUE = [[49.9419, 14.2244], [50.1774, 14.7068]];

// Paths are built around the middle of Prague: far from it a browser's 32-bit path coordinates would lose whole pixels.
export const ORIGIN = { x: worldX(14.44), y: worldY(50.07) };

export function worldX(lon) {
  return (lon / 360 + 0.5) * WORLD;
}

export function worldY(lat) {
  const sine = Math.sin((lat * Math.PI) / 180);
  return (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * WORLD;
}

export function lonLat(x, y) {
  const lon = (x / WORLD - 0.5) * 360;
  const lat = (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / WORLD))) * 180) / Math.PI;
  return { lon, lat };
}

/** An area, drawn and hit by one path per zoom. */
export class Area {
  constructor(rings) {
    this.rings = rings;
    this.box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const ring of rings) {
      for (let i = 0; i < ring.length; i += 2) {
        this.box[0] = Math.min(this.box[0], ring[i]);
        this.box[1] = Math.min(this.box[1], ring[i + 1]);
        this.box[2] = Math.max(this.box[2], ring[i]);
        this.box[3] = Math.max(this.box[3], ring[i + 1]);
      }
    }
    this.zoom = null;
  }

  /** The path in pixels of `zoom` around ORIGIN; vertices nearer than 0.6 px to the last are left out. */
  path(zoom) {
    if (this.zoom === zoom) return this.made;
    const scale = 2 ** zoom;
    const path = new Path2D();
    for (const ring of this.rings) traceRing(path, ring, scale, true);
    this.zoom = zoom;
    this.made = path;
    return path;
  }

  get centre() {
    return { x: (this.box[0] + this.box[2]) / 2, y: (this.box[1] + this.box[3]) / 2 };
  }
}

export function traceRing(path, ring, scale, close) {
  let lastX = NaN;
  let lastY = NaN;
  for (let i = 0; i < ring.length; i += 2) {
    const x = (ring[i] - ORIGIN.x) * scale;
    const y = (ring[i + 1] - ORIGIN.y) * scale;
    if (i === 0) path.moveTo(x, y);
    else if (i < ring.length - 2 && Math.abs(x - lastX) < 0.6 && Math.abs(y - lastY) < 0.6) continue;
    else path.lineTo(x, y);
    lastX = x;
    lastY = y;
  }
  if (close) path.closePath();
}

/** Coordinates of a line or ring as a flat array of world coordinates. */
export function flatLine(coordinates) {
  const flat = new Float64Array(coordinates.length * 2);
  coordinates.forEach(([lon, lat], i) => {
    flat[2 * i] = worldX(lon);
    flat[2 * i + 1] = worldY(lat);
  });
  return flat;
}

/** GeoJSON geometry to `{area}` or `{x, y}` or null (no position: in the table, not on the map). */
export function readGeometry(geometry) {
  if (!geometry) return null;
  const { type, coordinates } = geometry;
  if (type === "Point") return { x: worldX(coordinates[0]), y: worldY(coordinates[1]) };
  if (type === "Polygon") return { area: new Area(coordinates.map(flatLine)) };
  if (type === "MultiPolygon") return { area: new Area(coordinates.flat().map(flatLine)) };
  return null;
}

/** The lines of a GeoJSON LineString or MultiLineString; empty for anything else. */
export function readLines(geometry) {
  if (geometry?.type === "LineString") return [flatLine(geometry.coordinates)];
  if (geometry?.type === "MultiLineString") return geometry.coordinates.map(flatLine);
  return [];
}
