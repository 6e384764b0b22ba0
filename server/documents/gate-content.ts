import * as Y from "yjs";
import { refuse } from "./gate-update.ts";
import { TYPE_DEPTH_MAX, VALUE_DEPTH_MAX } from "./limits.ts";
import type { DocumentKind } from "./shared/lists.ts";

/** Where an item hangs: `parent` null means under something that is already gone. */
export type Place = { parent: Y.AbstractType<unknown> | null; key: string | null; depth: number };

const NOTE_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function checkDepth(value: unknown, left = VALUE_DEPTH_MAX): void {
  if (value === null || typeof value !== "object" || value instanceof Uint8Array) return;
  if (left === 0) refuse("A value is nested too deeply.");
  for (const inner of Object.values(value)) checkDepth(inner, left - 1);
}

function isPlainText(type: unknown): boolean {
  return type instanceof Y.Text && !(type instanceof Y.XmlText);
}

function checkTextContent(item: Y.Item, place: Place): void {
  if (place.key !== null) refuse("A text has no attributes.");
  const { content } = item;
  if (content instanceof Y.ContentFormat) checkDepth(content.value);
  else if (!(content instanceof Y.ContentString || content instanceof Y.ContentDeleted)) {
    refuse("A text holds nothing but characters.");
  }
}

function checkNewNote(item: Y.Item, key: string | null): void {
  if (key === null || !NOTE_ID.test(key)) refuse("A note's key is a lower-case UUID v4.");
  if (!(item.content instanceof Y.ContentType && isPlainText(item.content.type))) refuse("A note is a text.");
}

function checkAttribute(item: Y.Item): void {
  if (item.content instanceof Y.ContentAny) for (const value of item.content.arr) checkDepth(value);
  else if (!(item.content instanceof Y.ContentDeleted)) refuse("An attribute is a plain value.");
}

function checkXmlContent(item: Y.Item, place: Place): void {
  const { parent } = place;
  if (place.key !== null) {
    if (!(parent instanceof Y.XmlElement || parent instanceof Y.XmlText)) refuse("A fragment has no attributes.");
    checkAttribute(item);
  } else if (parent instanceof Y.XmlText) {
    checkXmlText(item.content);
  } else if (!(item.content instanceof Y.ContentDeleted)) {
    checkXmlNode(item.content, place);
  }
}

function checkXmlText(content: Y.Item["content"]): void {
  if (content instanceof Y.ContentFormat) checkDepth(content.value);
  else if (content instanceof Y.ContentEmbed) checkDepth(content.embed);
  else if (!(content instanceof Y.ContentString || content instanceof Y.ContentDeleted)) {
    refuse("A text holds nothing but characters.");
  }
}

function checkXmlNode(content: Y.Item["content"], place: Place): void {
  const isNode =
    content instanceof Y.ContentType &&
    !(content.type instanceof Y.XmlHook) &&
    (content.type instanceof Y.XmlElement || content.type instanceof Y.XmlText);
  if (!isNode) refuse("A fragment holds elements and texts.");
  if (place.depth >= TYPE_DEPTH_MAX) refuse("The tree is too deep.");
}

/**
 * Whether an item may hang where it wants to, in a document of this kind. Pure.
 * Keys of notes that exist or existed are the caller's to check.
 * @throws UpdateRefused
 */
export function checkContent(kind: DocumentKind, root: Y.AbstractType<unknown>, item: Y.Item, place: Place): void {
  if (place.parent === null) return;
  if (kind === "postmortem") {
    checkXmlContent(item, place);
  } else if (kind === "notes" && place.parent === root) {
    checkNewNote(item, place.key);
  } else {
    if (!isPlainText(place.parent)) refuse("The parent is not a text.");
    checkTextContent(item, place);
  }
}
