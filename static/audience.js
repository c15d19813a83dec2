// Who will see what is written: everyone in the team, or only named people, listed before it is sent. Text never
// moves silently from one to the other.

const form = document.getElementById("composer");
const send = document.getElementById("send"), words = document.getElementById("who-sees");
const question = document.getElementById("audience-question");
const nameOf = person => form.querySelector(`[data-name][data-ids="${CSS.escape(person)}"]`)?.dataset.name ?? "somebody else";

export const restricted = () => form.elements.audience.value === "named";

/** The people who would read it beside its author, as they are listed. */
export function readers() {
  const chosen = [...form.querySelectorAll(".named input:checked")].flatMap(box => box.dataset.ids.split(" "));
  return [...new Set(chosen)].filter(person => person && person !== form.dataset.me);
}

/** After the choice changed: with text in the box, ask what is to become of it. */
export function ask(text) {
  describe();
  if (!text.value.trim()) return;
  const wider = !restricted();
  question.querySelector(".wider").hidden = !wider;
  question.querySelector(".narrower").hidden = wider;
  question.returnValue = "";
  question.showModal();
  question.onclose = () => {
    if (question.returnValue === "clear") text.value = "";
    if (!["clear", "keep"].includes(question.returnValue)) back();
    describe();
    (restricted() ? form.querySelector(".named input") : text).focus();
  };
}

function back() {
  form.elements.audience.value = restricted() ? "everyone" : "named";
}

function describe() {
  const people = readers().map(nameOf);
  const count = people.length;
  send.textContent = !restricted() ? "Send" : count ? `Send to ${count} ${count === 1 ? "person" : "people"}` : "Choose who";
  words.textContent = count ? `Only ${listed(["you", ...people])} will see this` : "Choose who will see this";
}

function listed(people) {
  return `${people.slice(0, -1).join(", ")} and ${people.at(-1)}`;
}

form.elements.text.addEventListener("focus", () => (form.querySelector(".audience").open = false));
form.addEventListener("change", describe);
describe();
