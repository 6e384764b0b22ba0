import { z } from "zod";
import { fileTypes } from "./shared/lists.ts";

export const fileView = z.object({
  id: z.string(),
  name: z.string(),
  /** What its bytes say it is, never what the sender said. */
  type: z.enum(fileTypes),
  /** In bytes. */
  size: z.number().int(),
  /** Images only, in pixels, before any turning that the image asks for. */
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  /** Where it is read, without the origin; what links in notes are made of. */
  url: z.string(),
  addedBy: z.object({ id: z.string().nullable(), name: z.string() }),
  createdAt: z.string(),
});
export type FileView = z.infer<typeof fileView>;
