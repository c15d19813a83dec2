// Which of what arrives is said aloud: decisions, actions and the chair's phases always; each contribution and
// who comes and goes only for somebody who asked for all. Never what was written.
import { digest, report, say } from "./announce.js";

const MANY = 2, COMING_AND_GOING = 30_000;
const sayAll = document.getElementById("say-all");
const moved = digest(COMING_AND_GOING, count => say(count === 1 ? "1 person came or went" : `${count} people came or went`));

export const phaseNow = () => document.querySelector("#phases [aria-current]")?.firstChild.textContent.trim();

/** `added` lines have arrived; `phase` is what it was before them; one's own lines are not news. */
export function announce(added, phase, me) {
  const others = added.filter(line => line.dataset.by !== me);
  for (const line of others) if (line.dataset.announce) report(line.dataset.announce, line.dataset.announce.split(": ")[0]);
  if (phaseNow() !== phase && phaseNow()) report(`Now: ${phaseNow()}`);
  if (!sayAll.checked) return;
  const told = others.filter(line => line.dataset.said);
  if (told.length > MANY) say(`${told.length} lines added`);
  else for (const line of told) say(line.dataset.said);
  for (const line of others) if (line.matches(".line-event:not([data-announce])")) moved();
}
