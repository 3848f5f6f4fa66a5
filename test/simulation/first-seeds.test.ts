import { holdTheLaws } from './seeds.ts';

/** Two files, so that two workers share the worlds. */
holdTheLaws({ from: 0, count: 500 });
