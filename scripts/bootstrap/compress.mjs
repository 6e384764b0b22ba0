// Compresses what pages load, once, so that the server sends it as small as it gets.

import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

const COMPRESSED = /\.(js|css|svg)$/;
/** Smaller ones gain nothing. */
const BYTES_MIN = 512;

/** Writes `<file>.br` beside each script, style and picture of a build; what is there already stays. */
export async function compressBuild(folder) {
  for (const file of filesIn(path.join(folder, "static"))) {
    if (!COMPRESSED.test(file) || fs.existsSync(`${file}.br`)) continue;
    const content = fs.readFileSync(file);
    if (content.length < BYTES_MIN) continue;
    const small = await promisify(brotliCompress)(content, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      },
    });
    // Whole or not at all: a build may be broken off.
    fs.writeFileSync(`${file}.tmp`, small);
    fs.renameSync(`${file}.tmp`, `${file}.br`);
  }
}

function filesIn(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? filesIn(file) : [file];
  });
}
