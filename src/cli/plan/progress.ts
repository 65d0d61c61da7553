/** A bar on a terminal while targets are rendered; nothing where nobody looks. */

export interface Progress {
  show(done: number, total: number): void;
  /** Takes the bar away, so that what is printed next begins on an empty line. */
  clear(): void;
}

interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const WIDTH = 30;

export function progressOn(terminal: Terminal): Progress {
  if (terminal.isTTY !== true) return { show: () => undefined, clear: () => undefined };
  let shown = 0;
  return {
    show(done, total) {
      if (total < 2) return;
      const filled = Math.round((done / total) * WIDTH);
      shown = total;
      terminal.write(`\r\u001b[K[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${done} of ${total} targets`);
    },
    clear() {
      if (shown > 0) terminal.write('\r\u001b[K');
      shown = 0;
    },
  };
}
