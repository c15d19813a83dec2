// The time that is left of a huddle, as a ring and in words, by the server's clock. It is said aloud at five and at
// two minutes and never else. A nudge: nothing ends by itself. Without this module the page says until when.
import { say } from "./announce.js";
import { now } from "./time.js";

const MINUTE = 60_000, SAID = [2, 5], EVERY = 5_000;
const said = new Set(); // each is said once for each planned end, also where a clock was put right in between
let before = null; // what was left at the last look, in milliseconds

export function show() {
  const left = document.getElementById("time-left"), ring = document.getElementById("ring-left");
  if (!left) return (before = null);
  const rest = new Date(left.dateTime) - now(), count = Math.ceil(rest / MINUTE);
  put(left, `${Math.abs(count)} minute${Math.abs(count) === 1 ? "" : "s"} ${count >= 0 ? "left" : "over"}`);
  ring.setAttribute("stroke-dasharray", `${share(rest, left.dataset.minutes * MINUTE)} 100`);
  left.dataset.near = rest <= 0 ? "over" : (SAID.find(at => rest <= at * MINUTE) ?? "");
  const passed = SAID.find(at => rest <= at * MINUTE && before > at * MINUTE);
  if (passed && rest > 0) once(`${passed} minutes left`, left.dateTime);
  before = rest;
}

function once(words, end) {
  if (!said.has(words + end)) say(words);
  said.add(words + end);
}

const share = (rest, whole) => Math.round(100 * Math.min(1, Math.max(0, rest / whole)));

function put(left, text) {
  if (left.textContent !== text) left.textContent = text;
}

show();
setInterval(show, EVERY);
