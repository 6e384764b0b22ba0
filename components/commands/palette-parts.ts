/** What comes when the palette or the keyboard map is first opened. */
export { KeyMap } from "./key-map.tsx";
export { Palette } from "./palette.tsx";
