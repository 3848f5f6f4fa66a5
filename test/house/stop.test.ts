import { expect, test } from 'vitest';
import { startServer } from '../fixtures/server.ts';
import { selfSigned } from '../fixtures/certificates.ts';

function listeners(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length;
}

test('what listened for chargers listens no more once the server has stopped', async () => {
  const before = listeners();
  const server = await startServer({ certificate: await selfSigned() });
  // OCPP-J, SOAP 1.5 and 1.6 with their TLS twins; the drop by HTTP and by FTP.
  expect(listeners() - before).toBe(8);
  await server.stop();
  expect(listeners()).toBe(before);
});
