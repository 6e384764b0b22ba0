import { z } from "zod";
import { isMaskedTellLine, parseTellTarget, TELL_TARGET_LENGTH_MAX, TELL_TARGETS_MAX } from "./shared/tell-target.ts";

/** A tell list as it is given: one target a line. A line that was read with its key hidden keeps the key. */
export const tellListInput = z
  .array(
    z
      .string()
      .trim()
      .max(TELL_TARGET_LENGTH_MAX)
      .superRefine((line, context) => {
        const parsed = isMaskedTellLine(line) ? null : parseTellTarget(line);
        if (parsed && "problem" in parsed) context.addIssue({ code: "custom", message: parsed.problem });
      }),
  )
  .max(TELL_TARGETS_MAX);
