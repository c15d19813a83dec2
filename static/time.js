// Moments are worded here by the server's clock, so that what the server sends is the same for everybody and
// at every time. Without this module each <time> shows its whole date.

const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR, WEEK = 7 * DAY, YEAR = 365 * DAY;
const OLD = 4 * WEEK;
const meta = name => document.querySelector(`meta[name="${name}"]`)?.content;
const timeZone = meta("time-zone") || undefined;
const format = options => new Intl.DateTimeFormat("en-GB", { timeZone, ...options });

const hour = format({ hour: "2-digit", minute: "2-digit" });
const date = format({ day: "numeric", month: "short" });
const dateOfYear = format({ day: "numeric", month: "short", year: "numeric" });
const whole = format({ weekday: "long", day: "numeric", month: "long", year: "numeric" });

let ahead = 0; // milliseconds by which the server's clock is ahead of this one

/** Set the clock by the server's. */
export function sync(now) {
  if (now) ahead = new Date(now).getTime() - Date.now();
}

export const now = () => new Date(Date.now() + ahead);
export const clock = at => hour.format(at);

const WORDS = {
  clock: at => dateOfYear.format(at) === dateOfYear.format(now()) ? hour.format(at) : `${shortDate(at)}, ${hour.format(at)}`,
  day: at => dateOfYear.format(at) === dateOfYear.format(now()) ? `Today, ${whole.format(at)}` : whole.format(at),
  ago: at => long(now() - at),
  age: at => short(now() - at),
};

const shortDate = at => (at.getFullYear() === now().getFullYear() ? date : dateOfYear).format(at);

function long(passed) {
  if (passed < MINUTE) return "just now";
  for (const [size, word] of [[YEAR, "year"], [WEEK, "week"], [DAY, "day"], [HOUR, "hour"], [MINUTE, "minute"]]) {
    const count = Math.floor(passed / size);
    if (count) return `${count} ${word}${count === 1 ? "" : "s"} ago`;
  }
}

function short(passed) {
  if (passed < MINUTE) return "now";
  if (passed >= YEAR) return `${Math.floor(passed / YEAR)} y`;
  if (passed >= 2 * WEEK) return `${Math.floor(passed / WEEK)} w`;
  if (passed >= DAY) return `${Math.floor(passed / DAY)} d`;
  return passed >= HOUR ? `${Math.floor(passed / HOUR)} h` : `${Math.floor(passed / MINUTE)} m`;
}

/** Word every moment under `root`. */
export function word(root = document) {
  for (const time of root.querySelectorAll("time[data-as]")) {
    const at = new Date(time.dateTime), text = WORDS[time.dataset.as]?.(at);
    if (text && time.textContent !== text) time.textContent = text;
    if (time.dataset.as === "age") time.toggleAttribute("data-old", now() - at > OLD);
  }
}

sync(meta("server-time"));
word();
setInterval(word, 15_000);
