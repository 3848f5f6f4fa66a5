import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { nodeCommand, SERVER_CORE, type Machine } from './machine.ts';
import type { ProbeReading } from './probe.ts';

/** `vigie` is the real one; the others bound it: what this stack can do at most, and what a known library does. */
export type ServerKind = 'vigie' | 'bare-ws' | 'ocpp-rpc' | 'bare-soap' | 'bare-dgram';

export type RunningServer = {
  readonly kind: ServerKind;
  readonly ocppUrl: string;
  /** UDP; 0 where nothing listens. */
  readonly lafonPulsePort: number;
  /** Of OCPP 1.6. */
  readonly soapUrl: string;
  /** `null` for the references, which have no pages. */
  readonly webUrl: string | null;
  /** From the start of the process to its `ready` line. */
  readonly readyAfterMs: number;
  /** CPU that it took until then. */
  readonly readyCpuMs: number;
  /** CPU of the whole process, all threads, since its start. */
  cpuMs(): Promise<number>;
  /** Resident memory of the server and of the processes that it started, the pages that they share counted in each. */
  residentBytes(): number;
  /** `probe-reset` forgets the delays seen so far; `probe-collect` collects garbage first, where the server allows it. */
  probe(what: 'probe-read' | 'probe-reset' | 'probe-collect'): Promise<ProbeReading>;
  stop(): Promise<void>;
};

/** A directory for one database, in the system's temporary place. `remove` when done. */
export type Workplace = { readonly database: string; remove(): void };

export const OPERATOR = { username: 'bench', password: 'Bench-2026-marche' } as const;

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const ENTRIES: Record<ServerKind, string> = {
  vigie: 'src/main.ts',
  'bare-ws': 'bench/references/bare-ws.ts',
  'ocpp-rpc': 'bench/references/ocpp-rpc.ts',
  'bare-dgram': 'bench/references/bare-dgram.ts',
  'bare-soap': 'bench/references/bare-soap.ts',
};
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 30_000;
const TICKS_PER_SECOND = 100;
const COMPLAINT_CHARACTERS_MAX = 4_000;

/** Whether the entry of that server is there to be started. */
export function isPresent(kind: ServerKind): boolean {
  return existsSync(resolve(ROOT, entryOf(kind)));
}

export function newWorkplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-bench-'));
  return { database: join(folder, 'vigie.sqlite'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Starts a server as a process of its own and waits for its `ready` line. Throws with its last words if it ends first. */
export async function startServer(
  kind: ServerKind,
  {
    machine,
    workplace,
    profileInto,
    settings,
  }: {
    machine: Machine;
    workplace: Workplace;
    profileInto: string | null;
    /** Of the environment, beside those of every bench. */
    settings: Readonly<Record<string, string>>;
  },
): Promise<RunningServer> {
  const profiling = profileInto && kind === 'vigie' ? ['--cpu-prof', `--cpu-prof-dir=${profileInto}`] : [];
  const [command, ...args] = nodeCommand(machine, SERVER_CORE, [
    ...profiling,
    ...(kind === 'vigie' ? startFlags() : []),
    '--expose-gc',
    '--import',
    new URL('./probe.ts', import.meta.url).href,
    entryOf(kind),
  ]);
  const startedMs = performance.now();
  const child = spawn(command, args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...environment(workplace), ...settings },
  });
  const ready = await readyLine(child, kind);
  const readyAfterMs = performance.now() - startedMs;
  let ended = false;
  child.once('exit', () => (ended = true));

  const cpuMs = async (): Promise<number> =>
    (child.pid === undefined ? null : cpuFromProc(child.pid)) ?? (await probe('probe-read')).cpuMs;

  async function probe(what: 'probe-read' | 'probe-reset' | 'probe-collect'): Promise<ProbeReading> {
    child.send(what);
    const [message] = (await once(child, 'message')) as [{ readonly probe: ProbeReading }];
    return message.probe;
  }

  return {
    kind,
    ocppUrl: `ws://127.0.0.1:${ready.ocppJsonPort ?? 0}`,
    lafonPulsePort: ready.lafonPulsePort ?? 0,
    soapUrl: `http://127.0.0.1:${ready.ocppSoap16Port ?? 0}/ModuleOCPP16.svc`,
    webUrl: ready.webPort === undefined ? null : `http://127.0.0.1:${ready.webPort}`,
    readyAfterMs,
    readyCpuMs: await cpuMs(),
    probe,
    cpuMs,
    residentBytes: () => (child.pid === undefined ? 0 : residentBytes(child.pid)),
    async stop() {
      if (ended) return;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => {
        console.error(`  ${kind} did not stop within ${STOP_WITHIN_MS} ms: killed`);
        child.kill('SIGKILL');
      }, STOP_WITHIN_MS);
      await exit;
      clearTimeout(timer);
    },
  };
}

