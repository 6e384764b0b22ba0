import { randomUUID } from "node:crypto";
import postgres from "postgres";

/** As many as the server's own pool has. */
const CONNECTIONS = 10;

/**
 * How many deliveries a second a bare loop inserts into the tables that a server made: the row of the delivery and the
 * row of its job, one transaction each, over as many connections as the server's pool.
 */
export async function measureBareLoop(
  databaseUrl: string,
  integrationId: string,
  body: string,
  forMs: number,
): Promise<number> {
  const sql = postgres(databaseUrl, { max: CONNECTIONS, onnotice: () => {} });
  const startedAt = performance.now();
  let inserted = 0;
  const loop = async () => {
    while (performance.now() - startedAt < forMs) {
      const id = randomUUID();
      await sql.begin(async (tx) => {
        await tx`insert into intakes (id, integration_id, source, content_type, body, repeat_key, accepted)
                 values (${id}, ${integrationId}, 'generic-json', 'application/json', ${Buffer.from(body)}, ${id}, 1)`;
        await tx`insert into pgboss.job (name, data)
                 values ('alerts.process-deliveries', ${tx.json({ deliveryIds: [id] })})`;
      });
      inserted += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, loop));
  const seconds = (performance.now() - startedAt) / 1_000;
  await sql.end();
  return inserted / seconds;
}
