// Commands and keys (Ctrl or ⌘ with K): whatever this page can do, found by its words. A command is a button or a link
// that stands on the page, so nobody is offered what is not theirs.

const dialog = document.getElementById("palette"), text = document.getElementById("palette-text");
const list = document.getElementById("palette-list"), none = document.getElementById("palette-none");
const MOST = 12;
const SOURCES = ".nav a, .danger > summary, .hide-screen button, #yours :is(a, button, summary), .tools :is(a, button), "
  + "#banner button, .pane-head button, .room-tabs a, .foot a, .sign-out button, .back";
const mac = /Mac|iPhone|iPad/.test(navigator.platform);
let found = [], at = 0;

export function open() {
  if (!dialog || document.querySelector("dialog[open]")) return;
  text.value = "";
  dialog.showModal();
  offer();
  text.focus();
}

/** Each once, by its words, as long as it can be used. */
function commands() {
  const known = new Map();
  for (const node of document.querySelectorAll(SOURCES)) {
    const words = wordsOf(node);
    if (words && !node.hidden && !node.disabled && !known.has(words)) known.set(words, () => use(node));
  }
  return [...known].map(([words, act]) => ({ words, act }));
}

/** As it is read out: without what only eyes are shown. */
function wordsOf(node) {
  const read = node.cloneNode(true);
  read.querySelectorAll("[aria-hidden=true]").forEach(part => part.remove());
  return read.textContent.trim().replace(/\s+/g, " ");
}

/** A part that is folded away, or on a phone another part of the room, is gone to first. */
function use(node) {
  const part = node.closest("[id^=see-]");
  if (part && getComputedStyle(part).display === "none") location.hash = part.id;
  if (node.matches("summary")) node.parentNode.open = true;
  else return node.click();
  (node.parentNode.querySelector("a, input, select, textarea, button") ?? node).focus();
}

function offer() {
  const asked = text.value.trim().toLowerCase();
  const matching = commands().filter(({ words }) => asked.split(/\s+/).every(word => words.toLowerCase().includes(word)));
  found = [...matching.slice(0, MOST), ...search(text.value.trim())];
  at = 0;
  list.replaceChildren(...found.map(option));
  none.hidden = found.length > 0;
  choose(0);
}

/** Families are looked for by their own page; not while others look at this screen too. */
function search(words) {
  if (!words || document.body.matches(".presenting")) return [];
  return [{ words: `Find a family: “${words}”`, act: () => find(words) }];
}

function find(words) {
  const form = document.createElement("form"), field = document.createElement("input");
  Object.assign(form, { method: "post", action: "/families" });
  Object.assign(field, { type: "hidden", name: "words", value: words });
  form.append(field);
  document.body.append(form);
  form.requestSubmit();
}

function option({ words }, number) {
  const node = document.createElement("li");
  Object.assign(node, { id: `palette-${number}`, role: "option", textContent: words });
  node.addEventListener("click", () => run(number));
  return node;
}

function choose(number) {
  if (!found.length) return text.removeAttribute("aria-activedescendant");
  at = (number + found.length) % found.length;
  for (const [n, node] of [...list.children].entries()) node.ariaSelected = String(n === at);
  text.setAttribute("aria-activedescendant", `palette-${at}`);
  list.children[at].scrollIntoView({ block: "nearest" });
}

function run(number) {
  const command = found[number];
  if (!command) return;
  dialog.close();
  command.act();
}

const MOVES = { ArrowDown: () => choose(at + 1), ArrowUp: () => choose(at - 1), Enter: () => run(at) };

if (dialog) {
  text.addEventListener("input", offer);
  text.addEventListener("keydown", event => {
    if (!MOVES[event.key]) return;
    event.preventDefault();
    MOVES[event.key]();
  });
  document.addEventListener("keydown", event => {
    const held = mac ? event.metaKey : event.ctrlKey;
    if (!held || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    open();
  });
  document.addEventListener("click", event => event.target.closest("[data-do=palette]") && open());
  for (const button of document.querySelectorAll("[data-do=palette]")) button.hidden = false;
}
