/** The process that runs compiled policies: reads its work, answers once, and ends. */
import { writeSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { evaluateCompiled, type CompiledWork } from './evaluate-compiled.js';

const STANDARD_OUTPUT = 1;

// What a policy prints is no answer.
process.stdout.write = () => true;
const outcome = await evaluateCompiled(JSON.parse(await text(process.stdin)) as CompiledWork);
writeSync(STANDARD_OUTPUT, JSON.stringify(outcome));
