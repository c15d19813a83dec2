// Small forms of the room (the chair's phases, taking the chair) are sent without leaving the page, so that nothing
// typed is lost. What follows from them comes with the next frame; a refusal is shown in its own words.
import { signInAgain } from "./again.js";

const dialog = document.getElementById("refused");

document.addEventListener("submit", async event => {
  const form = event.target.closest("[data-act]");
  if (!form) return;
  event.preventDefault();
  const answer = await send(form);
  if (answer?.status === 401) return signInAgain().then(() => form.requestSubmit());
  if (answer?.ok || answer?.type === "opaqueredirect") return form.closest("details")?.removeAttribute("open");
  dialog.querySelector("p").textContent = answer ? await words(answer) : "No connection. This needs one. Try again in a moment.";
  dialog.showModal();
});

const send = form => fetch(form.action, {
  method: "POST",
  body: new URLSearchParams(new FormData(form)),
  headers: { accept: "text/html" },
  redirect: "manual",
}).catch(() => null);

async function words(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const said = page.querySelector(".summary ul, #words") ?? page.querySelector("h1");
  return said?.textContent.trim() || "Nothing was recorded. Try again.";
}
