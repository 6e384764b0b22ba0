import { createServer } from "node:http";
import { sql } from "drizzle-orm";
import { encode } from "next-auth/jwt";
import { sessions, users } from "#/db/schema/index.ts";
import type { Core } from "#/server/events/index.ts";
import { randomToken } from "#/server/platform/crypto.ts";

/** A demo is looked at for an evening. */
const SESSION_MS = 12 * 3_600_000;

/**
 * A link that signs its opener in once. It is answered by a second, tiny server, because cookies do not know ports:
 * the product itself has no such door.
 */
export async function startSignInDoor(core: Core, email: string): Promise<{ url: string; stop(): void }> {
  const { config, db } = core;
  const [user] = await db.read.select().from(users).where(sql`lower(${users.email}) = ${email}`);
  if (!user) throw new Error("the demo's owner is missing");
  const [session] = await db.read
    .insert(sessions)
    .values({ userId: user.id, userAgent: "demo", expiresAt: new Date(core.now().getTime() + SESSION_MS) })
    .returning();
  if (!session) throw new Error("the demo's session is missing");
  const claims = { sub: user.id, name: user.name, email: user.email, sessionId: session.id };
  const cookie = await encode({ token: claims, secret: config.authSecret, maxAge: SESSION_MS / 1000 });
  const path = `/${randomToken(12)}`;
  const server = createServer((request, response) => {
    if (request.url !== path) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(303, {
      location: `${config.publicUrl}/incidents`,
      "set-cookie": `next-auth.session-token=${cookie}; Path=/; HttpOnly; SameSite=Lax`,
    });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, config.host, resolve));
  const { port } = server.address() as { port: number };
  return { url: `http://${new URL(config.publicUrl).hostname}:${port}${path}`, stop: () => server.close() };
}
