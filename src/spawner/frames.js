// @ts-check
/**
 * Messages with bytes beside them, over a stream: two lengths of four bytes each, the message as JSON, the bytes as they are.
 * Plain JavaScript, since the program that starts children runs without a compiler: see run-children.js.
 */

const LENGTHS = 8;

/**
 * The parts to write, one right after the other.
 *
 * @param {object} message
 * @param {Uint8Array} [bytes]
 * @returns {readonly [head: Uint8Array, body?: Uint8Array]}
 */
export function frame(message, bytes) {
  const text = JSON.stringify(message);
  const length = Buffer.byteLength(text);
  const head = Buffer.allocUnsafe(LENGTHS + length);
  head.writeUInt32BE(length, 0);
  head.writeUInt32BE(bytes?.length ?? 0, 4);
  head.write(text, LENGTHS);
  return bytes === undefined || bytes.length === 0 ? [head] : [head, bytes];
}

/**
 * Puts frames together again from the chunks that a stream gives.
 *
 * @template Message
 */
export class FrameReader {
  /** @type {Buffer} */
  #waiting = Buffer.alloc(0);
  /** @type {Buffer[]} */
  #more = [];
  #length = 0;
  #needed = LENGTHS;
  #onFrame;

  /** @param {(message: Message, bytes: Buffer) => void} onFrame the bytes are a view: copy what is kept for long */
  constructor(onFrame) {
    this.#onFrame = onFrame;
  }

  /** @param {Buffer} chunk */
  read(chunk) {
    this.#more.push(chunk);
    this.#length += chunk.length;
    // Joined only once enough have come.
    if (this.#length < this.#needed) return;
    this.#waiting = this.#more.length === 1 ? chunk : Buffer.concat(this.#more, this.#length);
    while (this.#next());
    this.#more = this.#waiting.length === 0 ? [] : [this.#waiting];
    this.#length = this.#waiting.length;
  }

  /** False when the next frame is not complete yet. */
  #next() {
    const here = this.#waiting;
    if (here.length < LENGTHS) {
      this.#needed = LENGTHS;
      return false;
    }
    const text = LENGTHS + here.readUInt32BE(0);
    const end = text + here.readUInt32BE(4);
    if (here.length < end) {
      this.#needed = end;
      return false;
    }
    this.#waiting = here.subarray(end);
    this.#onFrame(JSON.parse(here.toString('utf8', LENGTHS, text)), here.subarray(text, end));
    return true;
  }
}
