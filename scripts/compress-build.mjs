// `node scripts/compress-build.mjs`: compresses the present build, for those who call `next build` themselves.

import path from "node:path";
import { compressBuild } from "./bootstrap/compress.mjs";
import { root } from "./bootstrap/run.mjs";

await compressBuild(path.join(root, ".next"));
