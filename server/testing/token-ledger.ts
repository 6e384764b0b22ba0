import type * as Y from "yjs";
import { oneOf, type Random } from "./seeded.ts";

/** A token as it stands in a text; each is written once, by one writer. */
const TOKEN = /<[a-z]+\.\d+>/g;

/** What became of one token: who was told what. */
export type Fate = {
  readonly token: string;
  readonly document: string;
  isWritten: "held" | "acknowledged";
  isDeleted: "no" | "held" | "acknowledged";
  /** The note that it was written into. */
  note?: string;
  /** Its writer gave it up before it was acknowledged: it may be there or not. */
  isForgiven?: boolean;
};

/** What is wrong with a document, token by token; all empty when nothing is. */
export type Faults = { lost: string[]; doubled: string[]; undeleted: string[]; debris: string[] };

/** The history of unique tokens: what was written and deleted, and what of it was acknowledged. */
export class TokenLedger {
  readonly #fates = new Map<string, Fate>();

  get all(): Fate[] {
    return [...this.#fates.values()];
  }

  written(document: string, token: string): Fate {
    const fate: Fate = { token, document, isWritten: "held", isDeleted: "no" };
    this.#fates.set(token, fate);
    return fate;
  }

  /** Notes that somebody deletes a token; undefined for one that the ledger does not know. */
  deleting(token: string): Fate | undefined {
    const fate = this.#fates.get(token);
    if (fate?.isDeleted === "no") fate.isDeleted = "held";
    return fate;
  }

  /**
   * Looks at a document's texts. While writers are away (`isWhole` false) only what was acknowledged must be there;
   * once all of them are back, everything. What was in notes that were deleted as a whole is not asked for.
   */
  faultsIn(
    document: string,
    texts: readonly string[],
    isWhole: boolean,
    deletedNotes: ReadonlySet<string> = new Set(),
  ): Faults {
    const counts = new Map<string, number>();
    const faults: Faults = { lost: [], doubled: [], undeleted: [], debris: [] };
    for (const text of texts) {
      for (const [token] of text.matchAll(TOKEN)) counts.set(token, (counts.get(token) ?? 0) + 1);
      const rest = text.replaceAll(TOKEN, "");
      if (rest !== "") faults.debris.push(rest.slice(0, 200));
    }
    for (const [token, count] of counts) if (count > 1) faults.doubled.push(token);
    for (const fate of this.#fates.values()) {
      if (fate.document !== document || (fate.note && deletedNotes.has(fate.note))) continue;
      const isThere = counts.has(fate.token);
      const mustBeThere =
        fate.isDeleted === "no" && ((isWhole && !fate.isForgiven) || fate.isWritten === "acknowledged");
      const mustBeGone =
        fate.isDeleted === "acknowledged" || (isWhole && !fate.isForgiven && fate.isDeleted === "held");
      if (mustBeThere && !isThere) faults.lost.push(fate.token);
      if (mustBeGone && isThere) faults.undeleted.push(fate.token);
    }
    return faults;
  }
}

/** The places of a text between two tokens, so that no token is cut in two. */
function seams(text: string): number[] {
  return [0, ...[...text.matchAll(TOKEN)].map((found) => found.index + found[0].length)];
}

/** Writes a token at a random place between others. */
export function writeToken(text: Y.Text, token: string, random: Random): void {
  text.insert(oneOf(random, seams(text.toString())) ?? 0, token);
}

/** Deletes a random token of a text; which, or null when there is none. */
export function deleteToken(text: Y.Text, random: Random): string | null {
  const found = oneOf(random, [...text.toString().matchAll(TOKEN)]);
  if (!found) return null;
  text.delete(found.index, found[0].length);
  return found[0];
}

/** The texts of a document of notes or of one text. */
export function textsOf(doc: Y.Doc, kind: "notes" | "summary"): Y.Text[] {
  return kind === "summary" ? [doc.getText("text")] : [...doc.getMap<Y.Text>("notes").values()];
}
