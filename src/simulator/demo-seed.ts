/** The seed of the demo: one organisation, five people, one configuration repository in plain YAML with two applications. */
import type { Seed, SeedApp, SeedRepository } from './seed.js';

export const demoRepository = 'acme/config';
export const demoEnvironments = ['dev', 'test', 'prod'] as const;
/** Login of the bot where it is an ordinary account (GitLab, or GitHub with a plain token). */
export const demoBot = 'lockkeeper';

export interface DemoSeedOptions {
  /** The bot as a GitHub App; without one it is an account with the token `lockkeeper-token`. */
  readonly app?: SeedApp;
  readonly webhooks?: SeedRepository['webhooks'];
  /** A git repository to copy in place of the demo's own files. */
  readonly copyOf?: string;
  readonly defaultBranch?: string;
}

/** Every person's token (and git password) is `LOGIN-token`. */
export function demoSeed(forge: 'github' | 'gitlab', options: DemoSeedOptions = {}): Seed {
  return {
    users: [
      { login: 'alice', name: 'Alice Adams', email: 'alice@acme.test' },
      { login: 'bob', name: 'Bob Baker', email: 'bob@acme.test' },
      { login: 'carol', name: 'Carol Clark', email: 'carol@acme.test' },
      { login: 'dave', name: 'Dave Dunn', email: 'dave@acme.test' },
      {
        login: demoBot,
        name: 'Lockkeeper',
        email: 'lockkeeper@acme.test',
        kind: forge === 'gitlab' ? 'bot' : 'person',
      },
    ],
    organisations: [
      {
        login: 'acme',
        name: 'Acme',
        members: ['alice', 'bob', 'carol', 'dave'],
        teams: { release: ['alice'], sre: ['alice', 'bob'] },
      },
    ],
    repositories: [demoConfigurationRepository(forge, options)],
    apps: [
      // The build system, whose check runs stand for "CI is green". It never signs in; the control API speaks for it.
      { id: 1, slug: 'ci', name: 'CI', installations: [{ id: 1, account: 'acme' }] },
      ...(options.app === undefined ? [] : [options.app]),
    ],
  };
}

function demoConfigurationRepository(forge: 'github' | 'gitlab', options: DemoSeedOptions): SeedRepository {
  return {
    name: demoRepository,
    description: 'What Acme runs, and where',
    private: true,
    ...(options.copyOf === undefined ? { files: demoFiles() } : { copyOf: options.copyOf }),
    ...(options.defaultBranch === undefined ? {} : { defaultBranch: options.defaultBranch }),
    collaborators: {
      alice: 'write',
      bob: 'write',
      carol: 'write',
      dave: 'read',
      [demoBot]: forge === 'gitlab' ? 'maintain' : 'write',
    },
    protections: [
      {
        pattern: options.defaultBranch ?? 'main',
        requiredChecks: forge === 'github' ? ['ci/build', 'lockkeeper/plan', 'lockkeeper/policy'] : [],
        push: 'nobody',
        merge: 'write',
      },
    ],
    settings: forge === 'gitlab' ? { pipelinesMustSucceed: true, pipelineJobs: ['ci/build'] } : {},
    ...(options.webhooks === undefined ? {} : { webhooks: options.webhooks }),
  };
}

/** Path → text of the demo's configuration repository at version 1.0.0. */
export function demoFiles(): Readonly<Record<string, string>> {
  const files: Record<string, string> = { '.lockkeeper.yaml': lockkeeperYaml, 'README.md': readme };
  for (const app of ['api', 'web']) {
    for (const environment of demoEnvironments) {
      const folder = `apps/${app}/envs/${environment}`;
      files[`${folder}/deployment.yaml`] = deployment(app);
      files[`${folder}/service.yaml`] = service(app);
      files[`${folder}/settings.yaml`] = settings(app, environment);
      files[`${folder}/replicas.yaml`] = replicas(app, environment);
    }
  }
  return files;
}

const readme = `# Configuration

What Acme runs in each environment. Lockkeeper moves versions from dev to test to prod; see \`.lockkeeper.yaml\`.
`;

const lockkeeperYaml = `version: 1
layout:
  path: apps/{app}/envs/{env}
render: auto
environments:
  dev:
    merge: auto
  test:
    after: dev
    gates: { checks: ["ci/*"] }
    promotion: auto
    merge: auto
  prod:
    after: test
    gates: { checks: ["ci/*"] }
    promotion: manual
    merge: manual
carry:
  - files: ["**"]
    except: ["**/settings.yaml", "**/replicas.yaml"]
images:
  - { image: ghcr.io/acme/api, app: api, into: dev }
policy:
  rules:
    - name: production needs two people of SRE
      if: { environments: [prod] }
      require: { approvals: 2, from: { teams: [acme/sre] }, not: [author] }
    - name: image-only changes to dev and test merge alone
      if: { environments: [dev, test], changes: image-only }
      require: none
    - name: everything else needs one person
      require: { approvals: 1, not: [author] }
commands:
  promote: { prod: { teams: [acme/release] } }
`;

function deployment(app: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${app}
  labels:
    app.kubernetes.io/name: ${app}
spec:
  selector:
    matchLabels:
      app.kubernetes.io/name: ${app}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${app}
    spec:
      containers:
        - name: ${app}
          image: ghcr.io/acme/${app}:1.0.0
          ports:
            - containerPort: 8080
          envFrom:
            - configMapRef:
                name: ${app}-settings
`;
}

function service(app: string): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: ${app}
spec:
  selector:
    app.kubernetes.io/name: ${app}
  ports:
    - port: 80
      targetPort: 8080
`;
}

function settings(app: string, environment: string): string {
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${app}-settings
data:
  ENVIRONMENT: ${environment}
  LOG_LEVEL: ${environment === 'prod' ? 'warn' : 'debug'}
  PUBLIC_URL: https://${app}.${environment}.acme.test
`;
}

function replicas(app: string, environment: string): string {
  const [least, most] = environment === 'prod' ? [3, 9] : [1, 2];
  return `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: ${app}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: ${app}
  minReplicas: ${least}
  maxReplicas: ${most}
`;
}
