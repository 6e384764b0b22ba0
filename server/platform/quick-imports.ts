// To be imported before anything that imports drizzle-orm.
//
// For each file Node reads the package.json above it anew. That of drizzle-orm is 180 kB long and its files are
// hundreds: a fifth of a start. All of them are ES modules that name each other by path, so there is nothing to find out.

import { registerHooks } from "node:module";

const PACKAGE = "/node_modules/drizzle-orm/";

registerHooks({
  resolve(specifier, context, next) {
    const { parentURL } = context;
    const isInside = specifier.startsWith(".") && parentURL?.includes(PACKAGE) && parentURL.endsWith(".js");
    if (!isInside) return next(specifier, context);
    return { url: new URL(specifier, parentURL).href, format: "module", shortCircuit: true };
  },
});
