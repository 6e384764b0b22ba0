// Writes docs/integrations/ anew from the files of the sources: `node scripts/integration-pages.ts`.

import { writeFileSync } from "node:fs";
import { integrationFolder, madePages } from "./docs/integration-folder.ts";

for (const [name, text] of madePages()) writeFileSync(new URL(name, integrationFolder), text);
