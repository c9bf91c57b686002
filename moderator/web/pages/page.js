"use strict";
// Nothing here is needed to read the pages: it shows local times and keeps the first page fresh.

for (const time of document.querySelectorAll("time[datetime]")) {
  const moment = new Date(time.dateTime);
  if (!Number.isNaN(moment.valueOf())) time.title = moment.toLocaleString();
}

// Renew the page while somebody looks at it and nothing is opened that a renewal would close.
const every = Number(document.body.dataset.refresh) * 1000;
const loaded = Date.now();
const busy = () =>
  document.hidden ||
  document.querySelector("details[open]") !== null ||
  document.activeElement instanceof HTMLInputElement ||
  String(document.getSelection()) !== "";
const renew = () => {
  if (Date.now() - loaded >= every && !busy()) location.reload();
};
if (every > 0) {
  setInterval(renew, 1000);
  document.addEventListener("visibilitychange", renew);
}
