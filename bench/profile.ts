import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The part of a V8 CPU profile (`.cpuprofile`) that is read: what ran at each sample, and µs since the one before. */
export type CpuProfile = {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
};

/** Of the time in which the loop was not idle, in percent. What SQLite does stands with whoever calls it. */
export type Shares = {
  readonly ours: number;
  /** Of it, what turns XML into calls and back. */
  readonly codec: number;
  /** Packages, ours apart. */
  readonly packages: number;
  readonly collector: number;
  /** Node itself, the kernel's work for it included. */
  readonly node: number;
};

const OURS = /\/(?:src|actors|web|migrations)\//;
const CODEC = /\/src\/wire\//;

/** Counts the samples from `fromMs` after the beginning on: a server that starts is not a server at work. */
export function sharesOf({ nodes, samples, timeDeltas }: CpuProfile, fromMs: number): Shares {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const us = { ours: 0, codec: 0, packages: 0, collector: 0, node: 0 };
  let atUs = 0;
  for (const [index, id] of samples.entries()) {
    const tookUs = timeDeltas[index] ?? 0;
    atUs += tookUs;
    const { functionName = '(idle)', url = '' } = frames.get(id) ?? {};
    if (atUs < fromMs * 1000 || functionName === '(idle)') continue;
    if (functionName === '(garbage collector)') us.collector += tookUs;
    else if (url.includes('/node_modules/')) us.packages += tookUs;
    else if (!OURS.test(url)) us.node += tookUs;
    else {
      us.ours += tookUs;
      if (CODEC.test(url)) us.codec += tookUs;
    }
  }
  const percent = 100 / Math.max(1, us.ours + us.packages + us.collector + us.node);
  return {
    ours: us.ours * percent,
    codec: us.codec * percent,
    packages: us.packages * percent,
    collector: us.collector * percent,
    node: us.node * percent,
  };
}

/** Of the main thread, which has by far the longest. @throws when there is no profile in the folder. */
export function profileIn(folder: string): CpuProfile {
  const paths = readdirSync(folder)
    .filter((name) => name.endsWith('.cpuprofile'))
    .map((name) => join(folder, name))
    .toSorted((a, b) => statSync(b).size - statSync(a).size);
  if (paths[0] === undefined) throw new Error(`there is no profile in ${folder}`);
  return JSON.parse(readFileSync(paths[0], 'utf8')) as CpuProfile;
}
