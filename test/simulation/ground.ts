/** What every seed starts from: a small configuration repository, its people, and the values that must never be shown. */
import type { ForgeKind } from '../../src/core/ids.js';
import type { Seed, SeedRepository } from '../../src/simulator/seed.js';

export const REPOSITORY = 'acme/config';
export const FORGE_ADDRESS = 'http://forge.test';
export const BOT_ADDRESS = 'http://bot.test';
export const APP_ID = 7;
/** 2026-01-05, a Monday, 9:00 UTC. */
export const START = Date.UTC(2026, 0, 5, 9);

/** Secrets of the bot itself, and of the repository's own manifests. */
export const WEBHOOK_SECRET = 'planted-webhook-secret-4711';
export const API_TOKEN = 'planted-api-token-0815';
export const MARKER_KEY = 'planted-marker-key-1234';
export const BOT_TOKEN = 'planted-bot-token-9876';
export const MANIFEST_SECRET = 'planted-greeting';

/** Found in any text that leaves the bot, this is a leak. */
export const SECRETS: readonly string[] = [WEBHOOK_SECRET, API_TOKEN, MARKER_KEY, BOT_TOKEN, MANIFEST_SECRET];

export const APPS = ['api', 'web'] as const;
export const ENVIRONMENTS = ['dev', 'test', 'prod'] as const;
export const SRE: readonly string[] = ['alice', 'bob'];
export const SRE_TEAM = 'acme/sre';
/** What `carry` leaves out. */
export const NOT_CARRIED = 'settings.yaml';

/** May merge past every rule. */
export const ADMIN = 'erin';
/** May read and nothing more. */
export const READER = 'dave';
export const WRITERS = ['alice', 'bob', 'carol'] as const;

export interface ConfigurationVariant {
  readonly testMerge: 'auto' | 'manual';
  readonly testPromotion: 'auto' | 'manual';
  readonly method: 'merge' | 'squash' | 'rebase';
  readonly soak: string | null;
  /** Whether a comment `/approve` is an approval. */
  readonly approveCommand: 'on' | 'off';
  readonly queue: QueueVariant;
}

/** Keys of `queue`, as docs/configuration.md has them. */
export interface QueueVariant {
  readonly parallel: 'on' | 'off';
  readonly verify: 'head' | 'batch';
  readonly rebase: 'never' | 'if-needed';
  readonly speculate: 'off' | 'plans' | 'checks';
}

/** How the forge is set up. */
export interface ForgeRules {
  /** What it sees to at a merge: checks, or nothing but conflicts, so that all is left to the bot. */
  readonly demands: 'checks' | 'none';
  /** Where GitHub is told so. */
  readonly said: 'by protection' | 'by ruleset' | 'by ruleset that the bot may pass';
  /** Heads that GitHub merges, where checks are demanded. */
  readonly heads: 'any' | 'up to date';
  /** GitLab's merge method, which is the project's and not a merge's. */
  readonly merges: 'by any method' | 'by fast-forward' | 'by squash' | 'semi-linearly';
}

export function configurationText(variant: ConfigurationVariant): string {
  const soak = variant.soak === null ? '' : `, soak: ${variant.soak}`;
  return `version: 1
layout:
  path: apps/{app}/envs/{env}
render: plain
environments:
  dev: { merge: auto }
  test:
    after: dev
    gates: { checks: ["ci/*"]${soak} }
    promotion: ${variant.testPromotion}
    merge: ${variant.testMerge}
  prod:
    after: test
    gates: { checks: ["ci/*"] }
    promotion: manual
    merge: manual
carry:
  - files: ["**"]
    except: ["**/${NOT_CARRIED}"]
images:
  - { image: ghcr.io/acme/api, app: api, into: dev, update: semver }
policy:
  approve-command: ${variant.approveCommand === 'on'}
  rules:
    - name: production needs two people of SRE
      if: { environments: [prod] }
      require: { approvals: 2, from: { teams: [${SRE_TEAM}] }, not: [author] }
    - name: image-only changes to dev and test merge alone
      if: { environments: [dev, test], changes: image-only }
      require: none
    - name: everything else needs one person
      require: { approvals: 1, not: [author] }
queue: { method: ${variant.method}, ${queueText(variant.queue)} }
commands:
  promote: { prod: { teams: [acme/release] } }
`;
}

function queueText({ parallel, verify, rebase, speculate }: QueueVariant): string {
  return `parallel: ${parallel}, verify: ${verify}, rebase: ${rebase}, speculate: ${speculate}`;
}

export const BROKEN_CONFIGURATION = 'version: 1\nlayuot: { path: nonsense }\n';

export function directoryOf(app: string, env: string): string {
  return `apps/${app}/envs/${env}`;
}

