// @ts-check
//
// Leads to what was looked for: to a slot, or to the hour that it is.

/**
 * Focuses the slot that begins at an instant; a free one, rather than that of somebody who is busy then.
 *
 * @param {HTMLElement} board
 * @param {string} start
 */
export function leadTo(board, start) {
  const same = `[data-start="${CSS.escape(start)}"]`;
  const found = board.querySelector(`.free${same}`) ?? board.querySelector(same);
  if (found instanceof HTMLElement) found.focus();
}

/**
 * Scrolls to the hour that it is, where the board is longer than its place.
 *
 * @param {HTMLElement} board
 */
export function scrollToNow(board) {
  const row = board.querySelector("tr.now");
  const scroller = board.querySelector("[data-scrolls]");
  const heads = board.querySelector("thead");
  if (row instanceof HTMLElement && heads) scroller?.scrollTo({ top: row.offsetTop - heads.offsetHeight });
}
