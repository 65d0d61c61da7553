/**
 * Kubernetes quantities: `500m`, `1.5Gi`, `2e3`, `0.1`.
 *
 * Source of the grammar and of rounding up: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */

/** Decimal digits that are kept: a billionth is the least that Kubernetes knows. */
const DECIMALS = 9n;
const UNIT = 10n ** DECIMALS;
/** Of the base unit; Kubernetes holds larger ones at this. */
const LARGEST = (2n ** 63n - 1n) * UNIT;

const DECIMAL_SUFFIXES = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
]);
const BINARY_SUFFIXES = new Map([...'KMGTPE'].map((letter, index) => [`${letter}i`, 10n * BigInt(index + 1)]));

const QUANTITY = /^\+?(\d*)(?:\.(\d*))?(?:([eE][+-]?\d{1,3})|([KMGTPE]i|[numkMGTPE])?)$/;
/** Longer ones are nobody's. */
const LONGEST = 100;

/** In billionths of the base unit, exactly, rounded up; null for what is no quantity, negative ones included. */
export function parseQuantity(value: unknown): bigint | null {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return null;
  const text = String(value).trim();
  const match = text.length > LONGEST ? null : QUANTITY.exec(text);
  return match === null ? null : amountOf(match[1] ?? '', match[2] ?? '', match[3] ?? match[4] ?? '');
}

/** `exponent` is `e3` or a suffix. */
function amountOf(whole: string, decimals: string, exponent: string): bigint | null {
  if (whole === '' && decimals === '') return null;
  const shift = BINARY_SUFFIXES.get(exponent) ?? 0n;
  const power = DECIMAL_SUFFIXES.get(exponent) ?? (shift > 0n ? 0 : Number(exponent.slice(1)));
  const amount = scaled(BigInt(`0${whole}${decimals}`) << shift, BigInt(power - decimals.length) + DECIMALS);
  return amount > LARGEST ? LARGEST : amount;
}

/** Times a power of ten, rounded up. */
function scaled(digits: bigint, power: bigint): bigint {
  if (power >= 0n) return digits * 10n ** power;
  const divisor = 10n ** -power;
  return (digits + divisor - 1n) / divisor;
}

/** Whole units of a billionth each `per`, rounded up: millicores are `inUnits(q, 1000)`, bytes `inUnits(q, 1)`. */
export function inUnits(billionths: bigint, per: 1 | 1000): number {
  const divisor = UNIT / BigInt(per);
  return Number((billionths + divisor - 1n) / divisor);
}
