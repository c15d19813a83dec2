// Before somebody is signed out for want of use, say so two minutes ahead; any key stays. Afterwards they sign in
// over the page, so nothing that was typed is lost.
import { say } from "./announce.js";
import { signInAgain } from "./again.js";

const WARN = 120, SOON = 60, ASK_AGAIN = 5;
const dialog = document.getElementById("idle");
let ends = 0, final = false, timer = 0;

/** Ask the server how long is left, and come back when it matters. */
export async function watch() {
  clearTimeout(timer);
  const answer = await fetch("/session", { headers: { accept: "application/json" }, cache: "no-store" }).catch(() => null);
  if (answer?.status === 401) return over();
  if (!answer?.ok) return later(WARN);
  const { idle_in: idle, ends_in: whole } = await answer.json().catch(() => ({}));
  if (!(idle >= 0)) return later(WARN);
  final = whole <= idle;
  ends = Date.now() + Math.min(idle, whole) * 1000;
  const left = Math.min(idle, whole);
  if (left > WARN) return dialog.open ? stay() : later(left - WARN);
  if (!dialog.open) warn();
}

const later = seconds => { timer = setTimeout(watch, Math.max(ASK_AGAIN, seconds) * 1000); };

function warn() {
  dialog.querySelector(".can-stay").hidden = final;
  dialog.querySelector("button").textContent = final ? "Carry on until then" : "Stay signed in";
  dialog.showModal();
  count();
}

function count() {
  const left = Math.round((ends - Date.now()) / 1000);
  if (!dialog.open) return;
  if (left <= 0) return over();
  const minutes = Math.ceil(left / 60);
  const text = left > SOON ? `${minutes} minutes` : `${left > 45 ? 60 : left > 30 ? 45 : left > 15 ? 30 : 15} seconds`;
  const words = `You will be signed out in ${text}`;
  const node = document.getElementById("idle-words");
  if (node.textContent !== words) { node.textContent = words; say(words, { always: true }); }
  timer = setTimeout(count, 1000);
}

async function extend() {
  if (!dialog.open) return;
  dialog.close();
  if (final) return (timer = setTimeout(over, ends - Date.now()));
  await fetch("/session/extend", { method: "POST" }).catch(() => null);
  watch();
}

function stay() {
  dialog.close();
  watch();
}

async function over() {
  if (dialog.open) dialog.close();
  await signInAgain();
  watch();
}

dialog.addEventListener("keydown", extend);
dialog.addEventListener("click", extend);
dialog.addEventListener("cancel", event => event.preventDefault());
