// @ts-check
//
// Signing in, and what stands around every view.

export const en = {
  title: "Doctor booking",
  wait: "One moment …",
  skip: "Skip to the content",
  views: "Views",
  help: "Help",
  signIn: "Sign in",
  token: "Token",
  tokenHint: "You have got it, or a link with it, from an administrator.",
  signedIn: "You are signed in",
  signedInAs: "You are signed in: {role}.",
  role: "Role",
  until: "until {time}",
  expires: "Until",
  signInToBook: "Sign in to book {time} at {doctor}.",
  notNow: "Not now",
  signOut: "Sign out",
  signedOut: "You are signed out.",
  docs: "Browse the API",
  administrator: "Administrator",
  "front-desk": "Front desk",
  doctor: "Doctor",
  patient: "Patient",
  missing: "Please enter a token.",
  unknown: "This token is not known here. It may have expired, or have been revoked.",
  notKept:
    "The browser did not keep the sign-in. Cookies may be switched off; and without https they are kept only on the " +
    "machine on which the service runs.",
  ended: "Your session has come to an end. Please sign in again.",
  elsewhere: "The service does not know itself by this address: a proxy on the way has to pass on the Host as it is.",
  tooMany: "That was too often. Please wait a moment and try again.",
  unavailable: "The service cannot answer at the moment. Please try again soon.",
  unreachable: "The service cannot be reached. Please see to the connection and try again.",
  wrong: "Something went wrong. Please try again, or ask an administrator.",
  notConnected: "Not connected: what others change does not show at the moment.",
};

/** @type {Record<keyof typeof en, string>} */
export const de = {
  title: "Arzttermine",
  wait: "Einen Moment …",
  skip: "Zum Inhalt",
  views: "Ansichten",
  help: "Hilfe",
  signIn: "Anmelden",
  token: "Token",
  tokenHint: "Sie haben es, oder einen Link damit, von der Administration bekommen.",
  signedIn: "Sie sind angemeldet",
  signedInAs: "Sie sind angemeldet: {role}.",
  role: "Rolle",
  until: "bis {time}",
  expires: "Bis",
  signInToBook: "Melden Sie sich an, um {time} bei {doctor} zu buchen.",
  notNow: "Jetzt nicht",
  signOut: "Abmelden",
  signedOut: "Sie sind abgemeldet.",
  docs: "Die API ansehen",
  administrator: "Administration",
  "front-desk": "Empfang",
  doctor: "Ärztin oder Arzt",
  patient: "Patientin oder Patient",
  missing: "Bitte geben Sie ein Token ein.",
  unknown: "Dieses Token ist hier nicht bekannt. Vielleicht ist es abgelaufen, oder es wurde widerrufen.",
  notKept:
    "Der Browser hat die Anmeldung nicht behalten. Vielleicht sind Cookies abgeschaltet; und ohne https behält er sie " +
    "nur auf dem Rechner, auf dem der Dienst läuft.",
  ended: "Ihre Sitzung ist zu Ende. Bitte melden Sie sich neu an.",
  elsewhere:
    "Der Dienst kennt sich unter dieser Adresse nicht: Ein Proxy dazwischen muss den Host unverändert weitergeben.",
  tooMany: "Das war zu oft. Bitte warten Sie einen Moment und versuchen Sie es noch einmal.",
  unavailable: "Der Dienst kann gerade nicht antworten. Bitte versuchen Sie es bald noch einmal.",
  unreachable: "Der Dienst ist nicht zu erreichen. Bitte prüfen Sie die Verbindung und versuchen Sie es noch einmal.",
  wrong: "Etwas ist schiefgegangen. Bitte versuchen Sie es noch einmal, oder fragen Sie die Administration.",
  notConnected: "Nicht verbunden: Was andere ändern, ist gerade nicht zu sehen.",
};
