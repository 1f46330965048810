// After another page of a list was asked for, the reader stands at its beginning: its heading is brought into view and
// gets the focus, so that the next press of Tab goes into the list. Shows nothing itself.

const turns = new Map();

/** Go to the heading of the list `component.data.list` if its page was turned since. Answers the cleanup. */
export function mount(component) {
  const { list, turn } = component.data;
  const before = turns.get(list) ?? 0;
  turns.set(list, turn);
  if (turn > before) begin(list);
  return () => {};
}

function begin(list) {
  const heading = document.querySelector(`.st-key-${list} :is(h3, summary)`);
  if (!heading) return;
  if (heading.tabIndex < 0) heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  heading.scrollIntoView({ block: "start" });
}
