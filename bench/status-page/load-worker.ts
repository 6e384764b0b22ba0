import { Line } from "./line.ts";

/** A process of its own, so that asking does not take the server's turn: `url path connections seconds`. */
async function main([url = "", path = "", connections = "64", seconds = "3"]: readonly string[]): Promise<void> {
  const lines = Array.from({ length: Number(connections) }, () => new Line(url));
  for (const line of lines) await line.get(path);
  const end = performance.now() + Number(seconds) * 1_000;
  let answered = 0;
  let failed = 0;
  await Promise.all(
    lines.map(async (line) => {
      while (performance.now() < end) {
        const answer = await line.get(path).catch(() => undefined);
        if (answer?.status === 200) answered += 1;
        else failed += 1;
      }
      line.close();
    }),
  );
  process.stdout.write(JSON.stringify({ perSecond: answered / Number(seconds), failed }));
}

await main(process.argv.slice(2));
