import { createHistogram } from 'node:perf_hooks';
import { get, request, type IncomingMessage } from 'node:http';

export type PagesReading = {
  readonly open: number;
  /** Pages or streams that could not be had, or that ended. */
  readonly failed: number;
  readonly messages: number;
  readonly bytes: number;
  /** Changes seen, once for each page that shows the charger. */
  readonly seen: number;
  /** Changes of chargers that a page shows, older than the patience, and never seen by it. */
  readonly missed: number;
  readonly ageP50Ms: number;
  readonly ageP99Ms: number;
  readonly ageMaxMs: number;
  readonly complaints: readonly string[];
};

export type Credentials = { readonly username: string; readonly password: string };

const IDENTITY = /BENCH-\d{5}/g;
const STREAM_URL = /hx-sse:connect="([^"]+)"/;
const PATIENCE_MS = 3_000;
const COMPLAINTS_MAX = 5;

type Page = {
  readonly shows: ReadonlySet<string>;
  readonly seenMs: Map<string, number>;
  stream: IncomingMessage | null;
};

/** Fleet pages held open as a browser holds them: the page is asked for, then the stream that it names. */
export class LivePages {
  private readonly webUrl: string;
  private readonly ages = createHistogram({ lowest: 1, highest: 600_000, figures: 3 });
  private readonly changedMs = new Map<string, number>();
  private readonly pages: Page[] = [];
  private readonly complaints: string[] = [];
  private cookie = '';
  private failed = 0;
  private messages = 0;
  private bytes = 0;
  private seen = 0;
  private missed = 0;
  private closing = false;

  constructor(webUrl: string) {
    this.webUrl = webUrl;
  }

  /** Throws when the server does not let the operator in. */
  async logIn(credentials: Credentials): Promise<void> {
    const answer = await this.exchange('POST', '/login', new URLSearchParams(credentials).toString());
    const cookies = answer.response.headers['set-cookie'] ?? [];
    if (cookies.length === 0) throw new Error(`no login: ${answer.response.statusCode} ${answer.body.slice(0, 200)}`);
    this.cookie = cookies.map((cookie) => cookie.split(';')[0]).join('; ');
  }

  /** Opens one page on `path` and its stream. A failure is counted, not thrown. */
  async open(path: string): Promise<void> {
    const { response, body } = await this.exchange('GET', path);
    const streamPath = STREAM_URL.exec(body)?.[1]?.replaceAll('&amp;', '&');
    if (response.statusCode !== 200 || !streamPath)
      return this.fail(`${path}: ${response.statusCode}, no stream in it`);
    const page: Page = { shows: new Set(body.match(IDENTITY) ?? []), seenMs: new Map(), stream: null };
    this.pages.push(page);
    await new Promise<void>((resolve) => {
      const headers = { cookie: this.cookie, accept: 'text/event-stream' };
      const asked = get(new URL(streamPath, this.webUrl), { headers, agent: false }, (stream) => {
        if (stream.statusCode !== 200) this.fail(`${streamPath}: ${stream.statusCode}`);
        page.stream = stream;
        this.listen(page, stream);
        resolve();
      });
      asked.on('error', (error) => {
        if (!this.closing) this.fail(`${streamPath}: ${error.message}`);
        resolve();
      });
    });
  }

  /** How long a page or a file takes, in ms, with its size; the body is read to its end. */
  async fetch(path: string): Promise<{ readonly tookMs: number; readonly bytes: number; readonly status: number }> {
    const startedMs = performance.now();
    const { response, body } = await this.exchange('GET', path);
    return { tookMs: performance.now() - startedMs, bytes: body.length, status: response.statusCode ?? 0 };
  }

  /** That charger has just sent a change: every page that shows it should hear of it. */
  changed(identity: string): void {
    this.countMissed(identity);
    this.changedMs.set(identity, performance.now());
  }

  resetAges(): void {
    this.ages.reset();
    this.changedMs.clear();
    this.messages = this.bytes = this.seen = this.missed = 0;
  }

  read(): PagesReading {
    for (const identity of this.changedMs.keys()) this.countMissed(identity);
    return {
      open: this.pages.filter(({ stream }) => stream !== null).length,
      failed: this.failed,
      messages: this.messages,
      bytes: this.bytes,
      seen: this.seen,
      missed: this.missed,
      ageP50Ms: this.ages.percentile(50),
      ageP99Ms: this.ages.percentile(99),
      ageMaxMs: this.seen === 0 ? 0 : this.ages.max,
      complaints: this.complaints,
    };
  }

  close(): void {
    this.closing = true;
    for (const { stream } of this.pages) stream?.destroy();
    this.pages.length = 0;
  }

  private listen(page: Page, stream: IncomingMessage): void {
    stream.setEncoding('latin1');
    let tail = '';
    stream.on('data', (text: string) => {
      this.bytes += text.length;
      const parts = (tail + text).split('\n\n');
      tail = parts.pop() ?? '';
      for (const message of parts) this.receive(page, message);
    });
    stream.on('error', () => {});
    stream.on('close', () => {
      page.stream = null;
      if (!this.closing) this.fail('a stream was closed');
    });
  }

  /** The first message that names a charger after its change is the one that carries it. */
  private receive(page: Page, message: string): void {
    this.messages += 1;
    const nowMs = performance.now();
    for (const identity of new Set(message.match(IDENTITY) ?? [])) {
      const changedMs = this.changedMs.get(identity);
      if (changedMs === undefined || page.seenMs.get(identity) === changedMs) continue;
      page.seenMs.set(identity, changedMs);
      this.seen += 1;
      this.ages.record(Math.max(1, Math.round(nowMs - changedMs)));
    }
  }

  private countMissed(identity: string): void {
    const changedMs = this.changedMs.get(identity);
    if (changedMs === undefined || performance.now() - changedMs < PATIENCE_MS) return;
    this.missed += this.pages.filter(
      (page) => page.shows.has(identity) && page.seenMs.get(identity) !== changedMs,
    ).length;
    this.changedMs.delete(identity);
  }

  private fail(complaint: string): void {
    this.failed += 1;
    if (this.complaints.length < COMPLAINTS_MAX) this.complaints.push(complaint);
  }

  private exchange(method: string, path: string, body?: string): Promise<{ response: IncomingMessage; body: string }> {
    return new Promise((resolve, reject) => {
      const headers = {
        ...(this.cookie && { cookie: this.cookie }),
        origin: this.webUrl,
        'sec-fetch-site': 'same-origin',
        ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      };
      const asked = request(new URL(path, this.webUrl), { method, headers, agent: false }, (response) => {
        const parts: string[] = [];
        response.setEncoding('latin1');
        response.on('data', (part: string) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => resolve({ response, body: parts.join('') }));
      });
      asked.on('error', reject);
      asked.end(body);
    });
  }
}
