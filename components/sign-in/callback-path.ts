const HOME = "/incidents";
const SOMEWHERE = "http://here.invalid";

/** Where to go after signing in: a path of this site, else home. Pure. */
export function callbackPath(given: string | readonly string[] | undefined): string {
  if (typeof given !== "string" || !given.startsWith("/") || !URL.canParse(given, SOMEWHERE)) return HOME;
  const url = new URL(given, SOMEWHERE);
  // `//other.example` and `/\other.example` are other sites to a browser.
  if (url.origin !== SOMEWHERE) return HOME;
  if (url.pathname.startsWith("/sign-in") || url.pathname.startsWith("/api/")) return HOME;
  return `${url.pathname}${url.search}${url.hash}`;
}
