// Hide screen: a cover over everything, by its button or by pressing Shift three times. What is behind it is neither
// seen nor read aloud, and goes on. It is lifted by the password; loading the page anew does not lift it.
import { say } from "./announce.js";
import { place } from "./again.js";

const WITHIN = 5_000, TIMES = 3;
const root = document.documentElement, dialog = document.getElementById("cover");
let title = "", back = () => {}, pressed = [];

export function hide() {
  if (!dialog || "covered" in root.dataset) return;
  back = place();
  title = document.title;
  document.title = "Huddle";
  root.dataset.covered = "";
  dialog.showModal();
  fetch("/session/cover", { method: "POST", keepalive: true }).catch(() => null);
}

function lift() {
  if (!("covered" in root.dataset)) return;
  delete root.dataset.covered;
  dialog.close();
  if (document.title === "Huddle") document.title = title;
  back();
  say("The screen is shown again");
}

async function prove(event) {
  event.preventDefault();
  const body = new URLSearchParams(new FormData(event.target)), problem = dialog.querySelector(".problem");
  const password = dialog.querySelector("[type=password]");
  problem.textContent = password.value = "";
  const answer = await fetch(event.target.action, { method: "POST", body, redirect: "manual" }).catch(() => null);
  if (answer?.status === 204) return lift();
  problem.textContent = answer ? await words(answer) : "No connection. Try again in a moment";
  password.focus();
}

async function words(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.body.textContent.trim() || "Enter the password that you sign in with";
}

if (dialog) {
  dialog.addEventListener("submit", prove);
  dialog.addEventListener("cancel", event => event.preventDefault());
  dialog.addEventListener("close", () => "covered" in root.dataset && dialog.showModal()); // Escape, pressed twice
  document.addEventListener("submit", event => {
    if (!event.target.matches(".hide-screen")) return;
    event.preventDefault();
    hide();
  });
  document.addEventListener("signed-in", lift); // the password was given just now
  document.addEventListener("keydown", event => {
    if (event.repeat) return;
    const now = Date.now();
    pressed = event.key === "Shift" ? [...pressed.filter(at => now - at < WITHIN), now] : [];
    if (pressed.length < TIMES) return;
    pressed = [];
    hide();
  }, true);
}
