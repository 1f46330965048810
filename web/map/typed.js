// What has been typed into the form beside the map is only the browser's until it is saved. Whatever would throw the
// form away (another place, "close", another page, a reload) asks first.

const FORM = ":is(.st-key-detail_panel, .st-key-record_form) [data-testid='stForm']";
const LEAVING = ".st-key-panel_city_part button, .st-key-area_record button, .bm-pages a";

export class Typed {
  constructor(view) {
    this.view = view;
    this.touched = new WeakSet();
    const options = { signal: view.listeners.signal, capture: true };
    const note = (event) => {
      const form = event.target instanceof Element ? event.target.closest(FORM) : null;
      if (form) this.touched.add(form);
    };
    document.addEventListener("input", note, options);
    // Pills are buttons; what unfolds the form or saves it is none of them.
    document.addEventListener("click", (event) => event.target.closest?.("[data-testid='stButtonGroup']") && note(event), options);
    document.addEventListener("click", (event) => this.clicked(event), options);
    window.addEventListener("beforeunload", (event) => this.isOpen && event.preventDefault(), { signal: view.listeners.signal });
  }

  /** Whether a form with something typed into it is open. */
  get isOpen() {
    const form = document.querySelector(FORM);
    return form !== null && this.touched.has(form);
  }

  /** Do `action` at once, or once the person has said that the text may go; it is told whether there was none. */
  leave(action) {
    const { view } = this;
    if (!this.isOpen) {
      action(true);
      return;
    }
    view.toast(view.t("form-unsaved"), { label: view.t("form-discard"), run: () => {
      this.forget();
      action(false);
    } });
  }

  /** What was typed has been saved or thrown away. */
  forget(selector = FORM) {
    const form = document.querySelector(selector);
    if (form) this.touched.delete(form);
  }

  clicked(event) {
    const leaving = event.target.closest?.(LEAVING);
    if (!leaving || !this.isOpen) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.leave(() => leaving.click());
  }
}
