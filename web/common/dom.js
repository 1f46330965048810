// Building blocks of the DOM. Text always becomes a text node: nothing here parses HTML, so a hostile name stays a name.

const SVG = "http://www.w3.org/2000/svg";

// Drawn on a grid of 24 by 24 with round strokes.
const ICONS = {
  search: "M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13M15.5 15.5L20 20",
  layers: "M12 4l9 5-9 5-9-5zM3 14l9 5 9-5",
  locate: "M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8M12 2v4M12 18v4M2 12h4M18 12h4",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  share: "M9.5 14.5l5-5M8 11l-2.6 2.6a3.5 3.5 0 0 0 5 5L13 16M16 13l2.6-2.6a3.5 3.5 0 0 0-5-5L11 8",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  table: "M4 5h16v14H4zM4 10h16M4 14.5h16M10 10v9",
  present: "M4 5h16v11H4zM12 16v4M8 20h8",
  fullscreen: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  close: "M6 6l12 12M18 6L6 18",
  up: "M6 15l6-6 6 6",
  down: "M6 9l6 6 6-6",
  left: "M15 6l-6 6 6 6",
  more: "M5 12h.01M12 12h.01M19 12h.01",
};

/**
 * Make an element. `props`: `class`, `dataset`, `on` (listeners), `style` (custom properties and styles by name),
 * any other key is an attribute; true writes an empty attribute, false and null leave it out. Strings among the
 * children become text nodes, null and false are skipped.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "class") node.className = value;
    else if (key === "dataset") Object.assign(node.dataset, value);
    else if (key === "on") for (const [name, listener] of Object.entries(value)) node.addEventListener(name, listener);
    else if (key === "style") for (const [name, text] of Object.entries(value)) node.style.setProperty(name, text);
    else if (key === "value" || key === "checked" || key === "disabled") node[key] = value;
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  append(node, children);
  return node;
}

/** Append children as `el` takes them. */
export function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
}

/** Put `children` in the place of everything inside `node`. */
export function fill(node, ...children) {
  node.textContent = "";
  append(node, children);
  return node;
}

/** An icon; it says nothing to a screen reader, its button does. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "bm-icon");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button with an icon; `label` is read out and shown as its title. */
export function iconButton(name, label, onClick, props = {}) {
  return el(
    "button",
    { type: "button", title: label, "aria-label": label, ...props, class: `bm-button ${props.class ?? ""}`, on: { click: onClick } },
    icon(name),
  );
}

/** Whether somebody is writing here, so that keys belong to the text. */
export function isTyping(target) {
  return target instanceof Element && (target.matches("input, textarea, select") || target.closest("[contenteditable=true]") !== null);
}

/** Call `action` when nothing has happened for `delay` ms. The answer has `cancel`. */
export function debounce(action, delay) {
  let timer = 0;
  const later = (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...args), delay);
  };
  later.cancel = () => clearTimeout(timer);
  return later;
}

/** Save a blob as a file of the reader. */
export function saveBlob(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = el("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 30_000);
}

/** Read JSON kept in this browser; `fallback` where there is none or storage is off. */
export function recall(key, fallback) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") ?? fallback;
  } catch {
    return fallback;
  }
}

/** Keep JSON in this browser; a full or switched-off storage is no error, the value just does not last. */
export function remember(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
