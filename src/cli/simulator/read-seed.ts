/** What the simulator holds at start: a seed file, or the demo's repository with an App whose key is made here. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { demoSeed } from '../../simulator/demo-seed.js';
import { parseSeed, type Seed, type SeedWebhook } from '../../simulator/seed.js';
import { checkSeed } from './check-seed.js';
import { generateAppKeys } from './generate-app-keys.js';

interface SeedRequest {
  readonly forge: 'github' | 'gitlab';
  /** Path of the seed file, or null for the demo's repository. */
  readonly file: string | null;
  readonly webhookUrl: string | null;
  readonly webhookSecret: string | null;
  /** Where a private key may be written. */
  readonly directory: string;
}

type SeedReading =
  /** `settings`: with these in its environment, `lockkeeper serve` works on it. */
  | { readonly kind: 'seed'; readonly seed: Seed; readonly settings: Readonly<Record<string, string>> }
  | { readonly kind: 'unfit'; readonly problems: readonly string[] };

/** The path of `lockkeeper serve` on its default port. */
const BOT_URL = 'http://127.0.0.1:3000';
const APP_ID = 7;

export async function readSeed(request: SeedRequest): Promise<SeedReading> {
  return request.file === null ? demonstration(request) : seedFile(request, request.file);
}

async function demonstration(request: SeedRequest): Promise<SeedReading> {
  const { forge, directory } = request;
  const url = request.webhookUrl ?? `${BOT_URL}/api/${forge}/webhooks`;
  const secret = request.webhookSecret ?? randomBytes(18).toString('base64url');
  const webhook = { url, secret };
  if (forge === 'gitlab') {
    const seed = demoSeed('gitlab', { webhooks: [webhook] });
    return { kind: 'seed', seed, settings: { GITLAB_TOKEN: 'lockkeeper-token', GITLAB_WEBHOOK_SECRET: secret } };
  }
  const { publicKey, privateKey } = generateAppKeys();
  const keyFile = join(directory, 'app.private-key.pem');
  await mkdir(directory, { recursive: true });
  await writeFile(keyFile, privateKey, { mode: 0o600 });
  const installations = [{ id: 70, account: 'acme' }];
  const app = { id: APP_ID, slug: 'lockkeeper', name: 'Lockkeeper', publicKey, webhook, installations };
  const settings = { APP_ID: String(APP_ID), PRIVATE_KEY_PATH: keyFile, WEBHOOK_SECRET: secret };
  return { kind: 'seed', seed: demoSeed('github', { app }), settings };
}

async function seedFile(request: SeedRequest, file: string): Promise<SeedReading> {
  const { webhookUrl, webhookSecret } = request;
  if (webhookUrl === null && webhookSecret !== null)
    return { kind: 'unfit', problems: ['--webhook-secret needs --webhook-url beside a seed file.'] };
  const reading = await readValue(file);
  if (typeof reading === 'string') return { kind: 'unfit', problems: [`${file}: ${reading}`] };
  const problems = checkSeed(reading);
  if (problems.length > 0) return { kind: 'unfit', problems: problems.map((problem) => `${file}: ${problem}`) };
  if (webhookUrl === null) return { kind: 'seed', seed: reading, settings: {} };
  const webhook: SeedWebhook = { url: webhookUrl, ...(webhookSecret === null ? {} : { secret: webhookSecret }) };
  const repositories = (reading.repositories ?? []).map((repository) => ({
    ...repository,
    webhooks: [...(repository.webhooks ?? []), webhook],
  }));
  return { kind: 'seed', seed: { ...reading, repositories }, settings: {} };
}

/** The seed as the file has it, or what is wrong in words. */
async function readValue(file: string): Promise<Seed | string> {
  try {
    return parseSeed(await readFile(file, 'utf8'));
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    return 'code' in cause && cause.code === 'ENOENT' ? 'there is no such file.' : cause.message;
  }
}
