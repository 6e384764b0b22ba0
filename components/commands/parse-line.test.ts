import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asNote, parseLine } from "./parse-line.ts";

describe("parseLine", () => {
  it.each([
    ["/sev SEV1", "sev", "SEV1"],
    ["/SEV  sev1 ", "sev", "sev1"],
    ["/resolve", "resolve", ""],
    ["/resolve ", "resolve", ""],
    ["/decide roll back\nin eu-west first", "decide", "roll back\nin eu-west first"],
    ["/decide\nroll back", "decide", "roll back"],
    ["/next 20m", "next", "20m"],
    ["/nonsense here", "nonsense", "here"],
  ])("%j is a command", (text, name, argument) => {
    expect(parseLine(text)).toEqual({ kind: "command", name, argument });
  });

  it.each([
    ["", ""],
    ["/", "/"],
    ["/var/log/messages is full", "/var/log/messages is full"],
    ["/2 of the pods", "/2 of the pods"],
    [" /sev SEV1", " /sev SEV1"],
    ["look\n/sev SEV1", "look\n/sev SEV1"],
    ["//sev is how one changes it", "/sev is how one changes it"],
    ["///", "//"],
  ])("%j is a note", (text, body) => {
    expect(parseLine(text)).toEqual({ kind: "note", body });
  });

  it("gives back every note that was written as one", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `/${text}`),
        ),
        (body) => {
          expect(parseLine(asNote(body))).toEqual({ kind: "note", body });
        },
      ),
    );
  });

  it("loses nothing of a command but the white space around its argument", () => {
    const word = fc.stringMatching(/^[a-z]{1,12}$/);
    fc.assert(
      fc.property(word, fc.string(), (name, argument) => {
        expect(parseLine(`/${name} ${argument}`)).toEqual({ kind: "command", name, argument: argument.trim() });
      }),
    );
  });

  it("is never confused by what is typed", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const line = parseLine(text);
        if (line.kind === "command") expect(text.startsWith("/")).toBe(true);
        else expect([text, text.slice(1)]).toContain(line.body);
      }),
    );
  });
});
