import { z } from "zod";
import { mappingSchema } from "../mapping/mapping.ts";

export const sourceFamilies = [
  "metrics",
  "logs",
  "errors",
  "uptime",
  "cloud",
  "security",
  "ci",
  "incidents",
  "protocol",
] as const;

/** How a source proves that a delivery is its own. Header names are in lower case. */
export const signatureSchema = z.discriminatedUnion("scheme", [
  z.strictObject({
    scheme: z.literal("hmac"),
    header: z.string(),
    algorithm: z.enum(["sha1", "sha256", "sha512"]),
    encoding: z.enum(["hex", "base64"]),
    /** What stands before the value: `sha256=`. */
    prefix: z.string().default(""),
    /** Several values stand in a list of this separator while a secret is rotated. */
    separator: z.string().optional(),
    /** What is signed. */
    signed: z.string().default("{body}"),
    /** Where `{timestamp}` comes from: a header, or a part `t=` of the signature header itself. */
    timestamp: z
      .strictObject({ header: z.string() })
      .or(z.strictObject({ part: z.string() }))
      .optional(),
    /** Which part of the signature header holds the value, when it has several: `v1`. */
    part: z.string().optional(),
  }),
  /** A shared word in a header or a field of the body. */
  z.strictObject({ scheme: z.literal("token"), header: z.string().optional(), field: z.string().optional() }),
  /** A JSON Web Signature in a header over the hash of the body. */
  z.strictObject({ scheme: z.literal("body-jws"), header: z.string(), issuer: z.string() }),
  z.strictObject({ scheme: z.literal("standard-webhooks") }),
  z.strictObject({ scheme: z.literal("sns") }),
]);
export type Signature = z.infer<typeof signatureSchema>;

/** A file of `server/alerts/sources/`: everything that Muster knows of one kind of sender. Its name is the source. */
export const sourceFileSchema = mappingSchema.extend({
  name: z.string().max(60),
  family: z.enum(sourceFamilies),
  homepage: z.url().optional(),
  /** Steps for people, in Markdown; `{url}` and `{key}` are filled in. */
  setup: z.string().max(4_000).optional(),
  /** Something to paste into the sender; `{url}` and `{key}` are filled in. */
  snippet: z.strictObject({ title: z.string(), language: z.string(), text: z.string() }).optional(),
  signature: signatureSchema.optional(),
  /** The header that names a delivery, so that one sent twice is taken once. */
  deliveryId: z.string().optional(),
  /** Headers that say what was sent. */
  headers: z.array(z.string()).max(10).default([]),
  /** The source never says that a problem is over: its alerts end by a timer or by hand. */
  neverResolves: z.boolean().default(false),
});
export type SourceFile = z.infer<typeof sourceFileSchema>;
