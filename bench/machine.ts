import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';

export type Machine = {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly node: string;
  readonly platform: string;
  /** Open files that one process may have; `null` when the system does not say. */
  readonly filesMax: number | null;
  /** Server on core 0, load on core 1. */
  readonly pinned: boolean;
};

export const SERVER_CORE = 0;
export const LOAD_CORE = 1;

export function describeMachine(): Machine {
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    filesMax: filesMax(),
    pinned: cores.length > 1 && works('taskset', ['-c', '0', 'true']),
  };
}

/** The command that runs Node on one core, or anywhere when the machine cannot pin. */
export function nodeCommand(machine: Machine, core: number, args: readonly string[]): readonly [string, ...string[]] {
  return machine.pinned ? ['taskset', '-c', String(core), process.execPath, ...args] : [process.execPath, ...args];
}

/** Node raises its own soft limit to the hard one, which is therefore the one that counts. */
function filesMax(): number | null {
  try {
    const limit = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
    return limit === 'unlimited' ? null : Number(limit);
  } catch {
    return null; // No shell here: nothing is known, and a refused socket will say so.
  }
}

function works(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false; // Not installed, or not allowed: the output says that nothing is pinned.
  }
}
