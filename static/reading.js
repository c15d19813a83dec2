// Where somebody reads is theirs. At the end of the log the newest stays in view; further up nothing moves,
// and a pill says how many lines are new.

const NEAR = 32;
const log = document.getElementById("log"), pill = document.getElementById("pill");
let pinned = true, unread = [];

const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
const toEnd = () => { log.scrollTop = log.scrollHeight; };

/** Tell which lines came in. */
export function grew(lines) {
  if (pinned) return toEnd();
  unread.push(...lines);
  show();
}

/** The first that came in below what is in view. */
export const firstUnread = () => unread.find(line => line.isConnected);

/** Go to the newest: after one's own line. */
export function end() {
  pinned = true;
  unread = [];
  toEnd();
  show();
}

function show() {
  const count = unread.length;
  pill.hidden = !count;
  pill.textContent = `${count} new ↓`;
  pill.setAttribute("aria-label", `${count} new line${count === 1 ? "" : "s"}. Go to the newest`);
}

pill.addEventListener("click", () => { end(); log.focus({ preventScroll: true }); });
log.addEventListener("scroll", () => {
  pinned = atEnd();
  if (pinned && unread.length) { unread = []; show(); }
}, { passive: true });

const grown = new ResizeObserver(() => pinned && toEnd());
for (const part of [log, ...log.children]) grown.observe(part);
if (!document.querySelector(".line:target")) end();
