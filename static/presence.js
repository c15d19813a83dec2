// Who is here and who is writing: ephemeral, told by the server, never recorded.

import * as chair from "./chair.js";

let here = new Set();
const typing = document.getElementById("typing");

export function told({ here: people, typing: writers }) {
  const names = writers.filter(person => person !== typing.dataset.me).map(nameOf);
  here = new Set(people);
  show();
  typing.textContent = names.length ? `${names.join(" and ")} ${names.length === 1 ? "is" : "are"} writing…` : "";
}

/** Mark the seats; again after they were rendered anew. */
export function show() {
  for (const seat of document.querySelectorAll("[data-person]"))
    seat.dataset.here = here.has(seat.dataset.person) ? "yes" : "no";
  chair.look();
}

const nameOf = person =>
  document.querySelector(`[data-person="${CSS.escape(person)}"] .seat-name`)?.textContent ?? person;
