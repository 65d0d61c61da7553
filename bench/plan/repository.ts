/** A configuration repository as large ones are: every application in three environments, all on one shared base. */
export const ENVIRONMENTS = ['dev', 'test', 'prod'] as const;

export const SHARED = 'bases/service';

export function appName(index: number): string {
  return `app-${String(index).padStart(3, '0')}`;
}

export function directoriesOf(app: string): readonly string[] {
  return ENVIRONMENTS.map((environment) => `apps/${app}/envs/${environment}`);
}

/** Path → text. */
export function repositoryFiles(applications: number): Readonly<Record<string, string>> {
  const files: Record<string, string> = {
    '.lockkeeper.yaml': configuration,
    'README.md': '# Configuration\n',
    [`${SHARED}/kustomization.yaml`]: 'resources:\n  - deployment.yaml\n  - service.yaml\n  - account.yaml\n',
    [`${SHARED}/deployment.yaml`]: sharedDeployment(1),
    [`${SHARED}/service.yaml`]: service,
    [`${SHARED}/account.yaml`]: 'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: service\n',
  };
  for (let index = 0; index < applications; index += 1) {
    const app = appName(index);
    files[`apps/${app}/base/kustomization.yaml`] = applicationBase(app, '1.0.0');
    for (const environment of ENVIRONMENTS) {
      const directory = `apps/${app}/envs/${environment}`;
      files[`${directory}/kustomization.yaml`] = overlay(app, environment);
      files[`${directory}/replicas.yaml`] = replicas(environment === 'prod' ? 3 : 1);
      files[`${directory}/settings.env`] = `LOG_LEVEL=${environment === 'prod' ? 'warn' : 'debug'}\nAPP=${app}\n`;
    }
  }
  return files;
}

/** What a change of one application's version writes. */
export function applicationBase(app: string, version: string): string {
  return `resources:\n  - ../../../${SHARED}\nnamePrefix: ${app}-\ncommonLabels:\n  app.kubernetes.io/name: ${app}\nimages:\n  - name: registry.test/service\n    newName: registry.test/${app}\n    newTag: "${version}"\n`;
}

/** What a change that reaches every target writes. */
export function sharedDeployment(grace: number): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: service
spec:
  replicas: 1
  template:
    spec:
      serviceAccountName: service
      terminationGracePeriodSeconds: ${30 + grace}
      containers:
        - name: service
          image: registry.test/service:0.0.0
          ports:
            - name: http
              containerPort: 8080
          envFrom:
            - configMapRef:
                name: settings
          readinessProbe:
            httpGet:
              path: /ready
              port: http
          resources:
            requests: { cpu: 100m, memory: 128Mi }
            limits: { memory: 256Mi }
`;
}

const service = `apiVersion: v1
kind: Service
metadata:
  name: service
spec:
  ports:
    - name: http
      port: 80
      targetPort: http
`;

function overlay(app: string, environment: string): string {
  return `namespace: ${app}-${environment}\nresources:\n  - ../../base\npatches:\n  - path: replicas.yaml\n    target:\n      kind: Deployment\nconfigMapGenerator:\n  - name: settings\n    envs:\n      - settings.env\n`;
}

function replicas(count: number): string {
  return `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: service\nspec:\n  replicas: ${count}\n`;
}

const configuration = `version: 1
layout:
  path: apps/{app}/envs/{env}
environments:
  dev: {}
  test: {}
  prod: {}
`;
