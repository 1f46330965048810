// Groups points that would cover each other, the server's clusters too, largest first. Every point joins the nearest
// group within reach, in a fixed order, so the same data give the same groups at a zoom wherever the map stands. Done on plain arrays and drawn on the canvas
// like everything else: with 5,000 points a DOM marker each would cost several times the whole first paint.

const REACH = 54;
export const NO_CLUSTERS_FROM = 16;

/**
 * Items `{x, y, features}` in world coordinates. A group's place is the mean of the points it stands for.
 * From zoom 16 on nothing is grouped, but points on the same spot are set in a ring around it so that each can be hit.
 */
export function clusterPoints(features, zoom) {
  if (zoom >= NO_CLUSTERS_FROM) return spread(features, zoom);
  const reach = REACH / 2 ** zoom;
  const cells = new Map();
  const groups = [];
  for (const feature of largestFirst(features)) {
    const column = Math.floor(feature.x / reach);
    const row = Math.floor(feature.y / reach);
    const group = nearest(cells, column, row, feature, reach);
    if (group) {
      group.features.push(feature);
      continue;
    }
    const made = { seedX: feature.x, seedY: feature.y, features: [feature] };
    groups.push(made);
    const key = `${column}/${row}`;
    if (!cells.has(key)) cells.set(key, []);
    cells.get(key).push(made);
  }
  for (const group of groups) {
    group.x = mean(group.features, "x");
    group.y = mean(group.features, "y");
  }
  return groups;
}

/** How many points a feature stands for, at least. */
export function weight(feature) {
  return Math.max(1, feature.cluster, feature.standsFor ?? 1);
}

function largestFirst(features) {
  return features.some((feature) => weight(feature) > 1) ? [...features].sort((a, b) => weight(b) - weight(a)) : features;
}

function nearest(cells, column, row, feature, reach) {
  let best = null;
  let bestDistance = reach * reach;
  for (let i = column - 1; i <= column + 1; i += 1) {
    for (let j = row - 1; j <= row + 1; j += 1) {
      for (const group of cells.get(`${i}/${j}`) ?? []) {
        const distance = (group.seedX - feature.x) ** 2 + (group.seedY - feature.y) ** 2;
        if (distance < bestDistance) {
          best = group;
          bestDistance = distance;
        }
      }
    }
  }
  return best;
}

function spread(features, zoom) {
  const scale = 2 ** zoom;
  const spots = new Map();
  for (const feature of features) {
    const key = `${Math.round((feature.x * scale) / 4)}/${Math.round((feature.y * scale) / 4)}`;
    if (!spots.has(key)) spots.set(key, []);
    spots.get(key).push(feature);
  }
  const items = [];
  for (const same of spots.values()) {
    const radius = same.length > 1 ? (8 + same.length * 2.2) / scale : 0;
    same.forEach((feature, i) => {
      const angle = (i / same.length) * Math.PI * 2;
      items.push({ x: feature.x + radius * Math.cos(angle), y: feature.y + radius * Math.sin(angle), features: [feature] });
    });
  }
  return items;
}

function mean(features, axis) {
  const sum = features.reduce((so, feature) => so + weight(feature) * feature[axis], 0);
  return sum / features.reduce((so, feature) => so + weight(feature), 0);
}
