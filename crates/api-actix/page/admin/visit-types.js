// @ts-check
//
// The types of visits, with all their rules in words. Administrators change them; all who work here read them.

import { change, readTagged } from "../ask.js";
import { forget } from "../directory.js";
import { el } from "../dom.js";
import { say } from "../say.js";
import { can } from "../session.js";
import { text } from "../texts.js";
import { confirmFirst } from "./confirm.js";
import { frame, lineButton } from "./frame.js";
import { actIn, records } from "./records.js";
import { openVisitType } from "./visit-type-form.js";
import { counted, duration } from "./words.js";

/** @typedef {import("../directory.js").VisitType} VisitType */
/** @typedef {import("../views.js").View} View */

/**
 * @param {VisitType} type
 * @returns {string[]}
 */
function rules(type) {
  const { minutes, stepMinutes, bufferBefore, bufferAfter, minNoticeMinutes, maxDaysAhead, capacity } = type;
  return [
    text("admin-rule-length", { time: duration(minutes) }),
    text("admin-rule-step", { time: duration(stepMinutes) }),
    bufferBefore === 0 ? "" : text("admin-rule-before", { time: duration(bufferBefore) }),
    bufferAfter === 0 ? "" : text("admin-rule-after", { time: duration(bufferAfter) }),
    minNoticeMinutes === 0
      ? text("admin-rule-no-notice")
      : text("admin-rule-notice", { time: duration(minNoticeMinutes) }),
    maxDaysAhead === null
      ? text("admin-rule-no-horizon")
      : maxDaysAhead === 0
        ? text("admin-rule-today")
        : text("admin-rule-horizon", { time: counted(maxDaysAhead, "day") }),
    capacity === 1 ? text("admin-rule-alone") : text("admin-rule-shared", { count: String(capacity) }),
  ].filter((rule) => rule !== "");
}

/**
 * @param {HTMLElement} host
 * @returns {View}
 */
export function visitTypesView(host) {
  /** @param {VisitType} type */
  function line(type) {
    const trouble = el("p", { class: "error", role: "alert" });
    const { id, name, retired } = type;
    return el(
      "li",
      { class: "line" },
      el("div", { class: "head" }, el("h3", {}, name)),
      el(
        "ul",
        { class: "said" },
        rules(type).map((rule) => el("li", {}, rule)),
      ),
      can.changeVisitTypes()
        ? el(
            "div",
            { class: "actions" },
            lineButton(text("admin-change"), name, `change ${id}`, () =>
              actIn(trouble, async () => openVisitType(await readTagged(`/visit-types/${id}`), changed)),
            ),
            retired ? null : lineButton(text("admin-retire"), name, `retire ${id}`, () => retire(type)),
          )
        : null,
      trouble,
    );
  }

  /** @param {VisitType} type */
  function retire({ id, name }) {
    confirmFirst({
      title: text("admin-retire-title", { name }),
      means: [text("admin-retire-means")],
      act: text("admin-retire-act"),
      async work() {
        await change("DELETE", `/visit-types/${id}`);
        changed(text("admin-retired", { name }));
      },
    });
  }

  /** @param {string} told */
  function changed(told) {
    forget();
    say(told);
    offered.again();
    retired.again();
  }

  const title = frame(
    host,
    "visit-types",
    can.changeVisitTypes()
      ? el(
          "div",
          { class: "actions" },
          el(
            "button",
            { type: "button", "data-key": "new", on: { click: () => openVisitType(null, changed) } },
            text("admin-type-new"),
          ),
        )
      : null,
  );
  const offered = records({ path: "/visit-types", line, title });
  const retired = records({ path: "/visit-types", line, title });
  host.append(
    offered.element,
    el(
      "details",
      { class: "retired" },
      el("summary", {}, text("admin-retired-ones")),
      el("p", { class: "hint" }, text("admin-retired-hint")),
      retired.element,
    ),
  );

  return {
    title,
    show() {
      offered.show({ retired: "false" });
      retired.show({ retired: "true" });
    },
    update({ all }) {
      if (!all) return;
      offered.again();
      retired.again();
    },
    stop() {
      offered.stop();
      retired.stop();
    },
  };
}
