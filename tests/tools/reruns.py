"""Tells when Streamlit in a browser has done what it was asked, so that a test reads a page that is drawn.

Streamlit's own mark (`data-test-script-state` of the page) is not enough alone: between a click and the server's
answer it still says that nothing runs, and a short run may come and go within one drawing. So the messages of the
web socket are watched as well: what the page asked for, and which runs began and ended since.
"""

TIMEOUT_MS = 60_000

# Field numbers of Streamlit's messages (streamlit/proto): BackMsg.rerun_script, ForwardMsg.new_session, .script_finished.
WATCH = """(() => {
  const [RERUN, BEGUN, ENDED, PAYLOAD] = [11, 4, 6, 2];
  const runs = { asked: 0, begun: 0, owed: false, running: false, quiet: 0 };
  window.__runs = runs;
  // Only the outer message is read: which fields it has, not what is in them.
  const fields = (data) => {
    const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const found = [];
    let at = 0;
    const number = () => {
      let [value, place, byte] = [0, 1, 128];
      for (; byte >= 128; place *= 128) {
        byte = bytes[at++];
        value += (byte & 127) * place;
      }
      return value;
    };
    while (at < bytes.length) {
      const tag = number();
      found.push(tag >> 3);
      const length = number();
      if ((tag & 7) === PAYLOAD) at += length;
    }
    return found;
  };
  const heard = (event) => {
    if (!(event.data instanceof ArrayBuffer)) return;
    const found = fields(event.data);
    if (found.includes(BEGUN)) {
      runs.begun += 1;
      runs.running = true;
      runs.owed = false;
    }
    if (found.includes(ENDED)) runs.running = false;
    runs.quiet = 0;
  };
  const known = new WeakSet();
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (data) {
    if (!known.has(this)) {
      known.add(this);
      this.addEventListener("message", heard);
    }
    if ((data instanceof ArrayBuffer || ArrayBuffer.isView(data)) && fields(data).includes(RERUN)) {
      runs.asked += 1;
      runs.owed = true;
    }
    runs.quiet = 0;
    return send.call(this, data);
  };
})()"""

# Asked in every frame. Every question is followed by a run that begins later; two may be answered by one, or the first
# one's run may still be on its way when the second is asked: then a longer silence has to tell that no other comes.
SETTLED = """() => {
  const { __runs: runs } = window;
  if (!runs) throw new Error("settle() needs watch_reruns() before the address is opened");
  const app = document.querySelector('[data-testid="stApp"]');
  const drawn = app?.dataset.testScriptState === "notRunning" && app.dataset.testConnectionState === "CONNECTED"
    && runs.begun > 0 && !runs.owed && !runs.running && !document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]');
  runs.quiet = drawn ? runs.quiet + 1 : 0;
  if (runs.quiet < (runs.asked > runs.begun ? 40 : 3)) return false;
  runs.asked = runs.begun;
  return true;
}"""


def watch_reruns(opened):
    """Have a page, or every page of a browser's context, tell what its Streamlit was asked and has done."""
    opened.add_init_script(WATCH)


def settle(page):
    """Wait until Streamlit has run all that was asked of it and drawn it: nothing of before is left in the page."""
    page.wait_for_function(SETTLED, timeout=TIMEOUT_MS)
