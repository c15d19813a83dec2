// The live room, browser side. A screen is a cursor: connect after it, apply what comes, come back after the same
// when the connection goes. Protocol: docs/protocol.md (huddle.html.v1).
import { apply, refresh, touch } from "./apply.js";
import { say } from "./announce.js";
import { signInAgain } from "./again.js";
import { begun, compose, edit } from "./composer.js";
import * as connection from "./connection.js";
import { announce, phaseNow } from "./news.js";
import * as presence from "./presence.js";
import * as reading from "./reading.js";
import { sync, word } from "./time.js";
import * as unsaved from "./unsaved.js";
import "./act.js";
import "./acts.js";
import "./entries.js";

const SILENCE = 60_000, ACT_EVERY = 30_000, LONGEST_WAIT = 4_000, FIRST_WAIT = 500;
const REMOVED = 1008, PAGE = 4000, REAUTH = 4401;

const main = document.getElementById("main");
let cursor = main.dataset.cursor, socket = null, tries = 0, silence = 0, retry = 0, acted = 0, gone = false;

function connect() {
  const address = new URL(main.dataset.live, location.href);
  address.protocol = location.protocol.replace("http", "ws");
  address.searchParams.set("after", cursor);
  clearTimeout(retry);
  socket = new WebSocket(address, "huddle.html.v1");
  socket.onopen = opened;
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    tries = 0;
    listen();
    take[message.type]?.(message);
  };
  socket.onclose = closed;
}

function opened() {
  connection.live();
  listen();
  for (const line of unsaved.outgoing()) tell("contribute", line);
}

/** A line that says nothing for a minute, not even a beat, is dead. */
function listen() {
  clearTimeout(silence);
  silence = setTimeout(() => { drop(); again(); }, SILENCE);
}

function closed({ code, reason }) {
  clearTimeout(silence);
  if (code === REMOVED && reason !== "unreadable") return removed();
  if (code === REAUTH) return signInAgain().then(connect);
  if (code === PAGE) return wholePage();
  again();
}

/** Full jitter, also for the first try: a server that comes back is not met by everybody at once. */
function again() {
  connection.down();
  clearTimeout(retry);
  retry = setTimeout(connect, Math.random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** tries++));
}

function drop() {
  if (!socket) return;
  socket.onclose = socket.onmessage = null;
  socket.close();
}

function tell(act, { key, body } = {}) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ do: act, key, body }));
}

// What the server says ------------------------------------------------------------

const take = {
  frame({ cursor: to, parts, touched }) {
    const phase = phaseNow(), added = apply(parts);
    touch(touched);
    cursor = to;
    unsaved.arrived();
    presence.show();
    reading.grew(added.filter(line => line.matches(".line")).length);
    announce(added, phase, main.dataset.me);
  },
  yours: ({ html }) => apply([html]),
  page: () => { drop(); wholePage(); },
  saved(receipt) { unsaved.saved(receipt); connection.scope(); },
  refused(refusal) {
    if (refusal.code === "reauth") { drop(); signInAgain().then(connect); } else unsaved.refused(refusal);
  },
  presence: presence.told,
  beat({ now }) { sync(now); },
};

/** The box is brought up to date too (who may be named, who is in the family), unless something stands in it. */
async function wholePage() {
  document.getElementById("composer").toggleAttribute("hx-morph-skip", begun());
  try {
    if (!await refresh()) return removed();
    document.getElementById("composer").dispatchEvent(new Event("change"));
    cursor = main.dataset.cursor;
    unsaved.arrived();
    reading.grew(0);
    say("This page was brought up to date");
    connect();
  } catch { again(); }
}

function removed() {
  gone = true;
  drop();
  document.querySelectorAll("dialog[open]").forEach(dialog => dialog.close());
  document.getElementById("entries").remove();
  document.title = "You are no longer in this huddle – Huddle";
  main.className = "narrow";
  main.innerHTML = '<h1 tabindex="-1">You are no longer in this huddle.</h1><p><a href="/">Go to your home page</a></p>';
  main.querySelector("h1").focus();
}

// What somebody does ------------------------------------------------------------------

compose({
  send(body) {
    const line = unsaved.keep(crypto.randomUUID(), body);
    tell("contribute", line);
    reading.end();
    connection.scope();
  },
  typing: () => tell("typing"),
});
unsaved.acts({ again: line => tell("contribute", line), edit });

function act() {
  if (Date.now() - acted < ACT_EVERY) return;
  acted = Date.now();
  tell("act");
}
for (const input of ["keydown", "pointerdown"]) document.addEventListener(input, act, { passive: true });

addEventListener("online", () => { if (!gone && socket?.readyState !== WebSocket.OPEN) { tries = 0; drop(); again(); } });
addEventListener("beforeunload", event => { if (!gone && (begun() || unsaved.count())) event.preventDefault(); });

document.getElementById("say-all-choice").hidden = false;
word();
again();
