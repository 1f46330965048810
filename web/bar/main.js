// The bar above every page: links to the pages and the language. Streamlit's own bar costs a third of a second before
// the map is seen and 30 ms at every click: it measures its links anew with each message of the server.

import { el, fill } from "../common/dom.js";

const NARROW = "bm-narrow";
const LANGUAGES = [["cs", "Čeština"], ["en", "English"], ["uk", "Українська"]];
const bars = new WeakMap();

/** Show the bar in `component.parentElement`, or write it anew. Answers the cleanup. */
export function mount(component) {
  const parent = component.parentElement;
  if (!bars.has(parent)) bars.set(parent, new Bar(parent));
  bars.get(parent).update(component);
  return () => {
    bars.get(parent)?.destroy();
    bars.delete(parent);
  };
}

class Bar {
  constructor(parent) {
    this.listeners = new AbortController();
    const { signal } = this.listeners;
    this.list = el("ul", { class: "bm-pages-list" });
    this.more = el("button", { type: "button", class: "bm-pages-more", "aria-expanded": "false", on: { click: () => this.toggle() } });
    this.nav = el("nav", { class: "bm-pages" }, this.more, this.list);
    const options = LANGUAGES.map(([code, name]) => el("option", { value: code, lang: code }, name));
    this.language = el("select", { class: "bm-language", on: { change: () => this.tell("language", { value: this.language.value }) } }, options);
    this.root = el("div", { class: "bm-page-bar" }, this.nav, this.language);
    parent.append(this.root);
    this.resized = new ResizeObserver(() => this.fit());
    this.resized.observe(this.nav);
    document.addEventListener("pointerdown", (event) => this.nav.contains(event.target) || this.toggle(false), { signal });
    this.nav.addEventListener("keydown", (event) => event.key === "Escape" && this.toggle(false, true), { signal });
  }

  update(component) {
    this.component = component;
    const said = JSON.stringify(component.data);
    if (said === this.said) return;
    this.said = said;
    const { pages, at, menu, lang, label } = component.data;
    const query = lang === "cs" ? "" : `?lang=${lang}`;
    this.nav.setAttribute("aria-label", menu);
    fill(this.more, menu);
    fill(this.list, pages.map(([slug, title]) =>
      el("li", {}, el("a", { href: `/${slug}${query}`, "aria-current": slug === (at ?? "") ? "page" : null, on: { click: (event) => this.go(event, slug) } }, title))));
    this.language.setAttribute("aria-label", label);
    this.language.value = lang;
    this.fit();
  }

  /** A plain click stays in the page; anything else (a new tab) is the browser's. */
  go(event, slug) {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.toggle(false);
    this.tell("go", { slug });
  }

  tell(name, value) {
    this.component.setTriggerValue(name, { ...value, seq: Date.now() });
  }

  toggle(open = !this.nav.classList.contains("bm-open"), focus = false) {
    this.nav.classList.toggle("bm-open", open);
    this.more.setAttribute("aria-expanded", String(open));
    if (open) this.list.querySelector("a")?.focus();
    else if (focus) this.more.focus();
  }

  /** Where the links do not fit beside each other they stand in a menu. */
  fit() {
    cancelAnimationFrame(this.request);
    this.request = requestAnimationFrame(() => {
      this.nav.classList.remove(NARROW);
      this.nav.classList.toggle(NARROW, this.list.scrollWidth > this.list.clientWidth + 1);
    });
  }

  destroy() {
    cancelAnimationFrame(this.request);
    this.listeners.abort();
    this.resized.disconnect();
    this.root.remove();
  }
}
