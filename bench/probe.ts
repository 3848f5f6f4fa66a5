/**
 * Loaded into a measured server with `node --import`: answers its parent over IPC with what only the process itself
 * knows. It costs one timer of 10 ms, the same for every server measured.
 */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

export type ProbeReading = {
  /** CPU of all threads since the start of the process. */
  readonly cpuMs: number;
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
  /** Since the last reset: the longest time the loop was away, and how often it was away for more than 50 ms. */
  readonly delayMaxMs: number;
  readonly stalls: number;
};

const TICK_MS = 10;
const STALL_MS = 50;

const histogram = monitorEventLoopDelay({ resolution: TICK_MS });
histogram.enable();
let stalls = 0;
let lastTickMs = performance.now();
setInterval(() => {
  const nowMs = performance.now();
  if (nowMs - lastTickMs - TICK_MS > STALL_MS) stalls += 1;
  lastTickMs = nowMs;
}, TICK_MS).unref();

process.on('message', (message) => {
  if (message === 'probe-reset') {
    histogram.reset();
    stalls = 0;
  } else if (message === 'probe-collect') {
    globalThis.gc?.();
  } else if (message !== 'probe-read') {
    return;
  }
  const cpu = process.cpuUsage();
  const memory = process.memoryUsage();
  const reading: ProbeReading = {
    cpuMs: (cpu.user + cpu.system) / 1000,
    rssBytes: memory.rss,
    heapUsedBytes: memory.heapUsed,
    delayMaxMs: Math.max(0, histogram.max / 1e6 - TICK_MS),
    stalls,
  };
  process.send?.({ probe: reading });
});
// The server must be able to end although its parent still listens.
process.channel?.unref();
