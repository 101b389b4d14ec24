// Thai first, English as the second language: which one is shown, and how times and sizes are written in it.

const asked = new URLSearchParams(location.search).get("lang") ?? localStorage.getItem("language");
export const language = asked === "en" ? "en" : "th";
document.documentElement.lang = language;

export function say(th, en) {
  return language === "th" ? th : en;
}

export function switchLanguage() {
  localStorage.setItem("language", language === "th" ? "en" : "th");
  const address = new URL(location.href);
  address.searchParams.delete("lang");
  location.replace(address);
}

const locale = language === "th" ? "th-TH" : "en-GB";
const zone = { timeZone: "Asia/Bangkok" };
const clock = new Intl.DateTimeFormat(locale, { ...zone, hour: "2-digit", minute: "2-digit", hour12: false });
const calendar = new Intl.DateTimeFormat(locale, { ...zone, day: "numeric", month: "long", year: "numeric" });

export const timeOf = (seconds) => clock.format(seconds * 1000);
export const dayOf = (seconds) => calendar.format(seconds * 1000);

export function sizeOf(bytes) {
  if (bytes === undefined) return "";
  if (bytes < 1024) return say(`${bytes} ไบต์`, `${bytes} B`);
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

export function lengthOf(seconds = 0) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
