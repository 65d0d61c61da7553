/** Charts for tests. */
import type { Files } from '../../contract/renderer-contract.js';

const template = `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-settings
  namespace: {{ .Release.Namespace }}
data:
  level: {{ .Values.level | quote }}
`;

/** One template that shows the release, its namespace and the value `level`, which is `from-chart` by default. */
export function chartAt(directory: string, more: { readonly chart?: string; readonly template?: string } = {}): Files {
  return {
    [`${directory}/Chart.yaml`]: `apiVersion: v2\nname: api\nversion: 0.1.0\n${more.chart ?? ''}`,
    [`${directory}/values.yaml`]: 'level: from-chart\n',
    [`${directory}/templates/settings.yaml`]: more.template ?? template,
  };
}
