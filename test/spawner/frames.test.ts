import { describe, expect, test } from 'vitest';
import { FrameReader, frame } from '../../src/spawner/frames.js';

interface Read {
  readonly message: unknown;
  readonly text: string;
}

const sent: readonly (readonly [message: object, text: string])[] = [
  [{ kind: 'nothing beside it' }, ''],
  [{ kind: 'text', of: 'ünïcödé\n\u{1F6A2}' }, 'bytes with a zero \0 and a line\n'],
  [{}, 'x'.repeat(1000)],
];
const wire = Buffer.concat(
  sent.flatMap(([message, text]) => frame(message, Buffer.from(text)).filter((part) => part !== undefined)),
);
const expected = sent.map(([message, text]) => ({ message, text }));

function read(chunks: readonly Buffer[]): readonly Read[] {
  const found: Read[] = [];
  const reader = new FrameReader<unknown>((message, bytes) => found.push({ message, text: bytes.toString() }));
  for (const chunk of chunks) reader.read(chunk);
  return found;
}

describe('frames', () => {
  test('come out as they went in, however the stream cuts them', () => {
    for (const size of [1, 2, 3, 7, 8, 9, 100, wire.length - 1, wire.length]) {
      const count = Math.ceil(wire.length / size);
      const chunks = Array.from({ length: count }, (_, at) => wire.subarray(at * size, (at + 1) * size));
      expect(read(chunks), `in chunks of ${size}`).toEqual(expected);
    }
  });

  test('are told when they are whole, not before', () => {
    expect(read([wire.subarray(0, -1)])).toEqual(expected.slice(0, -1));
  });
});
