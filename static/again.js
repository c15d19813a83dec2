// Signing in again in a dialog over the page: what was typed stays, and the caret returns to where it was.

const dialog = document.getElementById("again");
let waiting = null;

/** Resolves once somebody has signed in again. */
export function signInAgain() {
  waiting ??= new Promise(resolve => {
    const back = place();
    dialog.showModal();
    dialog.oncancel = event => event.preventDefault();
    dialog.onsubmit = async event => {
      event.preventDefault();
      if (!await accepted(event.target)) return;
      dialog.close();
      document.dispatchEvent(new Event("signed-in"));
      back();
      waiting = null;
      resolve();
    };
  });
  return waiting;
}

/** Where somebody was writing, as a way back to it. */
export function place() {
  const field = document.activeElement, { selectionStart: start, selectionEnd: end } = field;
  return () => {
    field.focus({ preventScroll: true });
    if (start != null) field.setSelectionRange(start, end);
  };
}

async function accepted(form) {
  const problem = dialog.querySelector(".problem"), password = dialog.querySelector("[type=password]");
  const body = new URLSearchParams(new FormData(form));
  problem.textContent = password.value = "";
  const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => null);
  if (answer?.status === 204 || answer?.type === "opaqueredirect") return true;
  problem.textContent = answer ? await words(answer) : "No connection. Try again in a moment";
  password.focus();
  return false;
}

async function words(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.body.textContent.trim() || "Enter the password that you sign in with";
}
