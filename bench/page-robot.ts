/** What happened in a page, in milliseconds of its own clock: since its navigation began. */
export type PageMarks = {
  /** The timeline's entries are on the screen. */
  readable?: number;
  /** The save state reads *Saved* for the first time. */
  saved?: number;
  /** The robot's note is in the timeline. */
  noteShown?: number;
  /** *Saved* again after it. */
  noteSaved?: number;
};

/**
 * Runs inside a page from its first moment: writes down when what became true, looked at once a frame, and (asked by the
 * name of a note) adds the note as a person would, trying again until the page takes it.
 */
export function watchPage(note: string | null): void {
  const marks: PageMarks = {};
  Object.assign(globalThis, { benchMarks: marks });
  const timeline = () => document.querySelector('section[aria-label="Timeline"]');
  const isSaved = () => [...document.querySelectorAll('[role="status"]')].some((each) => each.textContent === "Saved");

  function type(text: string): void {
    const field = document.querySelector<HTMLTextAreaElement>('textarea[aria-label="Add a note"]');
    if (!field) return;
    const setValue = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value")?.set;
    setValue?.call(field, text);
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, bubbles: true, cancelable: true }));
  }

  let typedAt = 0;
  function look(): void {
    const now = performance.now();
    if (timeline()?.querySelector("li")) marks.readable ??= now;
    if (isSaved()) marks.saved ??= now;
    if (note !== null && marks.readable !== undefined && marks.noteShown === undefined) {
      if (timeline()?.querySelector("ol")?.textContent?.includes(note)) marks.noteShown = now;
      else if (now - typedAt > 100) {
        typedAt = now;
        type(note);
      }
    } else if (marks.noteShown !== undefined && isSaved()) {
      marks.noteSaved ??= now;
    }
    requestAnimationFrame(look);
  }
  requestAnimationFrame(look);
}

/** Runs inside a page that shows the list: presses the link and answers when the room can be used, in milliseconds since the press. */
export function pressAndWait(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const link = document.querySelector<HTMLAnchorElement>(`a[href="${path}"]`);
    if (!link) return reject(new Error("the list has no such link"));
    const pressedAt = performance.now();
    const isUsable = () =>
      location.pathname === path &&
      document.querySelector('section[aria-label="Timeline"] li') !== null &&
      document.querySelector('textarea[aria-label="Add a note"]') !== null &&
      [...document.querySelectorAll('[role="status"]')].some((each) => each.textContent === "Saved");
    const look = () => {
      if (isUsable()) resolve(performance.now() - pressedAt);
      else requestAnimationFrame(look);
    };
    link.click();
    requestAnimationFrame(look);
  });
}
