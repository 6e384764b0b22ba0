export async function benchDurability(): Promise<boolean> {
  return true;
}
