import { expect, test } from "vitest";
import { isOwnOrigin } from "./csrf.ts";

const config = { publicUrl: "https://muster.example.com", port: 3000 };
test.each([
  ["https://muster.example.com", true],
  ["http://muster.example.com", false],
  ["https://muster.example.com.evil.example", false],
  ["http://localhost:3000", true],
  ["http://127.0.0.1:3000", true],
  ["http://[::1]:3000", true],
  ["http://localhost:3001", false],
  ["http://localhost", false],
  ["https://localhost:3000", false],
  ["http://localhost.evil.example:3000", false],
  ["null", false],
])("%s is ours: %s", (origin, expected) => {
  expect(isOwnOrigin(config, origin)).toBe(expected);
});
