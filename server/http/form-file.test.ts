import { describe, expect, test } from "vitest";
import { formFile } from "./form-file.ts";

const type = "multipart/form-data; boundary=b";
const part = (disposition: string, content: string) =>
  `--b\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: text/html\r\n\r\n${content}\r\n`;
const read = (body: string, contentType = type) => {
  const { name, bytes } = formFile(Buffer.from(body), contentType);
  return [name, Buffer.from(bytes).toString()];
};

describe("the file of a form", () => {
  test.each([
    ["as browsers send it", part('name="file"; filename="a.log"', "abc"), "a.log", "abc"],
    ["with a quote, by a browser", part('name="file"; filename="a%22b.log"', "abc"), 'a"b.log', "abc"],
    ["with a quote, by curl", part('name="file"; filename="a\\"b.log"', "abc"), 'a"b.log', "abc"],
    ["with a percent sign", part('name="file"; filename="100%.log"', "abc"), "100%.log", "abc"],
    ["with letters", part('name="file"; filename="Störung 🔥.log"', "abc"), "Störung 🔥.log", "abc"],
    [
      "with the long form of a name",
      part("name=file; filename=x; filename*=UTF-8''St%C3%B6r.log", "abc"),
      "Stör.log",
      "abc",
    ],
    ["with a broken long form", part("name=file; filename=x; filename*=UTF-8''%C3", "abc"), "x", "abc"],
    ["after other fields", part('name="note"', "x") + part('name="file"; filename="a"', "abc"), "a", "abc"],
    ["without bytes", part('name="file"; filename="a"', ""), "a", ""],
    ["with line ends at both sides", part('name="file"; filename="a"', "\r\n\r\nabc\r\n"), "a", "\r\n\r\nabc\r\n"],
    ["that quotes a delimiter", part('name="file"; filename="a"', "x--b\n--b--"), "a", "x--b\n--b--"],
    ["after a preamble", `hello\r\n${part('name="file"; filename="a"', "abc")}`, "a", "abc"],
  ])("%s", (_what, parts, name, content) => {
    expect(read(`${parts}--b--\r\n`)).toEqual([name, content]);
  });

  test("with a quoted boundary", () => {
    const body = part('name="file"; filename="a"', "abc").replace("--b", "--b c");
    expect(read(`${body}--b c--`, 'multipart/form-data; charset=utf-8; boundary="b c"')).toEqual(["a", "abc"]);
  });

  test.each([
    ["nothing", ""],
    ["no form", "hello"],
    ["cut off in the file", '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc'],
    ["cut off before its end", part('name="file"; filename="a"', "abc")],
    ["cut off in the head", '--b\r\nContent-Disposition: form-data; name="fi'],
    ["another field", `${part('name="x"; filename="a"', "abc")}--b--`],
    ["a field without a file", `${part('name="file"', "abc")}--b--`],
    ["two files", `${part('name="file"; filename="a"', "1")}${part('name="file"; filename="b"', "2")}--b--`],
    ["too many parts", `${part('name="x"', "").repeat(21)}--b--`],
    ["a long head", `--b\r\nX: ${"x".repeat(9_000)}\r\n\r\n\r\n--b--`],
  ])("%s is refused", (_what, body) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ code: "invalid" }));
  });

  test.each(["multipart/form-data", `multipart/form-data; boundary=${"b".repeat(71)}`])(
    "%s is refused",
    (contentType) => {
      expect(() => read("--b--", contentType)).toThrow("no boundary");
    },
  );

  test("ten megabytes take a moment, also when they nearly match", () => {
    const body = `--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n${"\r\n--".repeat(2_500_000)}\r\n--b--`;
    const startedAt = performance.now();
    expect(read(body)[1]).toHaveLength(10_000_000);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
