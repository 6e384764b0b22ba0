import type { NotificationView } from "#/server/notifications/contract.ts";

export type Permission = "unsupported" | NotificationPermission;

/** Whether this browser shows notifications of this site. */
export function browserPermission(): Permission {
  return "Notification" in window ? Notification.permission : "unsupported";
}

/** Asks once; only after a press. */
export async function askPermission(): Promise<Permission> {
  if (!("Notification" in window)) return "unsupported";
  return Notification.requestPermission();
}

/**
 * Shows a notification outside the page while the page is not looked at; answers whether it did.
 * Several tabs show it once, by its tag.
 */
export function showInBrowser(one: Pick<NotificationView, "id" | "title" | "body" | "link">): boolean {
  if (!document.hidden || browserPermission() !== "granted") return false;
  try {
    const shown = new Notification(one.title, { body: one.body, tag: one.id });
    shown.addEventListener("click", () => {
      window.focus();
      window.location.assign(one.link);
      shown.close();
    });
    return true;
  } catch {
    // Some phones allow it to service workers only: the toast says it then.
    return false;
  }
}
