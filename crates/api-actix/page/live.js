// @ts-check
//
// Listens to what happens. The browser comes again by itself where a connection breaks, and goes on after the last event that
// it has got. Where it has slept, or was away for a while, nobody knows what is lost: then everything is to be looked at
// anew.

/** @typedef {import("./api").components["schemas"]["Event"]} Happened */
/**
 * @typedef {object} News What has changed since the last time.
 * @property {Set<string>} doctors whose time
 * @property {Set<string>} bookings which bookings
 * @property {Set<string>} about doctors of whom something else than their time is different now: a name, say
 * @property {boolean} all perhaps anything
 */

/** What changes anything that the page shows. */
const KINDS = [
  "booking.created",
  "booking.moved",
  "booking.cancelled",
  "booking.reinstated",
  "booking.arrived",
  "booking.fulfilled",
  "booking.no-show",
  "booking.marked",
  "waitlist.joined",
  "waitlist.offered",
  "waitlist.left",
  "hold.created",
  "hold.released",
  "doctor.created",
  "doctor.changed",
  "hours.changed",
  "override.set",
  "override.removed",
  "time-off.added",
  "time-off.removed",
  "closure.added",
  "closure.removed",
  "availability.changed",
];

/** What comes at once is told at once, but no more often than this: milliseconds. */
const NOT_SOONER = 400;
/** What comes together is told together: milliseconds. */
const TOGETHER = 30;
/** A clock that should tick every five seconds and has not for this long has slept: milliseconds. */
const SLEPT = 20_000;
/** Times pass and holds run out without any event: milliseconds. */
const ANEW_EVERY = 60_000;

/**
 * Listens until it is told to stop.
 *
 * @param {(news: News) => void} tell
 * @param {(isConnected: boolean) => void} connected
 * @returns {() => void} stops
 */
export function listen(tell, connected) {
  /** @type {EventSource | null} */
  let source = null;
  let last = "";
  let hasBroken = true;
  let failures = 0;
  /** @type {News} */
  let news = nothing();
  let toldAt = -NOT_SOONER;
  let timer = 0;
  let again = 0;

  /** @param {(news: News) => void} add */
  const note = (add) => {
    add(news);
    if (timer !== 0) return;
    timer = window.setTimeout(
      () => {
        timer = 0;
        // Nobody looks: it is told once somebody does.
        if (document.hidden) return;
        const told = news;
        news = nothing();
        toldAt = performance.now();
        tell(told);
      },
      Math.max(TOGETHER, toldAt + NOT_SOONER - performance.now()),
    );
  };
  const everything = () => note((news) => (news.all = true));

  /** @param {MessageEvent<string>} message */
  const hear = (message) => {
    if (message.lastEventId) last = message.lastEventId;
    /** @type {Partial<Happened>} */
    const happened = JSON.parse(message.data);
    note((news) => {
      // Who is there, and what of, stands in more places than one day of one doctor.
      if (happened.doctorId && !message.type.startsWith("doctor.")) news.doctors.add(happened.doctorId);
      else news.all = true;
      // Where a booking has moved from is somebody else's time, too.
      const from = happened.before?.doctorId;
      if (from) news.doctors.add(from);
      if (happened.doctorId && message.type.startsWith("doctor.")) news.about.add(happened.doctorId);
      if (happened.bookingId) news.bookings.add(happened.bookingId);
    });
  };

  const open = () => {
    window.clearTimeout(again);
    source?.close();
    source = new EventSource(`/api/v1/events${last === "" ? "" : `?after=${encodeURIComponent(last)}`}`);
    for (const kind of KINDS) source.addEventListener(kind, hear);
    source.addEventListener("open", () => {
      connected(true);
      failures = 0;
      // What happened before it began is not told, and what is shown may have been read before that.
      if (hasBroken) everything();
      hasBroken = false;
    });
    source.addEventListener("error", () => {
      lose();
      if (source?.readyState !== EventSource.CLOSED) return;
      // It was refused. What it was to begin after may not be known any more; then all is to be looked at anyway.
      last = "";
      failures += 1;
      again = window.setTimeout(open, Math.min(30_000, 1000 * 2 ** Math.min(failures, 5)));
      everything();
    });
  };

  let ticked = Date.now();
  let anewAt = Date.now();
  const clock = window.setInterval(() => {
    const now = Date.now();
    if (now - ticked > SLEPT) wake();
    ticked = now;
    if (now - anewAt > ANEW_EVERY) {
      anewAt = now;
      everything();
    }
  }, 5000);
  const wake = () => {
    hasBroken = true;
    open();
    everything();
  };
  const seen = () => {
    if (document.hidden) return;
    if (Date.now() - ticked > SLEPT) wake();
    else everything();
    ticked = Date.now();
  };
  const lose = () => {
    connected(false);
    hasBroken = true;
  };
  document.addEventListener("visibilitychange", seen);
  window.addEventListener("online", wake);
  window.addEventListener("offline", lose);
  open();
  return () => {
    source?.close();
    window.clearTimeout(timer);
    window.clearTimeout(again);
    window.clearInterval(clock);
    document.removeEventListener("visibilitychange", seen);
    window.removeEventListener("online", wake);
    window.removeEventListener("offline", lose);
  };
}

/**
 * Where nobody tells what happens, everything is to be looked at now and then.
 *
 * @param {(news: News) => void} tell
 * @returns {() => void} stops
 */
export function lookNowAndThen(tell) {
  const look = () => {
    if (!document.hidden) tell({ ...nothing(), all: true });
  };
  const clock = window.setInterval(look, ANEW_EVERY);
  document.addEventListener("visibilitychange", look);
  window.addEventListener("online", look);
  return () => {
    window.clearInterval(clock);
    document.removeEventListener("visibilitychange", look);
    window.removeEventListener("online", look);
  };
}

/** @returns {News} */
const nothing = () => ({ doctors: new Set(), bookings: new Set(), about: new Set(), all: false });
