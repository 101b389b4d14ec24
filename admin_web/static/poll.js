// A page about something under way: its part marked data-poll is fetched anew until it says that it is done.

const part = () => document.querySelector("[data-poll]");

const again = async () => {
  if (document.hidden) return setTimeout(again, 3000);
  try {
    const answer = await fetch(location.href);
    if (!answer.ok) return setTimeout(again, 15000);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-poll]");
    if (fresh && fresh.innerHTML !== part().innerHTML) part().replaceWith(fresh);
  } catch {
    return setTimeout(again, 15000);
  }
  if (part().dataset.poll === "going") setTimeout(again, 3000);
};

if (part()?.dataset.poll === "going") setTimeout(again, 3000);