export function deploymentText(app: string, version: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${app}
spec:
  template:
    spec:
      containers:
        - name: ${app}
          image: ghcr.io/acme/${app}:${version}
`;
}

export function settingsText(app: string, env: string, level: string): string {
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${app}-settings
data:
  ENVIRONMENT: ${env}
  LOG_LEVEL: ${level}
`;
}

/** Under a name that tells nothing: only its being in a Secret does. */
export function secretText(app: string, turn: number): string {
  return `apiVersion: v1
kind: Secret
metadata:
  name: ${app}-secret
stringData:
  greeting: ${MANIFEST_SECRET}-${turn}
`;
}

export function groundFiles(variant: ConfigurationVariant): Readonly<Record<string, string>> {
  const files: Record<string, string> = {
    '.lockkeeper.yaml': configurationText(variant),
    'README.md': '# What Acme runs\n',
  };
  for (const app of APPS)
    for (const env of ENVIRONMENTS) {
      files[`${directoryOf(app, env)}/deployment.yaml`] = deploymentText(app, '1.0.0');
      files[`${directoryOf(app, env)}/${NOT_CARRIED}`] = settingsText(app, env, 'info');
      if (app === 'api') files[`${directoryOf(app, env)}/secret.yaml`] = secretText(app, 0);
    }
  return files;
}

const REQUIRED_CHECKS = ['ci/build', 'lockkeeper/plan', 'lockkeeper/policy'];

const GUARDED = { pattern: 'main', push: 'nobody', merge: 'write' } as const;

function githubRules({ demands, said, heads }: ForgeRules): Pick<SeedRepository, 'protections' | 'rulesets'> {
  if (demands === 'none') return { protections: [GUARDED] };
  const strict = heads === 'up to date';
  if (said === 'by protection' || strict)
    return { protections: [{ ...GUARDED, requiredChecks: REQUIRED_CHECKS, strict, enforceAdmins: false }] };
  const checks = REQUIRED_CHECKS.map((context) => ({ context }));
  const role = said === 'by ruleset' ? ADMIN_ROLE : WRITE_ROLE;
  const bypass = [{ actor_id: role, actor_type: 'RepositoryRole', bypass_mode: 'always' }] as const;
  const rulesets = [{ name: 'green', rules: [{ type: 'required_status_checks', checks }], bypass }] as const;
  return { protections: [GUARDED], rulesets };
}

/** GitHub's numbers of them. */
const WRITE_ROLE = 4;
const ADMIN_ROLE = 5;

function gitlabRules({ demands, merges }: ForgeRules): Pick<SeedRepository, 'protections' | 'settings'> {
  const settings = {
    pipelinesMustSucceed: demands === 'checks',
    pipelineJobs: ['ci/build'],
    mergeMethods: MERGE_METHODS[merges],
    semiLinear: merges === 'semi-linearly',
  };
  return { protections: [{ ...GUARDED, requiredChecks: [] }], settings };
}

const MERGE_METHODS: Readonly<Record<ForgeRules['merges'], readonly ConfigurationVariant['method'][]>> = {
  'by any method': ['merge', 'squash', 'rebase'],
  'by fast-forward': ['rebase'],
  'by squash': ['squash'],
  'semi-linearly': ['merge', 'squash'],
};

export interface GroundRequest {
  readonly forge: ForgeKind;
  readonly publicKey: string;
  readonly variant: ConfigurationVariant;
  readonly rules: ForgeRules;
}

export function groundSeed({ forge, publicKey, variant, rules }: GroundRequest): Seed {
  const webhook = { url: `${BOT_ADDRESS}/api/${forge}/webhooks`, secret: WEBHOOK_SECRET };
  const isGithub = forge === 'github';
  const people = [...WRITERS, READER, ADMIN].map((login) => ({ login, email: `${login}@acme.test` }));
  const bot = { login: 'lockkeeper', email: 'lockkeeper@acme.test', kind: 'bot', tokens: [BOT_TOKEN] } as const;
  return {
    users: isGithub ? people : [...people, bot],
    organisations: [
      { login: 'acme', members: people.map(({ login }) => login), teams: { sre: SRE, release: ['alice'] } },
    ],
    repositories: [
      {
        name: REPOSITORY,
        private: true,
        files: groundFiles(variant),
        collaborators: {
          alice: 'write',
          bob: 'write',
          carol: 'write',
          [READER]: 'read',
          [ADMIN]: 'admin',
          ...(isGithub ? {} : { lockkeeper: 'maintain' as const }),
        },
        ...(isGithub ? githubRules(rules) : gitlabRules(rules)),
        ...(isGithub ? {} : { webhooks: [webhook] }),
      },
    ],
    apps: isGithub
      ? [
          { id: 1, slug: 'ci', installations: [{ id: 1, account: 'acme' }] },
          {
            id: APP_ID,
            slug: 'lockkeeper',
            publicKey,
            webhook,
            installations: [{ id: 70, account: 'acme', repositories: 'all' }],
          },
        ]
      : [],
  };
}
