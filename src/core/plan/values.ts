/** Reading inside values that nobody has vetted: what is not there, or not of the form asked for, is undefined or empty. */
import { isRecord } from './canonical.js';

/** A field of the value's own: `constructor` and `__proto__` are names like others. */
export function field(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The value at `spec.template.spec`, undefined if any part of the way is missing. */
export function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>(field, value);
}

export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Whole numbers are read as bigint: what is too large to count with is null. */
export function numberOf(value: unknown): number | null {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** `apps` of `apps/v1`; empty for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}
