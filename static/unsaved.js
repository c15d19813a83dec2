// Lines on their way. Each is shown at once as what it is, "Not saved yet", and leaves when it is saved and its
// line has arrived. They are kept in this page's memory and nowhere else, and sent again with the same key.
import { say, alarm } from "./announce.js";
import { clock, now } from "./time.js";

const WORRY_AFTER = 5000;
const list = document.getElementById("unsaved"), pattern = document.getElementById("unsaved-line");
const lines = new Map(); // key → { key, body, draft, node, state, stream, seq }

/** Show a line that is about to be sent. */
export function keep(key, body, draft = false) {
  const node = pattern.content.firstElementChild.cloneNode(true);
  node.querySelector(".said").textContent = body.text;
  node.dataset.key = key;
  list.append(node);
  const line = { key, body, draft, node, state: "waiting" };
  lines.set(key, line);
  state(line, "Not saved yet");
  setTimeout(() => worry(line), WORRY_AFTER);
  return line;
}

/** Those to send (again), in the order in which they were written. */
export const outgoing = () => [...lines.values()].filter(line => line.state === "waiting");
export const count = () => [...lines.values()].filter(line => line.state !== "saved").length;

export function saved({ key, stream, seq }) {
  const line = lines.get(key);
  if (!line) return;
  Object.assign(line, { state: "saved", stream, seq });
  state(line, `Saved ${clock(now())}`);
  say("Saved");
  arrived();
}

/** Let go of saved lines whose own line stands in the log. */
export function arrived() {
  for (const line of lines.values())
    if (line.state === "saved" && standing(line)) drop(line);
}

export function refused({ key, message }) {
  const line = lines.get(key);
  if (!line) return;
  line.state = "failed";
  line.node.classList.add("unsaved-failed");
  line.node.querySelector(".unsaved-acts").hidden = false;
  state(line, `Failed – ${message}`);
  alarm("Your last line is not saved");
}

const standing = ({ stream, seq }) =>
  document.querySelector(`#lines > [data-stream="${CSS.escape(stream)}"][data-seq="${seq}"]`);

function drop(line) {
  line.node.remove();
  lines.delete(line.key);
}

function state(line, words) {
  line.node.querySelector(".unsaved-words").textContent = words;
}

function worry(line) {
  if (line.state !== "waiting" || !lines.has(line.key)) return;
  state(line, "Not saved yet – trying again");
  line.node.querySelector(".unsaved-acts").hidden = false;
  alarm("Your last line is not saved");
}

/** What the buttons on an unsaved line do; `again(line)` sends it, `edit(line)` takes it back into the box. */
export function acts({ again, edit }) {
  list.addEventListener("click", async event => {
    const line = lines.get(event.target.closest("[data-key]")?.dataset.key);
    const act = event.target.closest("[data-do]")?.dataset.do;
    if (!line || !act) return;
    if (act === "copy") {
      await navigator.clipboard.writeText(line.body.text);
      say("Copied");
    } else if (act === "again") {
      line.state = "waiting";
      line.node.classList.remove("unsaved-failed");
      state(line, "Not saved yet");
      again(line);
    } else if (edit(line)) drop(line);
  });
}
