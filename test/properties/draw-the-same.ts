/** Properties draw the same examples in every run, so that what is red is red for everybody; another PROPERTY_SEED draws others. */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['PROPERTY_SEED'] ?? 1) });
