// @ts-check
//
// Waiting for a slot.

export const en = {
  "view-waitlist": "Waitlist",
  waitFor: "Wait for a free time …",
  waitHint: "As soon as such a time becomes free, it is held for a quarter of an hour for whoever has waited longest.",
  waitsFor: "Waits for",
  anyOfSpecialty: "Any doctor of a specialty",
  thisDoctor: "One doctor",
  anyIn: "any doctor, {specialty}",
  firstDate: "From",
  lastDate: "Until",
  "wait-in-line": "Wait in line",
  inLine: "In line now: as soon as something becomes free it shows on the waitlist.",
  chooseWhose: "Please choose a doctor or a specialty.",
  waitTooLong: "One can wait for {days} days at most.",
  nobodyWaits: "Nobody waits.",
  waitDates: "{from} to {to}",
  waitsSince: "waits since {time}",
  offeredUntil: "a time is held until {time}",
  takeOffer: "Book what is held",
  leaveLine: "Take out of the line",
  leaveLineTitle: "Take out of the line?",
  stayInLine: "Stay in line",
  leftLine: "No longer in line.",
  "code-range-too-long": "These are too many dates.",
  lastBeforeFirst: "The last date is before the first.",
};

/** @type {Record<keyof typeof en, string>} */
export const de = {
  "view-waitlist": "Warteliste",
  waitFor: "Auf eine freie Zeit warten …",
  waitHint:
    "Sobald eine solche Zeit frei wird, ist sie eine Viertelstunde lang für die Person vorgemerkt, die am längsten " +
    "wartet.",
  waitsFor: "Wartet auf",
  anyOfSpecialty: "Irgendjemanden in einem Fach",
  thisDoctor: "Eine bestimmte Person",
  anyIn: "irgendjemand, {specialty}",
  firstDate: "Vom",
  lastDate: "Bis zum",
  "wait-in-line": "Auf die Warteliste",
  inLine: "Auf der Warteliste: Sobald etwas frei wird, ist es dort zu sehen.",
  chooseWhose: "Bitte wählen Sie eine Ärztin, einen Arzt oder ein Fach.",
  waitTooLong: "Man kann höchstens {days} Tage lang warten.",
  nobodyWaits: "Niemand wartet.",
  waitDates: "{from} bis {to}",
  waitsSince: "wartet seit {time}",
  offeredUntil: "eine Zeit ist vorgemerkt bis {time}",
  takeOffer: "Die vorgemerkte Zeit buchen",
  leaveLine: "Von der Warteliste nehmen",
  leaveLineTitle: "Von der Warteliste nehmen?",
  stayInLine: "Weiter warten",
  leftLine: "Nicht mehr auf der Warteliste.",
  "code-range-too-long": "Das sind zu viele Tage.",
  lastBeforeFirst: "Das letzte Datum liegt vor dem ersten.",
};
