// @ts-check
//
// What the service refuses, by its codes.

export const en = {
  "code-slot-taken": "Somebody else was quicker: this time is not free any more.",
  "code-slot-held": "This time is being held for somebody else at the moment.",
  "code-hold-expired": "This time is no longer kept for you. Please choose it again.",
  "code-too-many-holds": "You keep three times already. Please finish or close one of them first.",
  "code-patient-busy": "The patient has another visit at that time.",
  "code-in-past": "That time is over.",
  "code-notice-too-short": "It is too soon: visits of this type have to be booked earlier.",
  "code-beyond-horizon": "Visits of this type cannot be booked so far ahead.",
  "code-outside-working-hours": "The doctor does not work then.",
  "code-off-grid": "No slot begins at that time.",
  "code-doctor-inactive": "The doctor takes no bookings.",
  "code-invalid-visit-type": "The doctor does not offer this type of visit.",
  "code-invalid-transition": "The visit has changed in the meantime. Please look at it again.",
  "code-precondition-failed": "Somebody else has changed it in the meantime. Please look at it again.",
  "code-not-found": "It is not there any more.",
  "code-forbidden": "You may not do that.",
  "code-unauthenticated": "Please sign in again.",
  "code-invalid-name": "This is no name.",
  "code-invalid-date": "This is no date.",
  "code-invalid-email": "This is no e-mail address.",
  "code-invalid-phone": "This is no telephone number.",
  "code-invalid-reason": "The reason is empty or too long.",
  "code-unavailable": "The service cannot answer at the moment. Please try again soon.",
  "code-internal-error": "Something went wrong. Please try again, or ask an administrator.",
};

/** @type {Record<keyof typeof en, string>} */
export const de = {
  "code-slot-taken": "Jemand war schneller: Diese Zeit ist nicht mehr frei.",
  "code-slot-held": "Diese Zeit ist gerade für jemand anderen vorgemerkt.",
  "code-hold-expired": "Diese Zeit wird nicht mehr für Sie freigehalten. Bitte wählen Sie sie noch einmal.",
  "code-too-many-holds": "Sie halten schon drei Zeiten frei. Bitte schließen Sie zuerst eine davon ab.",
  "code-patient-busy": "Zu dieser Zeit gibt es schon einen anderen Termin.",
  "code-in-past": "Diese Zeit ist vorbei.",
  "code-notice-too-short": "Das ist zu kurzfristig: Diese Terminart muss früher gebucht werden.",
  "code-beyond-horizon": "So weit voraus kann diese Terminart nicht gebucht werden.",
  "code-outside-working-hours": "Dann ist keine Sprechzeit.",
  "code-off-grid": "Zu dieser Zeit beginnt kein Termin.",
  "code-doctor-inactive": "Hier werden keine Termine angenommen.",
  "code-invalid-visit-type": "Diese Terminart wird hier nicht angeboten.",
  "code-invalid-transition": "Der Termin hat sich inzwischen geändert. Bitte sehen Sie ihn sich noch einmal an.",
  "code-precondition-failed": "Jemand anders hat das inzwischen geändert. Bitte sehen Sie es sich noch einmal an.",
  "code-not-found": "Das ist nicht mehr da.",
  "code-forbidden": "Das dürfen Sie nicht.",
  "code-unauthenticated": "Bitte melden Sie sich neu an.",
  "code-invalid-name": "Das ist kein Name.",
  "code-invalid-date": "Das ist kein Datum.",
  "code-invalid-email": "Das ist keine E-Mail-Adresse.",
  "code-invalid-phone": "Das ist keine Telefonnummer.",
  "code-invalid-reason": "Der Grund ist leer oder zu lang.",
  "code-unavailable": "Der Dienst kann gerade nicht antworten. Bitte versuchen Sie es bald noch einmal.",
  "code-internal-error":
    "Etwas ist schiefgegangen. Bitte versuchen Sie es noch einmal, oder fragen Sie die Administration.",
};
