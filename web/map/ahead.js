// The form of a new place stands in the page before it is asked for, hidden (ui/form_ahead.py). A click on the ground
// shows it at once; Python's answer, which says where the point lies, finds it open.

const FORM = ".st-key-record_form [data-testid='stForm']";
const SOON_MS = 3000;

export class Ahead {
  constructor(view) {
    this.view = view;
  }

  get isReady() {
    return document.querySelector(FORM) !== null;
  }

  /** Ask for the form once the browser has nothing better to do. */
  prepare() {
    const { view } = this;
    if (view.pinned || view.data.read_only || this.isReady) return;
    const ask = () => view.gone || this.isReady || view.trigger("prepare", {});
    // Safari does not know it.
    if (window.requestIdleCallback) window.requestIdleCallback(ask, { timeout: SOON_MS });
    else setTimeout(ask, SOON_MS / 10);
  }

  /** Show the form for a point, if it stands ready; otherwise Python's answer opens it. */
  open(point) {
    const { view } = this;
    if (view.data.moves_point || !this.isReady) return;
    view.data = { ...view.data, draft: point, panel: true, moves_point: true };
    this.show(true);
    view.draft.set(point);
    view.setPanel(true, false);
  }

  /** Show the form, or everything else that the page's panel holds. */
  show(open) {
    const root = document.documentElement.dataset;
    delete root.bmShut;
    // All of the page hangs on the root: it is not written without need.
    if (open && root.bmForm === undefined) root.bmForm = "";
    if (open) return;
    delete root.bmForm;
    // The page uses the same node for the next form.
    this.view.typed.forget(FORM);
  }

  destroy() {
    this.show(false);
  }
}
