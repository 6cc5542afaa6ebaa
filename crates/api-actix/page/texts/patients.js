// @ts-check
//
// Patients: finding one, adding one, and what is written down of them.

export const en = {
  "view-patients": "Patients",
  patientRecord: "The patient",
  addPatient: "Add a patient",
  choosePatientHere: "Choose a patient to see the details and visits.",
  changePatient: "Change the details …",
  changePatientTitle: "Change the details",
  changeMine: "Change my details …",
  aboutMe: "My details",
  externalId: "Number in another system",
  savePatient: "Save",
  patientAdded: "{name} is added.",
  patientChanged: "The details are changed.",
  patientIsNow:
    "Somebody else has changed it in the meantime. It now says: {patient}. What you have typed is still here: save it " +
    "again to keep it.",
  "code-invalid-external-id": "This is not possible as a number.",
};

/** @type {Record<keyof typeof en, string>} */
export const de = {
  "view-patients": "Patienten",
  patientRecord: "Patientin oder Patient",
  addPatient: "Neu aufnehmen",
  choosePatientHere: "Wählen Sie jemanden aus, um Angaben und Termine zu sehen.",
  changePatient: "Angaben ändern …",
  changePatientTitle: "Angaben ändern",
  changeMine: "Meine Angaben ändern …",
  aboutMe: "Meine Angaben",
  externalId: "Nummer in einem anderen System",
  savePatient: "Speichern",
  patientAdded: "{name} ist aufgenommen.",
  patientChanged: "Die Angaben sind geändert.",
  patientIsNow:
    "Jemand anders hat das inzwischen geändert. Jetzt steht da: {patient}. Was Sie eingegeben haben, ist noch da: " +
    "Speichern Sie es noch einmal, um es zu behalten.",
  "code-invalid-external-id": "Als Nummer ist das nicht möglich.",
};
