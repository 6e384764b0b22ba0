import { z } from "zod";
import { LOGO_BYTES_MAX } from "#/server/settings/shared/lists.ts";

/** Four characters for three bytes. */
const LOGO_BASE64_LENGTH_MAX = Math.ceil(LOGO_BYTES_MAX / 3) * 4;

export const setLogoInput = z.object({
  /** The image in base64; what it is, its bytes say. */
  data: z
    .string()
    .min(1, "Choose an image.")
    .max(LOGO_BASE64_LENGTH_MAX, `A logo has at most ${LOGO_BYTES_MAX / 1024} KiB.`)
    .regex(/^[A-Za-z0-9+/]+={0,2}$/, "This is not base64."),
});
export const logoView = z.object({ path: z.string(), width: z.number(), height: z.number() });
export type LogoView = z.infer<typeof logoView>;
