// docs/metrics.md, made from the list that the metrics themselves are made of.
import { METRICS, type MetricDescription } from '../src/adapters/prometheus/metric-list.js';

export function metricsPage(): string {
  const rows = Object.values<MetricDescription>(METRICS).map(
    ({ name, type, labels, of, help }) =>
      `| \`${name}\` | ${type} | ${labels.length === 0 ? '' : labels.map((label) => `\`${label}\``).join(', ')} | ${of} | ${help} |`,
  );
  const table = ['| metric | type | labels | of | what it says |', '| --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
  return `${[INTRODUCTION, table, MEANING, RULES].join('\n\n')}\n`;
}

const INTRODUCTION = `# Metrics

Generated from the code by \`npm run generate\`; do not edit.

\`GET /metrics\` tells Prometheus how the bot does, in every process, those with \`--role web\` and \`--role worker\` as well. It is behind the same token as the rest of the [API](http-api.md): without [\`LOCKKEEPER_API_TOKEN\`](settings.md#the-bot) it answers 403.

\`\`\`yaml
# prometheus.yml
scrape_configs:
  - job_name: lockkeeper
    authorization: { credentials_file: /etc/prometheus/lockkeeper-token }
    static_configs:
      - targets: ['lockkeeper:3000'] # each process by itself, not through a load balancer
\`\`\``;

const MEANING = `Beside these there are \`process_…\` and \`nodejs_…\`, as prom-client names them: memory, processor time, open files, event loop.

**of** \`process\`: each process counts for itself from its start; add them up. **of** \`store\`: what stands in the store that all processes share, so each of them says the same; take the \`max\`, or ask one.

Values of labels come from closed lists in the program, or are status codes: no repository, person, branch or image is ever named, so that their number is bounded and nothing secret is in them. Which repositories are meant is told by the log, [\`GET /api/v1/queues\`](http-api.md#merge-queues) and [\`lockkeeper jobs list\`](replicas.md#what-came-in-and-what-was-given-up).`;

const RULES = `## What to be told of

| when | then |
| --- | --- |
| \`max(lockkeeper_jobs{state="buried"}) > 0\` | something was given up: \`lockkeeper jobs list\` says what and why |
| \`max(lockkeeper_jobs_oldest_seconds{state="due"}) > 600\` | nobody takes up jobs, or one lane is busy for long |
| \`max(lockkeeper_merge_queues_stopped) > 0\` | a merge was not what had been planned: see [the merge queue](queue.md#when-the-merge-is-not-what-was-planned) |
| \`rate(lockkeeper_webhooks_total{outcome=~"unsigned\\|bad-signature"}[15m]) > 0\` | the secret at the forge and the one here differ, or somebody forges webhooks |
| \`rate(lockkeeper_webhooks_total{outcome="unavailable"}[5m]) > 0\`, or \`lockkeeper_store_up == 0\` | the store can't be written, or read |
| \`lockkeeper_forge_rate_limit_remaining / lockkeeper_forge_rate_limit < 0.1\` | the forge will soon refuse requests: see [what it asks of the forge](traffic.md) |
| \`rate(lockkeeper_forge_requests_total{status=~"none\\|5.."}[5m]) > 0.1\` | the forge is away, or not well |`;
