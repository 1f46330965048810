// Entry of the map component. Streamlit calls `mount` on first show and again whenever the data change; the map is built
// once per place in the page and told what changed.

import { MapView, prepare } from "./view.js";

const LEAFLET = "/assets/leaflet";
const API = "/api/v1";
const RETRY_MS = [1000, 2000, 4000, 8000];

const mounts = new WeakMap();
const assets = new Map();

/**
 * Show the map in `component.parentElement`, or tell the map that is there what changed.
 * Answers the cleanup for the real unmount.
 */
export function mount(component) {
  const parent = component.parentElement;
  let mounted = mounts.get(parent);
  if (mounted && mounted.lang !== component.data.lang) {
    mounted.destroy();
    mounted = undefined;
  }
  if (mounted) mounted.update(component);
  else mounts.set(parent, new Mounted(component));
  return () => {
    mounts.get(parent)?.destroy();
    mounts.delete(parent);
  };
}

class Mounted {
  constructor(component) {
    this.component = component;
    this.lang = component.data.lang ?? "cs";
    this.seq = 0;
    this.root = document.createElement("div");
    this.root.className = "bm-map";
    this.root.lang = this.lang;
    this.root.setAttribute("aria-busy", "true");
    component.parentElement.append(this.root);
    this.start(0);
  }

  async start(attempt) {
    const answered = getJson(`${API}/start?lang=${this.lang}`);
    const leaflet = loadAsset("script", { src: `${LEAFLET}/leaflet.js` });
    const styles = [here("map.css"), `${LEAFLET}/leaflet.css`].map((href) => loadAsset("link", { rel: "stylesheet", href }));
    try {
      const answers = await answered;
      if (this.destroyed) return;
      const { lang, component } = this;
      const renew = () => this.trigger("renew", {});
      const prepared = prepare({ lang, token: component.data.token, shows: component.data.shows, renew, answers, rootHeight: this.root.parentElement.clientHeight });
      this.api = prepared.api;
      await Promise.all([leaflet, ...styles]);
      if (this.destroyed) return;
      this.view = new MapView({ root: this.root, component: this.component, prepared, assets: LEAFLET, trigger: (name, value) => this.trigger(name, value) });
      this.root.removeAttribute("aria-busy");
    } catch (error) {
      console.error(error);
      // Without the server there are no texts either, so nothing is said; the server coming up ends the wait.
      if (!this.destroyed) this.timer = setTimeout(() => this.start(attempt + 1), RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]);
    }
  }

  update(component) {
    this.component = component;
    this.api?.setToken(component.data.token);
    this.view?.update(component.data);
  }

  /** Tell Python; `seq` grows also across a new mount, so that an old event is never taken for a new one. */
  trigger(name, value) {
    this.seq = Math.max(this.seq + 1, Date.now());
    this.component.setTriggerValue(name, { seq: this.seq, ...value });
  }

  destroy() {
    this.destroyed = true;
    clearTimeout(this.timer);
    this.view?.destroy();
    this.root.remove();
  }
}

function here(name) {
  return new URL(name, import.meta.url).href;
}

async function getJson(url) {
  const response = await fetch(url, { cache: "no-cache" });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}

/** Add an element to the head once per page; resolves when what it names has loaded. */
function loadAsset(tag, attributes) {
  const url = attributes.src ?? attributes.href;
  if (!assets.has(url)) {
    const node = Object.assign(document.createElement(tag), attributes);
    const promise = new Promise((resolve, reject) => {
      node.onload = resolve;
      node.onerror = () => {
        assets.delete(url);
        node.remove();
        reject(new Error(`${url} did not load`));
      };
    });
    promise.catch(() => {});
    assets.set(url, promise);
    document.head.append(node);
  }
  return assets.get(url);
}
