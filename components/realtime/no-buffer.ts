/** Node's buffers are for Node: lib0 names them beside the browser's own way, and Next would add a polyfill for the name. */
export const Buffer = undefined;
