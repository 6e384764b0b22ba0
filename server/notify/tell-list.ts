import { decrypt, encrypt } from "#/server/platform/crypto.ts";
import { AppError } from "#/server/platform/errors.ts";
import { isMaskedTellLine, maskedTellLine, parseTellTarget, type TellTarget, tellLine } from "./shared/tell-target.ts";

const PURPOSE = "tell-list";

/** A tell list as it is kept: addresses in clear, for they are looked up; everything else encrypted. */
export type StoredTellList = { emails: string[]; sealed: string | null };

/** The targets of a stored list. What was sealed under another secret is left out. */
export function openTellList(authSecret: string, stored: StoredTellList): TellTarget[] {
  const lines = [...stored.emails.map((email) => `email:${email}`), ...openLines(authSecret, stored.sealed)];
  return lines.map(parseTellTarget).filter((parsed) => !("problem" in parsed)) as TellTarget[];
}

function openLines(authSecret: string, sealed: string | null): string[] {
  if (!sealed) return [];
  try {
    return JSON.parse(decrypt(authSecret, PURPOSE, sealed)) as string[];
  } catch {
    // Another AUTH_SECRET: the keys are lost, and who looks at the list sees that they are gone.
    return [];
  }
}

/** A list as it is kept; each target once. */
export function sealTellList(authSecret: string, targets: readonly TellTarget[]): StoredTellList {
  const unique = [...new Map(targets.map((target) => [tellLine(target).toLowerCase(), target])).values()];
  const others = unique.filter((target) => target.kind !== "email").map(tellLine);
  return {
    emails: unique.filter((target) => target.kind === "email").map((target) => target.to),
    sealed: others.length > 0 ? encrypt(authSecret, PURPOSE, JSON.stringify(others)) : null,
  };
}

/**
 * The targets of lines as they are given; a line with a hidden key stands for the one that is kept. Pure.
 * @throws AppError "invalid" for a hidden key that is not kept
 */
export function readTellLines(lines: readonly string[], kept: readonly TellTarget[], field: string): TellTarget[] {
  return lines.map((line, at) => {
    const parsed = isMaskedTellLine(line)
      ? kept.find((target) => maskedTellLine(target) === line)
      : parseTellTarget(line);
    if (parsed && !("problem" in parsed)) return parsed;
    const detail = parsed?.problem ?? "Its key is hidden and not kept here: write it out.";
    throw new AppError("invalid", `/${field}/${at}: ${detail}`, { errors: [{ pointer: `/${field}/${at}`, detail }] });
  });
}

/** One target, encrypted for the row of a delivery. */
export function sealTarget(authSecret: string, target: TellTarget): string {
  return encrypt(authSecret, PURPOSE, tellLine(target));
}

/** Undoes `sealTarget`; null when it was sealed under another secret. */
export function openTarget(authSecret: string, sealed: unknown): TellTarget | null {
  try {
    const parsed = parseTellTarget(decrypt(authSecret, PURPOSE, String(sealed)));
    return "problem" in parsed ? null : parsed;
  } catch {
    return null;
  }
}
