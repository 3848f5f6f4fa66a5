import { Agent, request, type IncomingMessage } from 'node:http';
import { createHistogram } from 'node:perf_hooks';
import type { Credentials } from './pages.ts';

/** One page that a visitor opens; `list` is what it is counted under. */
export type Visit = { readonly list: string; readonly path: string };
/** Somebody with what he opens, in this order, again and again. */
export type Visitor = { readonly credentials: Credentials; readonly visits: readonly Visit[] };
/** Times in ms, from the request to the last byte. */
export type Times = {
  readonly list: string;
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
};
export type VisitsReading = {
  /** All of them together first, under no name. */
  readonly times: readonly Times[];
  /** Anything but a 200 with a body. */
  readonly failed: number;
  /** The first failures, then the slowest pages. */
  readonly complaints: readonly string[];
};

const COMPLAINTS_MAX = 5;
const SLOWEST_SHOWN = 12;
const ALL = '';

/** Times by list, in a histogram of microseconds each. */
export class Stopwatch {
  private readonly histograms = new Map<string, ReturnType<typeof createHistogram>>();
  private readonly slowest = new Map<string, number>();

  record({ list, path }: Visit, tookMs: number): void {
    for (const name of [ALL, list]) {
      const histogram = this.histograms.get(name) ?? createHistogram({ lowest: 1, highest: 600_000_000, figures: 3 });
      this.histograms.set(name, histogram);
      histogram.record(Math.max(1, Math.round(tookMs * 1000)));
    }
    this.slowest.set(path, Math.max(this.slowest.get(path) ?? 0, tookMs));
  }

  read(): readonly Times[] {
    return [...this.histograms].map(([list, histogram]) => ({
      list,
      count: histogram.count,
      p50Ms: histogram.percentile(50) / 1000,
      p99Ms: histogram.percentile(99) / 1000,
      maxMs: histogram.max / 1000,
    }));
  }

  /** The pages that took longest, for whoever has to find out why. */
  worst(): readonly string[] {
    const pages = [...this.slowest].toSorted(([, one], [, other]) => other - one).slice(0, SLOWEST_SHOWN);
    return pages.map(([path, tookMs]) => `${tookMs.toFixed(0)} ms: ${path}`);
  }
}

/** People at their lists: each signs in, keeps one connection, and asks for his next page as soon as he has the last. */
export class Visitors {
  private readonly webUrl: string;
  private readonly complaints: string[] = [];
  private seats: readonly { readonly visits: readonly Visit[]; readonly agent: Agent; readonly cookie: string }[] = [];
  private failed = 0;

  constructor(webUrl: string) {
    this.webUrl = webUrl;
  }

  /** Throws when the server does not let one of them in. */
  async signIn(visitors: readonly Visitor[]): Promise<void> {
    const seats = [];
    for (const { credentials, visits } of visitors) {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const { response } = await this.exchange(agent, '/login', '', new URLSearchParams({ ...credentials }).toString());
      const cookies = response.headers['set-cookie'] ?? [];
      if (cookies.length === 0) throw new Error(`${credentials.username} was not let in: ${response.statusCode}`);
      seats.push({ visits, agent, cookie: cookies.map((cookie) => cookie.split(';')[0]).join('; ') });
    }
    this.seats = seats;
  }

  /** All at once for that long, at least once through everything. */
  async browse(forMs: number): Promise<VisitsReading> {
    const watch = new Stopwatch();
    const untilMs = performance.now() + forMs;
    this.failed = 0;
    this.complaints.length = 0;
    await Promise.all(
      this.seats.map(async ({ visits, agent, cookie }) => {
        for (let turn = 0; turn < visits.length || performance.now() < untilMs; turn += 1) {
          const visit = visits[turn % visits.length];
          if (visit === undefined) return;
          const startedMs = performance.now();
          const { response, bytes } = await this.exchange(agent, visit.path, cookie);
          watch.record(visit, performance.now() - startedMs);
          if (response.statusCode !== 200 || bytes === 0) this.fail(`${response.statusCode} for ${visit.path}`);
        }
      }),
    );
    return { times: watch.read(), failed: this.failed, complaints: [...this.complaints, ...watch.worst()] };
  }

  close(): void {
    for (const { agent } of this.seats) agent.destroy();
  }

  private fail(complaint: string): void {
    this.failed += 1;
    if (this.complaints.length < COMPLAINTS_MAX) this.complaints.push(complaint);
  }

  private exchange(
    agent: Agent,
    path: string,
    cookie: string,
    body?: string,
  ): Promise<{ response: IncomingMessage; bytes: number }> {
    return new Promise((resolve, reject) => {
      const headers = {
        cookie,
        origin: this.webUrl,
        'sec-fetch-site': 'same-origin',
        // As a browser does; nobody reads what comes, so that the load costs little.
        'accept-encoding': 'gzip',
        ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      };
      const method = body === undefined ? 'GET' : 'POST';
      const asked = request(new URL(path, this.webUrl), { method, headers, agent }, (response) => {
        let bytes = 0;
        response.on('data', (part: Buffer) => (bytes += part.length));
        response.on('error', reject);
        response.on('end', () => resolve({ response, bytes }));
      });
      asked.on('error', reject);
      asked.end(body);
    });
  }
}
