// The line to the server: a socket, or requests where a network breaks sockets. It comes back by itself, at a
// random moment, so that a server which comes back is not met by everybody at once.
import { byRequests } from "./requests.js";
import { bySocket } from "./socket.js";

const LONGEST_WAIT = 4_000, FIRST_WAIT = 500;
const SILENT_SOCKETS = 2; // so many that never said a word, and requests are tried
const SOCKET_AGAIN = 120_000;
const REMOVED = 1008, PAGE = 4000, REAUTH = 4401;

let on = {}, line = null, trial = null, silent = 0, tries = 0, retry = 0, later = 0, stopped = false;

/** `on`: where to, the cursor, and what is done about what comes (see live.js). */
export function begin(given) { on = given; }

export function connect() {
  clearTimeout(retry);
  if (stopped) return;
  drop();
  line = silent < SILENT_SOCKETS ? bySocket(hooks(on.live)) : byRequests(hooks(on.url));
}

export const tell = message => line?.ready() && line.tell(message);

/** Full jitter, also for the first try. */
export function again() {
  on.down();
  clearTimeout(retry);
  if (!stopped) retry = setTimeout(connect, Math.random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** tries++));
}

export function drop() {
  clearTimeout(later);
  line?.drop();
  trial?.drop();
  line = trial = null;
}

export function stop() {
  stopped = true;
  clearTimeout(retry);
  drop();
}

function hooks(url) {
  let up = false;
  return {
    url,
    acts: on.acts,
    cursor: on.cursor,
    ended: closed,
    heard(message) {
      tries = 0;
      if (!up) on.up(line.word);
      if (!up && line.word === "slow") trySocket();
      up = true;
      on.heard(message);
    },
  };
}

function closed({ code, spoke }) {
  if (line.word === "live") silent = spoke ? 0 : silent + 1;
  drop();
  if (code === REMOVED) return on.removed();
  if (code === REAUTH) return on.signedOut();
  if (code === PAGE) return on.page();
  again();
}

/** Beside the requests: a socket takes over with its first word. After an outage that is at once. */
function trySocket() {
  clearTimeout(later);
  if (trial || line?.word !== "slow") return;
  const taken = hooks(on.live);
  let adopted = false;
  trial = bySocket({
    ...taken,
    heard(message) {
      if (!adopted) adopt();
      adopted = true;
      taken.heard(message);
    },
    ended(how) {
      if (adopted) return closed(how);
      trial = null;
      later = setTimeout(trySocket, SOCKET_AGAIN);
    },
  });
}

function adopt() {
  line.drop();
  line = trial;
  trial = null;
  silent = 0;
}

addEventListener("online", () => {
  if (stopped || line?.ready()) return;
  tries = 0;
  drop();
  again();
});
