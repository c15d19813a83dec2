// Updates can be paused: what comes is kept in order and applied on Resume. The page then says how much waits.
import { say } from "./announce.js";

const MOST = 200; // messages; past them the whole page is fetched instead
const bar = document.getElementById("paused"), words = document.getElementById("paused-words");
const buttons = () => document.querySelectorAll("[data-do=pause]");
let paused = false, page = false, kept = [], resume = () => {};
const lines = new Set();

/** `resume(messages, page)` applies what was kept; `page`: the whole page must be fetched. */
export function begin(given) {
  resume = given.resume;
  for (const button of buttons()) button.hidden = false;
  document.addEventListener("click", event => event.target.closest("[data-do=pause]") && toggle());
}

export function toggle() {
  paused = !paused;
  for (const button of buttons()) button.textContent = paused ? "Resume updates" : "Pause updates";
  bar.hidden = !paused;
  if (paused) count();
  else go();
  say(paused ? "Updates are paused" : "Updates go on");
}

/** Whether a message waits. */
export function keeps(message) {
  if (!paused) return false;
  for (const part of message.parts ?? []) note(parsed(part));
  kept.push(message);
  if (kept.length > MOST) keepsPage();
  count();
  return true;
}

/** Whether the whole page waits: nothing that came before it matters any more. `main`: as it was fetched. */
export function keepsPage(main) {
  if (!paused) return false;
  [page, kept] = [true, []];
  main?.querySelectorAll(".line").forEach(note);
  count();
  return true;
}

function note(part) {
  if (part.matches(".line") && !document.getElementById(part.id)) lines.add(part.id);
}

function parsed(text) {
  const part = document.createElement("template");
  part.innerHTML = text;
  return part.content.firstElementChild;
}

function count() {
  const many = lines.size;
  const waiting = many ? `${many} new line${many === 1 ? "" : "s"} waiting.` : page ? "Changes are waiting." : "Nothing new so far.";
  words.textContent = `Updates are paused. ${waiting}`;
}

function go() {
  const waited = [kept, page];
  [kept, page] = [[], false];
  lines.clear();
  resume(...waited);
}
