import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { interleaved, ratios, type Bench } from '../bench.ts';
import { figure, type Figure } from '../figures.ts';
import type { KitsRead, LoadOfKits } from '../load/kits.ts';
import { LOAD_CORE, nodeCommand } from '../machine.ts';
import { seedKits } from '../seed/kits.ts';
import { newWorkplace, startServer, type RunningServer, type ServerKind } from '../server.ts';

const KITS = 500;
const SERIALS = Array.from({ length: KITS }, (_, index) => `B${String(index).padStart(4, '0')}`);
const KEY = '5a'.repeat(32);
/** What the issue asks to be read without a loss. */
const PER_SECOND = 5_000;
const WARM_UP_MS = 3_000;

type Measured = KitsRead & { readonly cpuMs: number; readonly dropped: number };

/** What is measured of kits, in words. */
export function describeKits(): string {
  return `${KITS} kits, closed loop and ${PER_SECOND} datagrams/s; net.core.rmem_max ${rmemMax()} bytes`;
}

/** LafonPulse beside a bare echo of datagrams of the same size, as fast as each can, and at a set pace. */
export async function measureKits(bench: Bench): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const says of ['beats', 'recharges'] as const) {
    const measured = await interleaved(bench, ['bare-dgram', 'vigie'], (kind) => measure(bench, kind, says, null));
    const of = (kind: ServerKind, value: (one: Measured) => number): number[] => (measured.get(kind) ?? []).map(value);
    const perCpu = (one: Measured) => (one.answered * 1000) / one.cpuMs;
    for (const kind of ['bare-dgram', 'vigie'] as const)
      figures.push(
        figure(
          `${says}, ${kind}: datagrams of ${of(kind, ({ bytes }) => bytes)[0] ?? 0} bytes`,
          'per s',
          of(kind, (one) => (one.answered * 1000) / one.forMs),
        ),
        figure(`LafonPulse, ${says}, ${kind}: datagrams`, 'per CPU s', of(kind, perCpu)),
        figure(
          `${says}, ${kind}: p99`,
          'ms',
          of(kind, ({ p99Ms }) => p99Ms),
        ),
        figure(
          `${says}, ${kind}: faults`,
          '',
          of(kind, ({ wrong }) => wrong),
          { atMost: 0 },
        ),
      );
    const ratio = ratios(of('vigie', perCpu), of('bare-dgram', perCpu));
    figures.push(figure(`LafonPulse, ${says}: datagrams per CPU s against bare-dgram`, '×', ratio, { atLeast: 0.4 }));
  }
  const paced: Measured[] = [];
  for (let run = 0; run < bench.runs; run++) paced.push(await measure(bench, 'vigie', 'beats', PER_SECOND));
  const values = (value: (one: Measured) => number) => paced.map(value);
  return [
    ...figures,
    figure(
      `at ${PER_SECOND}/s: sent`,
      'per s',
      values((one) => (one.sent * 1000) / one.forMs),
    ),
    figure(
      `at ${PER_SECOND}/s: dropped at the socket`,
      '',
      values(({ dropped }) => dropped),
      { atMost: 0 },
    ),
    figure(
      `at ${PER_SECOND}/s: p50`,
      'ms',
      values(({ p50Ms }) => p50Ms),
    ),
    figure(
      `at ${PER_SECOND}/s: p99`,
      'ms',
      values(({ p99Ms }) => p99Ms),
    ),
  ];
}

async function measure(
  bench: Bench,
  kind: ServerKind,
  says: LoadOfKits['says'],
  perSecond: number | null,
): Promise<Measured> {
  const workplace = newWorkplace();
  try {
    if (kind === 'vigie') await seedKits(workplace.database, SERIALS, KEY);
    const server = await startServer(kind, {
      machine: bench.machine,
      workplace,
      profileInto: bench.profileInto,
      settings: {},
    });
    try {
      const asked = { port: server.lafonPulsePort, isEcho: kind !== 'vigie', serials: SERIALS, keyHex: KEY };
      const read = await loaded(bench, server, {
        ...asked,
        says,
        perSecond,
        warmUpMs: WARM_UP_MS,
        measuredMs: measuredMs(bench),
      });
      const rate = (read.answered * 1000) / read.forMs;
      bench.say(
        `${says}, ${kind}: ${rate.toFixed(0)}/s, ${((read.answered * 1000) / read.cpuMs).toFixed(0)} per CPU s, ${read.dropped} dropped`,
      );
      return read;
    } finally {
      await server.stop();
    }
  } finally {
    workplace.remove();
  }
}

/** The load in a process of its own; CPU and drops of the server are counted while it measures. */
async function loaded(bench: Bench, server: RunningServer, load: LoadOfKits): Promise<Measured> {
  const [command, ...args] = nodeCommand(bench.machine, LOAD_CORE, [
    fileURLToPath(new URL('../load/kits.ts', import.meta.url)),
    JSON.stringify(load),
  ]);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  let cpuMs = 0;
  let dropped = 0;
  const marks: Promise<void>[] = [];
  child.on('message', (word) => {
    const sign = word === 'measuring' ? -1 : 1;
    dropped += sign * droppedAt(load.port);
    marks.push(server.cpuMs().then((ms) => void (cpuMs += sign * ms)));
  });
  let text = '';
  child.stdout?.on('data', (data: Buffer) => (text += String(data)));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  await Promise.all(marks);
  if (code !== 0) throw new Error(`the load of kits ended with ${String(code)}`);
  return { ...(JSON.parse(text) as KitsRead), cpuMs, dropped };
}

/** Datagrams that the system threw away for want of room in the receive buffer of this port, since it was opened. */
function droppedAt(port: number): number {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const line = readFileSync('/proc/net/udp', 'utf8')
    .split('\n')
    .find((one) => one.trim().split(/\s+/)[1]?.endsWith(`:${hex}`) === true);
  return Number(line?.trim().split(/\s+/).at(-1) ?? 0);
}

function rmemMax(): string {
  return readFileSync('/proc/sys/net/core/rmem_max', 'utf8').trim();
}

function measuredMs(bench: Bench): number {
  return bench.quick ? 5_000 : 15_000;
}
