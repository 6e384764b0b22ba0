/** Node's buffers are for Node: lib0 names them beside the browser's own way, and half of a polyfill came with it. */
export const Buffer = undefined;
