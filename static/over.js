// The huddle was closed while this page was open. What was on its way is sent as a late entry; what stands in the
// box is kept until its writer sends it, copies it or goes. Only then does the page become the minutes.
import { begun } from "./composer.js";
import * as connection from "./connection.js";
import * as line from "./line.js";
import * as unsaved from "./unsaved.js";

let closed = "";

export const over = () => closed !== "";

export async function leave(minutes) {
  closed = minutes;
  line.stop();
  for (const { key, body, draft } of unsaved.outgoing()) await post({ do: "contribute", key, body, draft });
  if (!begun() && !unsaved.count()) return location.assign(minutes);
  connection.closed(minutes);
}

/** One act by a request, answered as by the line. When nothing is left here, on to the minutes. */
export async function post(message) {
  const answer = await fetch(location.pathname + "/acts", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(message),
  }).catch(() => null);
  const said = await answer?.json().catch(() => null);
  if (said?.type === "saved") unsaved.saved(said);
  else unsaved.refused({ key: message.key, message: said?.message ?? "Not saved. Copy the text, or try again." });
  if (!begun() && !unsaved.count()) location.assign(closed);
}
