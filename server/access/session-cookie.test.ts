import { encode } from "next-auth/jwt";
import { describe, expect, test } from "vitest";
import { readSessionCookie, sessionTokens } from "./session-cookie.ts";

const secret = "a-secret-a-secret-a-secret-a-secret";
const name = "next-auth.session-token";

describe("sessionTokens", () => {
  test.each([
    ["", []],
    ["theme=dark", []],
    [`theme=dark; ${name}=abc`, ["abc"]],
    [`__Secure-${name}=abc`, ["abc"]],
    [`${name}=old; __Secure-${name}=new`, ["new", "old"]],
    [`${name}.1=b; ${name}.0=a; ${name}.2=c`, ["abc"]],
    [`${name}.1=b`, []],
  ])("%j", (header, expected) => {
    expect(sessionTokens(header)).toEqual(expected);
  });
});

describe("readSessionCookie", () => {
  test("opens what was sealed under this secret, whole and in pieces", async () => {
    const token = await encode({ token: { sub: "u", sessionId: "s" }, secret });
    const expected = { sessionId: "s", userId: "u" };
    expect(await readSessionCookie(`${name}=${token}`, secret)).toEqual(expected);
    expect(await readSessionCookie(`${name}.0=${token.slice(0, 50)}; ${name}.1=${token.slice(50)}`, secret)).toEqual(
      expected,
    );
    expect(await readSessionCookie(`__Secure-${name}=rubbish; ${name}=${token}`, secret)).toEqual(expected);
  });

  test("refuses another secret, a changed token, one past its time, and one without a session", async () => {
    const token = await encode({ token: { sub: "u", sessionId: "s" }, secret });
    expect(await readSessionCookie(`${name}=${token}`, `${secret}x`)).toBeNull();
    expect(await readSessionCookie(`${name}=${token.slice(0, -2)}`, secret)).toBeNull();
    const old = await encode({ token: { sub: "u", sessionId: "s" }, secret, maxAge: -60 });
    expect(await readSessionCookie(`${name}=${old}`, secret)).toBeNull();
    const other = await encode({ token: { sub: "u" }, secret });
    expect(await readSessionCookie(`${name}=${other}`, secret)).toBeNull();
  });
});
