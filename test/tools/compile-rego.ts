// Policies compiled to WebAssembly, as `opa build` leaves them in its bundle.
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** In base64. Needs opa. `sources`: by path; `entrypoints`: `main`, `main/deny`. */
export async function compileRego(
  sources: Readonly<Record<string, string>>,
  entrypoints: readonly string[] = ['main'],
): Promise<string> {
  const place = await mkdtemp(join(tmpdir(), 'lockkeeper-test-rego-'));
  try {
    for (const [path, text] of Object.entries(sources)) {
      await mkdir(join(place, 'tree', dirname(path)), { recursive: true });
      await writeFile(join(place, 'tree', path), text);
    }
    const words = ['build', '--target', 'wasm', ...entrypoints.flatMap((each) => ['--entrypoint', each])];
    const built = spawnSync('opa', [...words, '--output', join(place, 'bundle.tar.gz'), join(place, 'tree')]);
    if (built.status !== 0) throw new Error(`opa build: ${built.stderr.toString()}`);
    return fileInTar(gunzipSync(await readFile(join(place, 'bundle.tar.gz'))), '/policy.wasm').toString('base64');
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

const BLOCK = 512;

function fileInTar(tar: Buffer, wanted: string): Buffer {
  for (let at = 0; at < tar.length;) {
    const name = tar.toString('utf8', at, at + 100).replace(/\0.*/s, '');
    const size = Number.parseInt(tar.toString('utf8', at + 124, at + 136), 8) || 0;
    if (name === wanted) return tar.subarray(at + BLOCK, at + BLOCK + size);
    at += BLOCK * (1 + Math.ceil(size / BLOCK));
  }
  throw new Error(`no ${wanted} in the bundle`);
}