/** A stand-in may be measured in place of the real server by naming its entry in `VIGIE_BENCH_ENTRY`. */
function entryOf(kind: ServerKind): string {
  return (kind === 'vigie' && process.env['VIGIE_BENCH_ENTRY']) || ENTRIES[kind];
}

/** What `npm start` gives to Node before the entry: the server is measured as people run it. */
function startFlags(): readonly string[] {
  const manifest: unknown = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8'));
  const { scripts } = manifest as { readonly scripts?: { readonly start?: string } };
  const words = (scripts?.start ?? '').split(' ').filter((word) => word !== '');
  return words.slice(1, Math.max(1, words.indexOf(ENTRIES.vigie)));
}

function environment(workplace: Workplace): Record<string, string> {
  return {
    VIGIE_DATABASE: workplace.database,
    VIGIE_HOST: '127.0.0.1',
    VIGIE_WEB_PORT: '0',
    VIGIE_OCPP_JSON_PORT: '0',
    VIGIE_DROP_PORT: 'off',
    VIGIE_DROP_FTP_PORT: 'off',
    VIGIE_LAFON_PULSE_PORT: '0',
    VIGIE_OCPP_SOAP15_PORT: 'off',
    VIGIE_OCPP_SOAP16_PORT: '0',
    VIGIE_WELCOME_STRANGERS: '1',
    VIGIE_OPERATOR_USER: OPERATOR.username,
    VIGIE_OPERATOR_PASSWORD: OPERATOR.password,
    VIGIE_API_TOKEN: 'bench-token-of-no-value-0123456789abcdef',
  };
}

type ReadyLine = {
  readonly ocppJsonPort?: number;
  readonly ocppSoap16Port?: number;
  readonly lafonPulsePort?: number;
  readonly webPort?: number;
};

function readyLine(child: ChildProcess, kind: ServerKind): Promise<ReadyLine> {
  return new Promise((settle, reject) => {
    let complaint = '';
    const keep = (text: string): void => {
      complaint = (complaint + text).slice(-COMPLAINT_CHARACTERS_MAX);
    };
    const timer = setTimeout(() => reject(new Error(`${kind} was not ready in time\n${complaint}`)), READY_WITHIN_MS);
    child.stderr?.on('data', (data: Buffer) => keep(String(data)));
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`${kind} ended with ${String(code)} before it was ready\n${complaint}`));
    });
    if (!child.stdout) return;
    // The lines after `ready` are read too, and dropped: a full pipe would stop the server.
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry = readEntry(line);
      if (!entry) return keep(`${line}\n`);
      clearTimeout(timer);
      settle(entry);
    });
  });
}

function readEntry(line: string): ReadyLine | null {
  if (!line.includes('"ready"')) return null;
  try {
    const entry = JSON.parse(line) as { msg?: unknown } & ReadyLine;
    return entry.msg === 'ready' ? entry : null;
  } catch {
    return null; // A line of text that only speaks of being ready.
  }
}

/** Of that process and its descendants; 0 where there is no /proc. */
function residentBytes(pid: number): number {
  const read = (path: string): string => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return ''; // It has ended since.
    }
  };
  const ofIts = Number(/VmRSS:\s+(\d+) kB/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean);
  return ofIts + children.reduce((sum, child) => sum + residentBytes(Number(child)), 0);
}

/** utime + stime of all threads, from the kernel's own count; `null` where there is no /proc. */
function cpuFromProc(pid: number): number | null {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return null;
  const fields = readFileSync(path, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}
