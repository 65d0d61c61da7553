/** Rows as lines, with every column but the last as wide as its widest cell. Control characters are shown as spaces. */

export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  // What senders wrote could otherwise steer the terminal.
  const clean = rows.map((row) => row.map((cell) => cell.replace(/\p{Cc}+/gu, ' ')));
  const widths = (clean[0] ?? []).map((_, column) => Math.max(...clean.map((row) => row[column]?.length ?? 0)));
  return clean.map((row) =>
    row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  '),
  );
}
