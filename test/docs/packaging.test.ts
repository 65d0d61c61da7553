// What can't be built in a test is at least read as its tools would read it: compose file, App manifest, pinned versions.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { NEEDED_EVENTS, NEEDED_PERMISSIONS } from '../../src/adapters/github/guards.js';

const project = join(import.meta.dirname, '..', '..');
const read = (name: string) => readFileSync(join(project, name), 'utf8');

interface Service {
  readonly healthcheck: { readonly test: string[] };
  readonly volumes: string[];
  readonly ports?: string[];
  readonly command: string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly stop_grace_period?: string;
  readonly build?: string;
  readonly pull_policy?: string;
  readonly security_opt: readonly string[];
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, null>>;
}

const compose = (): Compose => parse(read('docker-compose.yml'), { merge: true }) as Compose;
/** Of the bot, without Redis. */
const ours = (): readonly Service[] =>
  Object.entries(compose().services).flatMap(([name, service]) => (name === 'redis' ? [] : [service]));
/** Instructions of the last stage of the Dockerfile, each in one line. */
const instructions = (): readonly string[] =>
  (
    read('Dockerfile')
      .split(/^FROM /m)
      .at(-1) ?? ''
  )
    .replaceAll('\\\n', ' ')
    .split('\n');
const instruction = (name: string): string =>
  instructions()
    .find((line) => line.startsWith(`${name} `))
    ?.slice(name.length + 1)
    .trim() ?? '';
/** What the image's environment is, unless it is told otherwise. */
const imageEnvironment = (): ReadonlyMap<string, string> =>
  new Map(
    instruction('ENV')
      .split(' ')
      .map((pair) => [pair.split('=')[0] ?? '', pair.split('=')[1] ?? '']),
  );

test('every service of the compose file has a health check of words and a declared volume', () => {
  const { services, volumes } = compose();
  for (const service of Object.values(services)) {
    expect(service.healthcheck.test.map((word) => typeof word)).not.toContain('object');
    for (const volume of service.volumes) expect(Object.keys(volumes)).toContain(volume.split(':')[0]);
  }
});

test('what is set in the containers is known to the settings', () => {
  const documented = read('docs/settings.md');
  const names = [...imageEnvironment().keys(), ...ours().flatMap(({ environment }) => Object.keys(environment ?? {}))];
  for (const name of names.filter((each) => each !== 'NODE_ENV')) expect(documented).toContain(`\`${name}\``);
  const examples = [...read('.env.example').matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name);
  for (const name of examples) expect(documented).toContain(`\`${String(name)}\``);
});

test('the containers run commands that there are, as they expect them', () => {
  const serve = String(/\.command\('serve'\)[^]*?\.action/.exec(read('src/main.ts'))?.[0]);
  for (const { command } of ours()) {
    const [name, option, role] = command;
    expect([name, option]).toEqual(['serve', '--role']);
    expect(serve).toContain(`'${String(role)}'`);
  }
  expect(instruction('ENTRYPOINT')).toBe('["tini", "--", "node", "/app/dist/main.js"]');
  expect(instruction('CMD')).toBe('["serve"]');
});

