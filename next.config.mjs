const isDev = process.env.NODE_ENV === "development";

/** Next writes its start data as inline scripts; a nonce would need a proxy in front of every page, so inline is allowed and other origins are not. */
const contentSecurityPolicy = [
  "default-src 'self'",
  `script-src 'self' 'unsafe-inline'${isDev ? " 'unsafe-eval'" : ""}`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  `connect-src 'self'${isDev ? " ws: wss:" : ""}`,
  "object-src 'none'",
  "base-uri 'self'",
  "frame-ancestors 'none'",
].join("; ");

const pageHeaders = [
  { key: "Content-Security-Policy", value: contentSecurityPolicy },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=()" },
];

/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  typedRoutes: false,
  devIndicators: false,
  // One copy for every page: two copies of Yjs in one process do not know each other's types.
  serverExternalPackages: ["yjs", "y-protocols", "lib0"],
  turbopack: {
    root: import.meta.dirname,
    // Yjs's lib0 names it beside the browser's own way; a browser never uses it.
    resolveAlias: { "next/dist/compiled/buffer": { browser: "./components/realtime/no-buffer.ts" } },
  },
  // Types are checked by `npm run check`; a start that has to build should not wait for them.
  typescript: { ignoreBuildErrors: true },
  headers: async () => [{ source: "/:path*", headers: pageHeaders }],
};
