// Puts whole partials into the page. An element whose id is there is morphed in place, so focus, caret and
// typed text stay; another goes to the end of the list named by its data-into. Twice is the same as once.
import { word } from "./time.js";

const FRESH_FOR = 10_000;

/** Apply a frame. Returns the elements that were not on the page before. */
export const apply = texts => parts(texts).filter(part => there(part) ? morph(part) : add(part));

/** Apply earlier lines that changed: only where they are open. */
export const touch = (texts = []) => parts(texts).filter(there).forEach(morph);

const there = part => document.getElementById(part.id);

/** One element of each text, parsed by itself: a cell beside a list item would be lost. */
const parts = texts => texts.map(text => {
  const frame = document.createElement("template");
  frame.innerHTML = text;
  return frame.content.firstElementChild;
});

function morph(part) {
  const old = there(part);
  const before = old.textContent;
  htmx.swap({ text: part.outerHTML, target: old, swap: "outerMorph" });
  const standing = document.getElementById(part.id);
  word(standing.parentNode);
  if (standing.matches(".line, .cell") && standing.textContent !== before) freshen(standing);
  return false;
}

function add(part) {
  const list = document.getElementById(part.dataset.into);
  if (!list) return false;
  list.append(part);
  htmx.process(part);
  word(part);
  freshen(part);
  return true;
}

/** A static bar for ten seconds: no flash, nothing moves. */
function freshen(element) {
  element.dataset.fresh = "";
  setTimeout(() => element.removeAttribute("data-fresh"), FRESH_FOR);
}

/** The main part of this page as it would be opened now, or null. Of a huddle that was closed, its minutes. */
export async function look() {
  const answer = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-store" });
  if (answer.status === 404 || answer.status === 403) return null;
  if (!answer.ok) throw new Error("not available");
  const main = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("main");
  if (answer.redirected && !main.dataset.minutes) throw new Error("not available");
  return main;
}

/** Morph the main part of this page into another, which `look` fetched. */
export function replace(main) {
  htmx.swap({ text: main.outerHTML, target: "#main", swap: "outerMorph" });
  word();
}
