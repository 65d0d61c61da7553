/** Whether a WebAssembly module brings memory along instead of using what it is given: no limit of ours would hold for it. */

const MEMORY_SECTION = 5;
/** Of the magic number and the version. */
const HEADER = 8;

/** `bytes`: a valid module (https://webassembly.github.io/spec/core/binary/modules.html). */
export function declaresMemory(bytes: Uint8Array): boolean {
  let at = HEADER;
  while (at < bytes.length) {
    if (bytes[at] === MEMORY_SECTION) return true;
    const size = readUnsigned(bytes, at + 1);
    at = size.end + size.value;
  }
  return false;
}

/** LEB128 of at most 32 bits. */
function readUnsigned(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let place = 0; place < 5; place += 1) {
    const byte = bytes[start + place] ?? 0;
    value += (byte % 128) * 128 ** place;
    if (byte < 128) return { value, end: start + place + 1 };
  }
  return { value, end: start + 5 };
}
