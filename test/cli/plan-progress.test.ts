import { expect, it } from 'vitest';
import { progressOn } from '../../src/cli/plan/progress.js';

function terminal(isTTY: boolean): { readonly isTTY: boolean; readonly lines: string[]; write(text: string): void } {
  const lines: string[] = [];
  return { isTTY, lines, write: (text) => void lines.push(text) };
}

it('draws a bar on a terminal and takes it away', () => {
  const screen = terminal(true);
  const progress = progressOn(screen);
  progress.show(0, 4);
  progress.show(3, 4);
  progress.clear();
  expect(screen.lines).toEqual([
    `\r\u001b[K[${'.'.repeat(30)}] 0 of 4 targets`,
    `\r\u001b[K[${'#'.repeat(23)}${'.'.repeat(7)}] 3 of 4 targets`,
    '\r\u001b[K',
  ]);
});

it('draws nothing for one target, nor where nobody looks', () => {
  const screens = [terminal(true), terminal(false)];
  for (const [index, screen] of screens.entries()) {
    const progress = progressOn(screen);
    progress.show(1, index === 0 ? 1 : 9);
    progress.clear();
    expect(screen.lines).toEqual([]);
  }
});
