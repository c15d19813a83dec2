// A line to the server by plain requests, for networks that break sockets: one is always held open for news, and
// what somebody does goes up one act after the other. Same messages, same keys, same answers as by a socket.
import { tooLarge } from "./socket.js";

const HOLD = 25; // seconds for which a request asks to be held
const PATIENCE = 10_000; // how much longer than asked one may take
const REMOVED = 1008, REAUTH = 4401;
const ENDS = { 401: REAUTH, 403: REMOVED, 404: REMOVED, 303: REAUTH };

/** As `bySocket`. The first request is answered at once: then it is known that requests get through. */
export function byRequests({ url, acts, cursor, heard, ended }) {
  const calls = new AbortController();
  const waiting = [];
  let over = false, spoke = false, sending = false;

  async function call(address, options, patience) {
    const limit = AbortSignal.any([calls.signal, AbortSignal.timeout(patience)]);
    return fetch(address, { cache: "no-store", redirect: "manual", signal: limit, ...options }).catch(() => null);
  }

  async function follow() {
    for (let wait = 0; !over; wait = HOLD) {
      const address = new URL(url, location.href);
      address.searchParams.set("after", cursor());
      address.searchParams.set("wait", wait);
      const answer = await call(address, { headers: { "hx-request": "true" } }, wait * 1000 + PATIENCE);
      if (!answer?.ok) return end(ENDS[answer?.status] ?? 0);
      const messages = await answer.json().catch(() => null);
      if (over) return;
      if (!messages) return end(0);
      spoke = true;
      messages.forEach(message => over || heard(message));
    }
  }

  async function send() {
    if (sending) return;
    sending = true;
    while (waiting.length && !over) await sendOne(waiting.shift());
    sending = false;
  }

  async function sendOne(message) {
    const headers = { "content-type": "application/json", accept: "application/json" };
    const answer = await call(acts, { method: "POST", headers, body: JSON.stringify(message) }, PATIENCE);
    if (!answer || answer.type === "opaqueredirect") return end(answer ? REAUTH : 0);
    if (answer.status in ENDS && answer.status !== 403) return end(ENDS[answer.status]);
    const said = await answer.json().catch(() => null);
    if (over) return;
    if (answer.status === 413) heard(tooLarge(message));
    else if (said) heard({ type: "refused", key: message.key, ...said });
    else end(0);
  }

  function end(code) {
    if (over) return;
    drop();
    ended({ code, spoke });
  }

  function drop() {
    over = true;
    calls.abort();
  }

  follow();
  return {
    word: "slow",
    drop,
    ready: () => spoke && !over,
    tell(message) {
      if (message.do === "typing") return;
      if (message.do === "act") return call("/session/extend", { method: "POST" }, PATIENCE);
      waiting.push(message);
      send();
    },
  };
}
