// Keys of the live room: from part to part, from line to line, and in the empty box. Single letters do something only
// while the lines have the focus, and can be switched off: somebody may be speaking to their computer.
import * as reading from "./reading.js";

const log = document.getElementById("log"), letters = document.getElementById("letters");
const PARTS = ["log", "text", "see-picture", "see-people", "see-yours"];
const YEAR = 365 * 24 * 3600;
const TYPES = {
  "/fact": ["basis", "observed_fact"],
  "/opinion": ["basis", "professional_opinion"],
  "/child": ["voice_of"],
  "/restricted": ["audience", "named"],
};

const shown = node => node.checkVisibility();
const lines = () => [...log.querySelectorAll("#lines > .line")];

/** The next part that is shown, from the one that has the focus. */
function nextPart(step) {
  const parts = PARTS.map(id => document.getElementById(id)).filter(shown);
  const holder = parts.findIndex(part => part.contains(document.activeElement) || inBox(part));
  const part = parts[(holder + step + parts.length) % parts.length] ?? parts[0];
  if (!part.matches("textarea, [tabindex]")) part.tabIndex = -1;
  part.focus();
}

const inBox = part => part.id === "text" && part.form.contains(document.activeElement);

function goTo(line) {
  if (!line) return;
  line.tabIndex = -1;
  line.focus({ preventScroll: true });
  line.scrollIntoView({ block: "nearest" });
}

function beside(step) {
  const all = lines(), here = all.indexOf(document.activeElement.closest(".line"));
  goTo(here < 0 ? all.at(-1) : all[here + step]);
}

const LETTERS = {
  j: () => beside(1),
  k: () => beside(-1),
  n: () => goTo(reading.firstUnread()),
  c: () => correct(document.activeElement.closest(".line")),
};

function correct(line) {
  const link = line?.querySelector(".line-acts a");
  if (link && shown(link)) link.click();
}

log.addEventListener("keydown", event => {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.matches("input, textarea, select");
  const act = letters.checked && plain && LETTERS[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});

document.addEventListener("keydown", event => {
  if (event.key !== "F6" || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  nextPart(event.shiftKey ? -1 : 1);
});

// In the box -------------------------------------------------------------------

const form = document.getElementById("composer"), text = form.elements.text;

text.addEventListener("keydown", event => {
  if (event.key !== "ArrowUp" || text.value) return;
  event.preventDefault();
  const back = document.querySelector("#unsaved [data-do=edit]");
  if (back && shown(back)) back.click();
  else correct(lines().filter(line => line.dataset.by === form.dataset.me && line.querySelector(".line-acts")).at(-1));
});

/** A kind at the beginning is taken out of the text and chosen below it. */
text.addEventListener("input", () => {
  const [all, word] = text.value.match(/^(\/[a-z]+)[ \n]/) ?? [];
  if (!TYPES[word]) return;
  text.value = text.value.slice(all.length);
  const [name, value] = TYPES[word];
  put(name, value);
  form.dispatchEvent(new Event("change", { bubbles: true }));
});

function put(name, value) {
  if (name === "audience") return document.getElementById("audience-named").click();
  const field = form.elements[name];
  if (value) return (field.value = value);
  form.querySelector(".more").open = true;
  if (field.options.length === 2) field.selectedIndex = 1;
  else field.focus();
}

letters.checked = !document.cookie.includes("huddle-letters=off");
letters.addEventListener("change", () => {
  document.cookie = `huddle-letters=${letters.checked ? "on" : "off"}; path=/; max-age=${YEAR}; samesite=lax`;
});
for (const row of document.querySelectorAll(".keys-room")) row.hidden = false;
