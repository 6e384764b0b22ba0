import * as Y from "yjs";

/** The text that some edits write and do not take back again, each stretch on a line of its own. Pure. */
export function textOfEdits(updates: readonly Uint8Array[]): string {
  const [first] = updates;
  if (!first) return "";
  const { structs, ds } = Y.decodeUpdate(updates.length === 1 ? first : Y.mergeUpdates([...updates]));
  const isDeleted = (client: number, clock: number) =>
    ds.clients.get(client)?.some((range) => clock >= range.clock && clock < range.clock + range.len) ?? false;
  let text = "";
  let end: Y.ID | null = null;
  for (const struct of structs) {
    if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentString)) continue;
    const { client, clock } = struct.id;
    const units = struct.content.str.split("");
    const written = units.filter((_, at) => !isDeleted(client, clock + at)).join("");
    const isNext = end !== null && struct.origin?.client === end.client && struct.origin.clock === end.clock;
    if (written !== "") text += text === "" || isNext ? written : `\n${written}`;
    end = Y.createID(client, clock + struct.length - 1);
  }
  return text;
}
