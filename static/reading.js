// Where somebody reads is theirs. At the end of the log the newest stays in view; further up nothing moves,
// and a pill says how many lines are new.

const NEAR = 32;
const log = document.getElementById("log"), pill = document.getElementById("pill");
let pinned = true, unread = 0;

const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
const toEnd = () => { log.scrollTop = log.scrollHeight; };

/** Tell how many lines came in. */
export function grew(count) {
  if (pinned) return toEnd();
  unread += count;
  show();
}

/** Go to the newest: after one's own line. */
export function end() {
  pinned = true;
  unread = 0;
  toEnd();
  show();
}

function show() {
  pill.hidden = !unread;
  pill.textContent = `${unread} new ↓`;
  pill.setAttribute("aria-label", `${unread} new line${unread === 1 ? "" : "s"}. Go to the newest`);
}

pill.addEventListener("click", () => { end(); log.focus({ preventScroll: true }); });
log.addEventListener("scroll", () => {
  pinned = atEnd();
  if (pinned && unread) { unread = 0; show(); }
}, { passive: true });

const grown = new ResizeObserver(() => pinned && toEnd());
for (const part of [log, ...log.children]) grown.observe(part);
if (!document.querySelector(".line:target")) end();
