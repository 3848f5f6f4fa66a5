import { createServer } from 'node:net';

/**
 * Rejects with the system's error (`EADDRINUSE`, `EACCES`) when one of the ports cannot be listened on. Port 0 is any
 * free one. Between this look and the listening itself another program may still take a port; that fails later, louder.
 */
export async function portsFree(host: string, ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    await new Promise<void>((resolve, reject) => {
      const probe = createServer();
      probe.once('error', reject);
      probe.listen({ host, port }, () => probe.close(() => resolve()));
    });
  }
}
