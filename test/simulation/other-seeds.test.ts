import { holdTheLaws } from './seeds.ts';

holdTheLaws({ from: 500, count: 500 });
