import NextAuth, { type AuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import { backend } from "#/server/backend.ts";

/** As long as the session's row: thirty days. */
const SESSION_SECONDS = 30 * 24 * 60 * 60;

/** The address that the nearest proxy, else the socket, reported; Next puts it at the end. */
function addressOf(headers: Record<string, unknown> | undefined): string {
  const forwarded = headers?.["x-forwarded-for"];
  return typeof forwarded === "string" ? (forwarded.split(",").at(-1)?.trim() ?? "") : "";
}

const options: AuthOptions = {
  session: { strategy: "jwt", maxAge: SESSION_SECONDS },
  pages: { signIn: "/sign-in", error: "/sign-in", signOut: "/sign-in" },
  providers: [
    CredentialsProvider({
      credentials: { email: { type: "text" }, password: { type: "password" } },
      async authorize(credentials, request) {
        const result = await backend().signIn({
          email: String(credentials?.email ?? ""),
          password: String(credentials?.password ?? ""),
          userAgent: String(request.headers?.["user-agent"] ?? ""),
          ip: addressOf(request.headers),
        });
        if (result.ok) return result.value;
        if (result.code === "unauthenticated") return null;
        throw new Error(result.message);
      },
    }),
  ],
  callbacks: {
    // The cookie holds which session it is; everything else is read from the row, each time.
    jwt: ({ token, user }) => (user && "sessionId" in user ? { sub: user.id, sessionId: user.sessionId } : token),
  },
  events: {
    async signOut({ token }) {
      if (typeof token?.sessionId === "string") await backend().signOut(token.sessionId);
    },
  },
};

const handler: (request: Request, context: unknown) => Promise<Response> = NextAuth(options);

export { handler as GET, handler as POST };
