"use strict";
(() => {
  const when = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const spoken = new Intl.DateTimeFormat("en-GB", { ...when, timeZoneName: "short" });
  const plain = new Intl.DateTimeFormat("en-GB", when);
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

  /* Times as the clock of whoever reads this shows them. */
  const localise = () => {
    for (const time of document.querySelectorAll("time.told")) {
      time.textContent = spoken.format(new Date(time.dateTime));
    }
    for (const place of document.querySelectorAll(".local")) {
      const { from, to, zone } = place.dataset;
      const begins = new Date(from);
      const ends = new Date(to);
      place.hidden = here === zone;
      place.textContent = `In your time: ${plain.format(begins)} until ${spoken.format(ends)}`;
    }
  };
  const renew = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch("./", { cache: "no-store" });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      document.querySelector("main").replaceWith(page.querySelector("main"));
      localise();
    } catch {
      return; // it is asked again in a minute
    }
  };

  const subscribe = document.getElementById("subscribe");
  subscribe.href = subscribe.href.replace(/^https?:/, "webcal:");
  localise();
  setInterval(renew, 60_000);
  document.addEventListener("visibilitychange", renew);
})();
