/** Loaded before the server: each SIGUSR2 lets its clock go on by this much, so that minutes need not be waited for. */
const SHIFT_MS = 3 * 60_000;

const RealDate = Date;
let shiftMs = 0;
const now = () => RealDate.now() + shiftMs;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, parts, made) => Reflect.construct(target, parts.length > 0 ? parts : [now()], made),
  get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
});

process.on("SIGUSR2", () => {
  shiftMs += SHIFT_MS;
});
