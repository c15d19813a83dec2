// When something happened, from three boxes and a time to what the record keeps: as exact as was written.

const TIME = /^(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?$/i;
const two = number => String(number).padStart(2, "0");

/** `{ happened, precision }`. What cannot be read is passed on as it was typed, and refused in words. */
export function happened(typed) {
  const [day, month, year, time] = ["day", "month", "year", "time"].map(part => (typed.get(`happened-${part}`) ?? "").trim());
  if (!day && !month && !year && !time) return { happened: "", precision: "unknown" };
  const about = typed.get("precision") === "approximate";
  const parts = [/^\d{4}$/.test(year) && year, month && two(month), day && two(day)];
  const date = parts.slice(0, day ? 3 : 2).join("-");
  const precision = about ? "approximate" : !day ? "month" : time ? "exact" : "day";
  return { happened: time && day ? `${date}T${clock(time)}` : date, precision };
}

function clock(time) {
  const [, hour, minute = "00", half] = TIME.exec(time) ?? [];
  if (!hour) return time;
  const late = half?.toLowerCase() === "pm", twelve = Number(hour) === 12;
  return `${two(Number(hour) + (late && !twelve ? 12 : 0) - (half && !late && twelve ? 12 : 0))}:${minute}`;
}
