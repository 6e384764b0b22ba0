import { describe, expect, it } from "vitest";
import { isMailAddress, parseMailAddress } from "./mail-address.ts";
import { isPublicAddress } from "./public-address.ts";

describe("mail addresses", () => {
  it.each(["cto@example.com", "a.b+c@mail.example.co.uk", "o'neil@example.com", "root@localhost"])(
    "takes %s",
    (text) => {
      expect(isMailAddress(text)).toBe(true);
    },
  );
  it.each(["", "a", "a@", "@b.c", "a b@c.d", "a@b..c", "a@-b.c", `${"a".repeat(65)}@b.c`, "a@b.c,d@e.f", "a＠b.c"])(
    "refuses %j",
    (text) => expect(isMailAddress(text)).toBe(false),
  );
  it("takes a name and an address apart", () => {
    expect(parseMailAddress('"Muster, Inc" <m@example.com>')).toEqual({
      name: "Muster, Inc",
      address: "m@example.com",
    });
    expect(parseMailAddress("m@example.com")).toEqual({ name: "", address: "m@example.com" });
    expect(parseMailAddress("a@b.c <m@example.com> x")).toBeUndefined();
  });
});

describe("addresses on the internet", () => {
  it.each(["8.8.8.8", "1.1.1.1", "2606:4700::1111"])("%s is public", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
  it.each([
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "fe80::1",
    "fd00::1",
    "2002:7f00:1::",
    "2001:db8::1",
    "localhost",
  ])("%s is not", (address) => expect(isPublicAddress(address)).toBe(false));
});
