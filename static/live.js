// The live room, browser side. A screen is a cursor: connect after it, apply what comes, come back after the same
// when the connection goes. Protocol: docs/protocol.md (huddle.html.v1).
import "./page.js";
import { apply, look, replace, touch } from "./apply.js";
import { report } from "./announce.js";
import { leave, over, post } from "./over.js";
import { signInAgain } from "./again.js";
import { begun, compose, edit } from "./composer.js";
import * as connection from "./connection.js";
import * as drafts from "./drafts.js";
import * as line from "./line.js";
import { announce, phaseNow } from "./news.js";
import * as pause from "./pause.js";
import * as presence from "./presence.js";
import * as reading from "./reading.js";
import * as ring from "./ring.js";
import { sync, word } from "./time.js";
import * as unsaved from "./unsaved.js";
import "./act.js";
import "./acts.js";
import "./entries.js";
import "./keys.js";

const ACT_EVERY = 30_000;

const main = document.getElementById("main");
let cursor = main.dataset.cursor, acted = 0, gone = false;
let stale = false; // the cursor is further than what is shown: the whole page must be fetched

line.begin({
  url: main.dataset.changes,
  live: main.dataset.live,
  acts: main.dataset.acts,
  cursor: () => cursor,
  heard: message => take[message.type]?.(message),
  up(how) {
    connection.live(how);
    if (stale) return wholePage();
    unsaved.outgoing().forEach(contribute);
  },
  down: connection.down,
  removed,
  page: wholePage,
  signedOut: () => signInAgain().then(line.connect),
});

// What the server says ------------------------------------------------------------

const take = {
  frame(message) {
    cursor = message.cursor;
    if (!pause.keeps(message)) show(message);
  },
  yours(message) {
    if (!pause.keeps(message)) apply([message.html]);
  },
  page: wholePage,
  saved(receipt) { unsaved.saved(receipt); connection.scope(); },
  refused(refusal) {
    if (refusal.code !== "reauth") return unsaved.refused(refusal);
    line.drop();
    signInAgain().then(line.connect);
  },
  presence: presence.told,
  beat({ now }) { sync(now); word(); },
};

function show({ parts, touched }, aloud = true) {
  const phase = phaseNow(), added = apply(parts);
  touch(touched);
  unsaved.arrived();
  presence.show();
  reading.grew(added.filter(part => part.matches(".line")));
  if (aloud) announce(added, phase, main.dataset.me);
}

/** The box is brought up to date too (who may be named, who is in the family), unless something stands in it, or
    did when the page was asked for: that page may still show it. While updates are paused only the cursor is
    taken from the page; the rest waits. */
async function wholePage() {
  line.drop();
  pause.keepsPage();
  const had = begun();
  try {
    const page = await look();
    if (!page) return removed();
    if (page.dataset.minutes) return leave(page.dataset.minutes);
    cursor = page.dataset.cursor;
    if (!pause.keepsPage(page)) bringUpToDate(page, had || begun());
    stale = false;
    line.connect();
  } catch { line.again(); }
}

function bringUpToDate(page, leaveTheBox) {
  document.getElementById("composer").toggleAttribute("hx-morph-skip", leaveTheBox);
  replace(page);
  document.getElementById("composer").dispatchEvent(new Event("change"));
  unsaved.arrived();
  presence.show();
  ring.show();
  reading.grew([]);
  report("This page was brought up to date");
}

function removed() {
  gone = true;
  line.stop();
  document.querySelectorAll("dialog[open]").forEach(dialog => dialog.close());
  document.getElementById("entries").remove();
  document.title = "You are no longer in this huddle – Huddle";
  main.className = "narrow";
  main.innerHTML = '<h1 tabindex="-1">You are no longer in this huddle.</h1><p><a href="/">Go to your home page</a></p>';
  main.querySelector("h1").focus();
}

/** Up the line; once the huddle is closed, by a request of its own. */
const tell = message => over() ? post(message) : line.tell(message);

// What somebody does ------------------------------------------------------------------

compose({
  send(body, draft) {
    contribute(unsaved.keep(crypto.randomUUID(), body, draft));
    reading.end();
    connection.scope();
  },
  typing: () => line.tell({ do: "typing" }),
});
unsaved.acts({ again: contribute, edit });

function contribute({ key, body, draft }) {
  tell({ do: "contribute", key, body, draft });
}

pause.begin({
  resume(kept, page) {
    stale = page;
    if (page) return wholePage();
    for (const message of kept) message.type === "frame" ? show(message, false) : apply([message.html]);
  },
});

function act() {
  if (Date.now() - acted < ACT_EVERY) return;
  acted = Date.now();
  line.tell({ do: "act" });
}
for (const input of ["keydown", "pointerdown"]) document.addEventListener(input, act, { passive: true });

addEventListener("beforeunload", event => { if (!gone && (!drafts.safe() || unsaved.count())) event.preventDefault(); });

document.getElementById("say-all-choice").hidden = false;
word();
line.again();
