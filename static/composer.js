// The box for what your agency knows: what it holds as the body of an act, and the line it becomes. Enter is a
// new line; Ctrl or ⌘ with Enter sends. After sending, the caret stays in the box.
import { restricted, readers, ask } from "./audience.js";
import { sent } from "./drafts.js";

const TYPING_EVERY = 1000;
const NEEDED = {
  text: "Enter what your agency knows",
  domain: "Choose which part of life this is about",
  basis: "Choose how you know this",
  bearing: "Choose what this means for the children",
};

const form = document.getElementById("composer");
const text = form.elements.text;
const written = new WeakMap(); // the body of an act → the form as it was filled in
let typedAt = 0;

/** `send(body, draft)` takes a finished contribution and whether a draft of it was kept; `typing()` says that somebody writes (never what). */
export function compose({ send, typing }) {
  form.addEventListener("submit", event => {
    event.preventDefault();
    const said = body(), problem = missing(said);
    show(problem);
    if (problem) return;
    written.set(said, new FormData(form));
    clear();
    send(said, sent());
  });
  form.addEventListener("keydown", event => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  text.addEventListener("input", () => {
    if (restricted() || Date.now() - typedAt < TYPING_EVERY) return;
    typedAt = Date.now();
    typing();
  });
  form.addEventListener("change", event => {
    if (event.target.name === "audience") ask(text);
  });
}

/** Whether there is something in the box. */
export const begun = () => text.value.trim() !== "";

/** Take a line back into the box, with everything that was chosen for it and for whom it was written, unless
    another text stands there. */
export function edit({ body }) {
  if (begun()) return false;
  for (const field of form.elements) put(field, written.get(body).getAll(field.name));
  form.querySelector(".more").open = true;
  form.dispatchEvent(new Event("change"));
  text.focus();
  return true;
}

function body() {
  const typed = new FormData(form), open = !restricted();
  return {
    text: typed.get("text"),
    domain: typed.get("domain"),
    basis: typed.get("basis"),
    bearing: typed.get("bearing") ?? "",
    about: typed.getAll("about"),
    happened: happened(typed),
    precision: typed.get("precision") || "unknown",
    confidence: typed.get("confidence"),
    verbatim: typed.has("verbatim"),
    voice_of: typed.get("voice_of"),
    named: open ? [] : typed.getAll("named"),
    expected_readers: open ? [] : readers(),
  };
}

/** As somebody would write it: "12/3/2026 8:50am", "3/2026". The server reads it, and says so if it can't. */
function happened(typed) {
  const [day, month, year, time] = ["day", "month", "year", "time"].map(part => typed.get(`happened-${part}`).trim());
  return [[day, month, year].filter(Boolean).join("/"), time].filter(Boolean).join(" ");
}

function missing(said) {
  if (!said.text.trim()) return ["text", NEEDED.text];
  const name = ["domain", "basis", "bearing"].find(field => !said[field]);
  if (name) return [name, NEEDED[name]];
  if (said.verbatim && !said.voice_of) return ["voice_of", "Choose the child whose own words these are"];
  if (restricted() && !said.expected_readers.length) return ["audience", "Choose who else will see this"];
}

function show(problem) {
  const words = document.getElementById("composer-problem");
  words.hidden = !problem;
  words.textContent = problem?.[1] ?? "";
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
  if (!problem) return;
  const field = document.getElementById(problem[0]);
  field.closest("details")?.setAttribute("open", "");
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", words.id);
  field.focus();
}

/** Everything but who may see it: the next line is not shown to more people because this one was sent. */
function clear() {
  const kept = [...form.querySelectorAll(".audience input")].map(input => [input, input.checked]);
  form.reset();
  text.value = "";
  for (const [input, checked] of kept) input.checked = checked;
  form.querySelector(".more").open = false;
  text.focus();
}

function put(field, values) {
  if (field.matches("[type=checkbox], [type=radio]")) field.checked = values.includes(field.value);
  else if (field.matches("textarea, select, .input")) field.value = values[0] ?? "";
}

// Folding the empty box away moves the log: not between pressing something there and letting go of it.
document.addEventListener("pointerdown", () => form.classList.toggle("held", form.contains(document.activeElement)), true);
for (const over of ["pointerup", "pointercancel"])
  document.addEventListener(over, () => setTimeout(() => form.classList.remove("held")), true);