test('the image is built once, and pulled from nowhere', () => {
  expect(ours().flatMap(({ build = [] }) => build)).toEqual(['.']);
  expect(ours().map(({ pull_policy: policy }) => policy)).toEqual(['never', 'never', 'never']);
  // That would be one more image to pull, for each build.
  expect(read('Dockerfile')).not.toMatch(/^# *syntax *=/m);
});

test('who works may make a sandbox, with a profile that is there and leaves to bubblewrap what it calls', () => {
  const profile = 'docker-seccomp.json';
  for (const { command, security_opt: options } of ours()) {
    const more = command.includes('worker') ? [`seccomp=${profile}`, 'systempaths=unconfined'] : [];
    expect(options).toEqual(['no-new-privileges:true', ...more]);
  }
  const { defaultAction, syscalls } = JSON.parse(read(profile)) as {
    readonly defaultAction: string;
    readonly syscalls: readonly { readonly names: readonly string[]; readonly action: string }[];
  };
  expect([defaultAction, ...syscalls.map(({ action }) => action)]).toEqual(['SCMP_ACT_ALLOW', 'SCMP_ACT_ERRNO']);
  const refused = syscalls.flatMap(({ names }) => names);
  expect(refused).toEqual([...new Set(refused)].toSorted());
  const called = ['clone', 'clone3', 'unshare', 'mount', 'umount2', 'pivot_root', 'sethostname', 'prctl', 'seccomp'];
  expect(refused.filter((name) => called.includes(name))).toEqual([]);
  expect(refused).toEqual(expect.arrayContaining(['bpf', 'init_module', 'kexec_load', 'keyctl', 'setns']));
  expect(read('docs/install.md')).toContain(`--security-opt seccomp=${profile} --security-opt systempaths=unconfined`);
});

test('the documented `docker run` is as closed as the compose file, whatever `.env` says of places', () => {
  const [command = ''] = /docker run --detach[^`]*?lockkeeper$/m.exec(read('docs/install.md')) ?? [];
  const environment = [...command.matchAll(/ -e ([A-Z_]+=\S+)/g)].map(([, pair]) => pair);
  expect(environment).toEqual(['HOST=0.0.0.0', 'PORT=3000', 'DATA_DIR=/data']);
  for (const option of ['--read-only', '--tmpfs /tmp', '--cap-drop ALL', '--security-opt no-new-privileges:true'])
    expect(command).toContain(option);
});

test('data is kept where the unprivileged user may write, and the port is told to nobody but this machine', () => {
  expect(instruction('USER')).toBe('node');
  const directory = imageEnvironment().get('DATA_DIR');
  expect(instruction('VOLUME')).toBe(directory);
  expect(instruction('RUN')).toContain(`install -d -o node -g node ${String(directory)}`);
  for (const { volumes, environment } of ours()) {
    expect(environment?.['DATA_DIR']).toBe(directory);
    expect(volumes.map((volume) => volume.split(':')[1])).toEqual([directory]);
  }
  const port = imageEnvironment().get('PORT');
  expect(instruction('EXPOSE')).toBe(port);
  expect(ours().flatMap(({ ports = [] }) => ports)).toEqual([`127.0.0.1:${String(port)}:${String(port)}`]);
});

test('a container is given longer to end than the bot takes', () => {
  const drain = Number(/DRAIN_LIMIT = ([\d_]+)/.exec(read('src/cli/start-bot.ts'))?.[1]?.replaceAll('_', '')) / 1000;
  expect(drain).toBeGreaterThan(0);
  for (const { stop_grace_period: grace = '10s' } of ours()) expect(Number.parseInt(grace, 10)).toBeGreaterThan(drain);
});

test('all that the image is made of is there, and sent to the engine', () => {
  const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, names = '']) =>
    names.split(' '),
  );
  const allowed = read('.dockerignore')
    .split('\n')
    .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
  expect(copied.length).toBeGreaterThan(5);
  for (const name of copied) {
    expect(existsSync(join(project, name))).toBe(true);
    expect(allowed).toContain(name);
  }
});

test('the health checks pass where the bot is well, and fail where it is not or not there', async () => {
  let status = 200;
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(String(request.url));
    response.writeHead(status).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = String((server.address() as AddressInfo).port);
  const ofImage = JSON.parse(/^ +CMD (\[.*)$/m.exec(read('Dockerfile'))?.[1] ?? '[]') as string[];
  const ofCompose = (ours()[0]?.healthcheck.test ?? []).slice(1);
  const ends = async ([, ...args]: readonly string[]): Promise<unknown> => {
    const inTest = args.map((word) => word.replace(':3000/', `:${port}/`));
    const [code] = (await once(spawn(process.execPath, inTest, { env: { PORT: port } }), 'close')) as unknown[];
    return code;
  };
  try {
    expect(await Promise.all([ends(ofImage), ends(ofCompose)])).toEqual([0, 0]);
    expect(asked.toSorted()).toEqual(['/healthz', '/readyz']);
    status = 503;
    expect(await Promise.all([ends(ofImage), ends(ofCompose)])).toEqual([1, 1]);
  } finally {
    server.close();
    await once(server, 'close');
  }
  expect(await Promise.all([ends(ofImage), ends(ofCompose)])).toEqual([1, 1]);
});

test('the GitHub App asks for no more than it uses', () => {
  const manifest = parse(read('app.yml')) as { default_permissions: unknown; default_events: unknown; public: unknown };
  expect(manifest.public).toBe(false);
  expect(manifest.default_permissions).toEqual(NEEDED_PERMISSIONS);
  expect(manifest.default_events).toEqual(NEEDED_EVENTS);
});

test.each(['helm', 'kustomize', 'opa'])('the image and continuous integration use the same %s', (tool) => {
  const version = /v\d+\.\d+\.\d+/;
  const inImage = read('Dockerfile')
    .split('\n')
    .find((line) => line.startsWith(`ARG ${tool.toUpperCase()}_VERSION=`));
  const inCi = read('.ci/run')
    .split('\n')
    .find((line) => line.startsWith(`${tool}_version=`));
  expect(inImage).toMatch(version);
  expect(version.exec(inCi ?? '')).toEqual(expect.arrayContaining([version.exec(inImage ?? '')?.[0]]));
});
