/** "Did you mean": the one of our names that a mistyped word most likely stands for. */

/**
 * The nearest candidate within `limit` edits (insertion, deletion, replacement, swap of neighbours), letter case forgiven; the first
 * of equally near ones. Short candidates allow one edit only: two turn any word of three letters into any other.
 */
export function nearestName(word: string, candidates: readonly string[], limit = 2): string | null {
  if (word.length > 64) return null;
  let best: { readonly name: string; readonly edits: number } | null = null;
  for (const name of candidates) {
    const allowed = name.length <= 4 ? Math.min(limit, 1) : limit;
    if (Math.abs(name.length - word.length) > allowed) continue;
    const edits = editDistance(word.toLowerCase(), name.toLowerCase());
    if (edits <= allowed && (best === null || edits < best.edits)) best = { name, edits };
  }
  return best?.name ?? null;
}

/** Optimal string alignment distance. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const options = [at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (same ? 0 : 1)];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) options.push(at(beforeLast, column - 2) + 1);
      current.push(Math.min(...options));
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
