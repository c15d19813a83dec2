// What stands in the form that says so (data-draft: where to) is kept on the server as a draft, two seconds after
// somebody stops writing: theirs alone, and nowhere on this device. Emptied or sent, it is a draft no more.
import { clock } from "./time.js";

const PAUSE = 2_000, RETRY = 5_000;
const form = document.querySelector("form[data-draft]"), state = document.getElementById("draft-state");
const again = document.getElementById("again-draft");
let kept = "", exists = false, timer = 0, busy = false, over = false;

/** Whether the server has all of what stands in the box. */
export const safe = () => empty() || (exists && snapshot() === kept);

/** The box was sent. Whether the server has something of it, and so has to let go of it. */
export function sent() {
  const had = exists || busy;
  clearTimeout(timer);
  exists = busy; // what is on its way at this moment is let go of once it has come
  kept = snapshot();
  say("");
  return had;
}

/** Whether nothing is written there. In the box the text alone counts. */
function empty() {
  const written = form.elements.text ? [form.elements.text] : [...form.querySelectorAll("textarea, .input")];
  return written.every(field => field.value.trim() === "");
}

function snapshot() {
  const filled = new URLSearchParams(empty() ? "" : new FormData(form));
  filled.delete("key");
  return filled.toString();
}

function say(words) {
  state.textContent = words;
}

function changed() {
  if (over || snapshot() === kept) return;
  if (!empty()) say("Draft");
  later(empty() ? 0 : PAUSE);
}

function later(ms) {
  clearTimeout(timer);
  timer = setTimeout(save, ms);
}

async function save() {
  if (busy || over) return;
  if (empty() && !exists) return say("");
  const saving = snapshot();
  busy = true;
  const answer = await send(saving);
  busy = false;
  if (answer?.ok) done(saving, answer);
  else if ([400, 413].includes(answer?.status)) say("Draft not saved");
  else if ([403, 404].includes(answer?.status)) over = true;
  else {
    say(empty() ? "" : "Draft not saved");
    later(RETRY);
  }
}

const send = body => fetch(form.dataset.draft, {
  method: "POST",
  body: new URLSearchParams(`${body}&key=${encodeURIComponent(form.elements.key.value)}`),
  headers: { accept: "application/json" },
  redirect: "manual",
  keepalive: true,
}).catch(() => null);

async function done(saving, answer) {
  const { saved_at: at } = answer.status === 204 ? {} : await answer.json();
  exists = Boolean(at);
  kept = saving;
  if (at) again.textContent = `What you wrote was saved as a draft at ${clock(new Date(at))}.`;
  again.hidden = !at;
  if (snapshot() !== saving) return changed();
  say(at ? `Draft saved ${clock(new Date(at))}` : "");
}

function begin() {
  exists = state.textContent.trim() !== "";
  for (const what of ["input", "change"]) form.addEventListener(what, changed);
  form.addEventListener("submit", () => clearTimeout(timer));
  // On a slow line somebody writes before this has come.
  const fields = [...form.querySelectorAll("textarea, .input")];
  if (fields.some(field => field.value !== (field.defaultValue ?? field.value))) changed();
  else kept = snapshot();
}

if (form) begin();
