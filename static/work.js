// Keys of My work: F6 opens what is to be updated next and goes to its first field, Shift with F6 the one before. No
// letter does anything by itself: somebody may be speaking to their computer. And the list is printed by its button.

const rows = () => [...document.querySelectorAll(".update")].filter(row => row.checkVisibility());
const FIRST = ":is(input, textarea, button):not([type=hidden])";

function beside(step) {
  const all = rows(), here = all.findIndex(row => row.contains(document.activeElement));
  if (!all.length) return null;
  if (here < 0) return step > 0 ? all[0] : all.at(-1);
  return all[(here + step + all.length) % all.length];
}

/** Whether nothing was typed or chosen in it. */
const untouched = row => [...row.querySelectorAll("input, textarea")].every(
  field => field.value === field.defaultValue && field.checked === field.defaultChecked);

function open(row, before) {
  if (before && before !== row && untouched(before)) before.open = false;
  row.open = true;
  const field = row.querySelector(FIRST);
  field.focus({ preventScroll: true });
  row.closest(".owed").scrollIntoView({ block: "nearest" });
  field.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", event => {
  if (event.key !== "F6" || document.querySelector("dialog[open]")) return;
  const row = beside(event.shiftKey ? -1 : 1);
  if (!row) return;
  event.preventDefault();
  open(row, document.activeElement.closest(".update"));
});

const print = document.querySelector("[data-do=print]");
print.hidden = false;
print.addEventListener("click", () => window.print());
for (const row of document.querySelectorAll(".keys-work")) row.hidden = false;
