"""A page in a real Chromium whose times are taken inside the page, from the event to the frame after the paint."""

import contextlib
import statistics

from playwright.sync_api import sync_playwright

from tests.tools.chromium import ARGUMENTS, find_chromium

VIEWPORT = {"width": 1280, "height": 800}
WAIT_MS = 60_000
QUIET_MS = 600

# The clock starts when the armed event reaches the page, so that the way from this process to the browser is not in it.
_LISTEN = """
window.__bench = {armed: null, at: null};
for (const kind of ["keydown", "click", "change"]) {
  window.addEventListener(kind, () => {
    if (window.__bench.armed !== kind) return;
    window.__bench.at = performance.timeOrigin + performance.now();
    window.__bench.armed = null;
  }, true);
}
"""
# Answers when the condition held in one frame and the next one has begun: then it has been painted.
_PAINTED = """
async ([condition, limit]) => {
  const holds = new Function(`return Boolean(${condition})`);
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const end = performance.now() + limit;
  do await frame(); while (!holds() && performance.now() < end);
  if (!holds()) throw new Error(`not within ${limit} ms: ${condition}`);
  await frame();
  return performance.timeOrigin + performance.now();
}
"""


@contextlib.contextmanager
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def cold_page(browser):
    """Yield a `MeasuredPage` of a context of its own: nothing is cached, nothing is remembered."""
    context = browser.new_context(viewport=VIEWPORT, locale="cs-CZ")
    try:
        context.add_init_script(_LISTEN)
        yield MeasuredPage(context.new_page())
    finally:
        context.close()


class MeasuredPage:
    """Times in milliseconds; bytes of websocket frames as they arrive in the page."""

    def __init__(self, page):
        self.page = page
        self.outside = []
        self.errors = []
        self.received = 0
        self.sent = 0
        page.set_default_timeout(WAIT_MS)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._see)
        page.on("websocket", self._count)

    def _see(self, request):
        if not request.url.startswith(("http://127.0.0.1", "data:", "blob:", "about:")):
            self.outside.append(request.url)

    def _count(self, websocket):
        websocket.on("framereceived", lambda payload: setattr(self, "received", self.received + len(payload)))
        websocket.on("framesent", lambda payload: setattr(self, "sent", self.sent + len(payload)))

    def open(self, address, condition):
        """Return the time from the start of the navigation until `condition` is painted."""
        self.page.goto(address, wait_until="commit")
        end = self.page.evaluate(_PAINTED, [condition, WAIT_MS])
        return end - self.page.evaluate("performance.timeOrigin")

    def time(self, event, act, condition, *, frame=None):
        """Return the time from the DOM event that `act()` causes until `condition` is painted."""
        (took,) = self.times(event, act, condition, frame=frame)
        return took

    def times(self, event, act, *conditions, frame=None):
        """Return the times from the DOM event that `act()` causes until each condition in turn is painted."""
        where = frame or self.page
        where.evaluate("(kind) => { window.__bench.armed = kind; window.__bench.at = null; }", event)
        start = "window.__bench.at"
        act()
        began = where.evaluate(start)
        ends = [self.page.evaluate(_PAINTED, [condition, WAIT_MS]) for condition in conditions]
        if began is None:
            raise RuntimeError(f"no {event} arrived in the page")
        return [end - began for end in ends]

    def bytes_of(self, act):
        """Return the bytes (received, sent) over the websocket that `act()` causes until it is quiet again."""
        self.page.wait_for_timeout(QUIET_MS)
        received, sent = self.received, self.sent
        act()
        self.page.wait_for_timeout(QUIET_MS)
        return self.received - received, self.sent - sent

    def check(self):
        """Raise if the page asked another host or threw an error: then its times mean nothing."""
        if self.outside or self.errors:
            raise RuntimeError(f"asked outside: {self.outside[:3]}; errors: {self.errors[:3]}")


def median(values):
    return statistics.median(values)
