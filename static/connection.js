// What is said about the line to the server: a word in the bar always, a banner that scopes the loss when it is lost.
import { say } from "./announce.js";
import { clock, now } from "./time.js";
import { count } from "./unsaved.js";

const sign = document.getElementById("connection"), banner = document.getElementById("banner");
const PATIENCE = 3000; // a short gap is nobody's business
let lost = 0, since = null;

const WORDS = { live: "Live", slow: "Live, slower" };

/** `how`: "live" by a socket, "slow" by requests. */
export function live(how) {
  clearTimeout(lost);
  lost = 0;
  show(how, WORDS[how]);
  banner.hidden = true;
  if (since) say("Connection is back");
  since = null;
}

export function down() {
  if (lost || since) return;
  const at = now();
  show("connecting", "Connecting");
  lost = setTimeout(() => {
    since = at;
    show("lost", `No connection since ${clock(at)}`);
    scope();
    say("Connection lost. What you type is kept");
  }, PATIENCE);
}

/** The banner, with how much is not saved. */
export function scope() {
  if (!since) return;
  const waiting = count();
  banner.hidden = false;
  banner.textContent = `No connection since ${clock(since)}. You can keep reading what is on this page and writing. `
    + "Decisions and sign-offs need a connection."
    + (waiting ? ` Not saved yet: ${waiting}. Do not close this page.` : "");
}

/** The huddle is over and something is still written here. */
export function closed(minutes) {
  show("lost", "Closed");
  banner.hidden = false;
  const link = Object.assign(document.createElement("a"), { href: minutes, textContent: "Go to the minutes" });
  banner.replaceChildren("This huddle was closed. What you wrote is still here: send it as a late entry, or copy it. ", link);
  say("This huddle was closed. What you wrote is still here");
}

function show(state, words) {
  sign.dataset.state = state;
  sign.textContent = words;
}
