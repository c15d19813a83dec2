// What is said to somebody who listens rather than looks. One polite and one urgent node for the whole page;
// never the text of a contribution, never more than 140 characters, and what others do at most twice in a minute.

const LONGEST = 140, GATHER = 300, SETTLE = 50, MOST = 2, WITHIN = 61_000;
let waiting = [], news = [], told = [], telling = 0;

/** Whether the screen is hidden: then nothing is heard of what is behind it. */
const hidden = () => "covered" in document.documentElement.dataset;

/** Say something politely; what comes within a moment is said together. `always`: of the session, not the page. */
export function say(text, { always = false } = {}) {
  if (hidden() && !always) return;
  if (!waiting.length) setTimeout(speak, GATHER);
  if (!waiting.includes(text)) waiting.push(text);
}

/** Say what others did: at most twice in any minute. What comes in between is said together, each in `short`. */
export function report(text, short = text) {
  news.push({ text, short });
  telling ||= setTimeout(speakNews, untilNews());
}

function untilNews() {
  told = told.filter(at => at > Date.now() - WITHIN);
  return told.length < MOST ? GATHER : told[0] + WITHIN - Date.now();
}

function speakNews() {
  say(news.length === 1 ? news[0].text : [...new Set(news.map(({ short }) => short))].join(", "));
  told.push(Date.now());
  [news, telling] = [[], 0];
}

/** Say something at once. For what is not saved, and for what is now yours to do. */
export function alarm(text) {
  if (!hidden()) put("alert", text);
}

function speak() {
  put("status", waiting.join(". "));
  waiting = [];
}

/** Behind an open dialog nothing is heard, so the node goes to where somebody is. */
function put(id, text) {
  const node = document.getElementById(id), place = document.querySelector("dialog[open]") ?? document.body;
  if (node.parentNode !== place) place.append(node);
  node.textContent = "";
  setTimeout(() => (node.textContent = text.slice(0, LONGEST)), SETTLE);
}

/** At most one call in `ms`; those between are counted. `tell(count)` words them. */
export function digest(ms, tell) {
  let count = 0, timer = 0;
  return () => {
    count += 1;
    timer ||= setTimeout(() => { tell(count); count = timer = 0; }, ms);
  };
}
