// Entry of the map component. Streamlit calls `mount` on first show and again whenever the data change; the map is built
// once per place in the page and told what changed. Everything that the first paint needs is asked for at once.

import { el, fill, loadScript, loadStyle } from "../shared/dom.js";
import { Strings } from "../shared/strings.js";
import { Api } from "./api.js";

const mounts = new WeakMap();
const LEAFLET = "/assets/leaflet";
const RETRY_MS = [1000, 2000, 4000, 8000];

for (const name of ["view", "layers", "painter", "labels", "shapes", "geometry", "cluster", "pointer", "panel", "search", "tools", "position", "base", "permalink"]) {
  document.head.append(el("link", { rel: "modulepreload", href: new URL(`./${name}.js`, import.meta.url).href }));
}

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
  if (!mounted) {
    mounted = new Mounted(component);
    mounts.set(parent, mounted);
  } else {
    mounted.update(component);
  }
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
    this.root = el("div", { class: "bm-map", lang: this.lang, "aria-busy": "true" });
    component.parentElement.append(this.root);
    this.api = new Api({ lang: this.lang, token: component.data.token, renew: () => this.trigger("renew", {}) });
    this.start(0);
  }

  async start(attempt) {
    loadStyle(`${LEAFLET}/leaflet.css`);
    const style = loadStyle(new URL("./map.css", import.meta.url).href);
    try {
      const leaflet = loadScript(`${LEAFLET}/leaflet.js`);
      const [module, layers, base, messages] = await Promise.all([
        import("./view.js"),
        this.api.json("/layers"),
        this.api.json("/base"),
        this.api.json("/strings"),
        style,
      ]);
      if (this.destroyed) return;
      const strings = new Strings(messages, this.lang);
      const prepared = module.prepare({ api: this.api, layers, base, strings });
      await leaflet;
      if (this.destroyed) return;
      fill(this.root);
      this.view = new module.MapView({
        root: this.root, component: this.component, prepared, assets: LEAFLET,
        trigger: (name, value) => this.trigger(name, value),
      });
      this.root.removeAttribute("aria-busy");
    } catch (error) {
      console.error(error);
      // Without the server there are no texts either, so nothing is said; the server coming up ends the wait.
      if (!this.destroyed) this.timer = setTimeout(() => this.start(attempt + 1), RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]);
    }
  }

  update(component) {
    this.component = component;
    this.api.setToken(component.data.token);
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
