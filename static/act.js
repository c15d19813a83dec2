// The line that becomes an action: chips while one writes, sent without leaving the room. How it is understood is
// asked of the server, so there is one reading. What was typed stays until it is recorded.
import { signInAgain } from "./again.js";

const PAUSE = 250;
const form = document.getElementById("act");
const line = form.elements.line, chips = document.getElementById("chips"), problem = document.getElementById("act-problem");
let waiting = 0, asked = 0, key = crypto.randomUUID();

line.addEventListener("input", () => {
  clearTimeout(waiting);
  key = crypto.randomUUID();
  waiting = setTimeout(read, PAUSE);
});

form.addEventListener("submit", event => {
  if (chips.querySelector("[data-kind=audience]")) return; // who will see it is listed on a page of its own
  event.preventDefault();
  agree();
});

chips.addEventListener("click", event => {
  const off = event.target.closest(".chip-off");
  if (!off) return;
  line.value = line.value.replace(off.dataset.typed, `"${off.dataset.typed}"`);
  line.focus();
  read();
});

async function read() {
  const mine = ++asked;
  const answer = await post(form.dataset.read, { line: line.value });
  if (mine !== asked || !answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  chips.replaceChildren(...page.getElementById("chips").childNodes);
  for (const off of chips.querySelectorAll(".chip-off")) off.hidden = false;
}

async function agree() {
  const answer = await post(form.action, { line: line.value, key });
  if (answer?.status === 401) return signInAgain().then(agree);
  if (answer?.ok || answer?.type === "opaqueredirect") return done();
  show(answer ? await words(answer) : "No connection. This needs one. Try again in a moment.");
}

function done() {
  clearTimeout(waiting);
  asked++;
  key = crypto.randomUUID();
  line.value = "";
  chips.replaceChildren();
  show("");
}

/** In words beside the line, unless a chip says it already. */
function show(said) {
  const chip = [...chips.querySelectorAll(".chip-wrong")].some(wrong => wrong.textContent.includes(said));
  problem.hidden = !said || chip;
  problem.textContent = said;
  line.toggleAttribute("aria-invalid", Boolean(said));
  line.focus();
}

async function words(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const said = page.querySelector(".summary li, #words") ?? page.querySelector("h1");
  return said?.textContent.trim() || "Nothing was recorded. Try again.";
}

const post = (address, fields) => fetch(address, {
  method: "POST",
  body: new URLSearchParams(fields),
  headers: { accept: "text/html" },
  redirect: "manual",
}).catch(() => null);
