/** `npm run bench -- NAME [--json] [--small]`: measures what the design promises, side by side with what it is compared to. */
import { benchIngest } from './ingest/bench-ingest.js';
import { benchLanes } from './lanes/bench-lanes.js';
import { benchPlan } from './plan/bench-plan.js';
import { benchPolicy } from './policy/bench-policy.js';
import { benchQueue } from './queue/bench-queue.js';
import { benchSweep } from './sweep/bench-sweep.js';

const benchmarks: Readonly<Record<string, (options: { readonly size: 'full' | 'small' }) => Promise<object>>> = {
  ingest: benchIngest,
  lanes: benchLanes,
  plan: benchPlan,
  policy: benchPolicy,
  queue: benchQueue,
  sweep: benchSweep,
};

const [name = '', ...flags] = process.argv.slice(2);
const benchmark = benchmarks[name];
const unknown = flags.find((flag) => flag !== '--json' && flag !== '--small');
if (benchmark === undefined || unknown !== undefined) {
  console.error(`Use: npm run bench -- ${Object.keys(benchmarks).join(' | ')} [--json] [--small]`);
  process.exit(2);
}
const figures = await benchmark({ size: flags.includes('--small') ? 'small' : 'full' });
// The last line, for programs.
if (flags.includes('--json')) console.log(JSON.stringify(figures));
