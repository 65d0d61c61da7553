export function simulator(_: unknown): Promise<number> {
  return Promise.resolve(1);
}
