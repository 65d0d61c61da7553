/** The version that dev runs, as its manifest says. */
export const DEV = 'apps/api/envs/dev/deployment.yaml';

/** Null where no version stands. */
export function devVersion(text: string | null): string | null {
  return /image: \S+:(\d+\.\d+\.\d+)$/m.exec(text ?? '')?.[1] ?? null;
}

/** Negative: the first is the older. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [one.split('.').map(Number), other.split('.').map(Number)];
  for (let index = 0; index < 3; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
