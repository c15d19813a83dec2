// Whether the chair is connected. After a minute without, every screen says so and the named deputy is offered the
// chair; nobody is given it. Presence only shows: no act depends on it.
import { say } from "./announce.js";

const PATIENCE = 60_000;
const root = document.documentElement;
let timer = 0;

/** The seats were marked anew: begin to wait, or stop waiting. */
export function look() {
  const seat = document.querySelector("[data-chair='came']");
  if (seat?.dataset.here !== "no") return back();
  timer ||= setTimeout(away, PATIENCE);
}

function back() {
  clearTimeout(timer);
  timer = 0;
  if (root.dataset.chair) say("The chair is back");
  delete root.dataset.chair;
}

/** Only where our own line holds do we know anything of the chair's. */
function away() {
  if (!["live", "slow"].includes(document.getElementById("connection").dataset.state)) return (timer = 0);
  root.dataset.chair = "away";
  document.getElementById("take-chair")?.setAttribute("open", "");
  say("The chair has no connection. Everything can still be written");
}
