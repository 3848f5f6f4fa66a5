/** Reference: what the `soap` package itself costs. Each call is answered with a constant; nothing is checked or stored. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { listen } from 'soap';

const idTagInfo = { status: 'Accepted' };
const currentTime = '2026-01-01T00:00:00Z';
const description = fileURLToPath(new URL('../../src/wire/ocpp-soap/central-system-16.wsdl', import.meta.url));
const services = {
  CentralSystemService: {
    CentralSystemServiceSoap12: {
      BootNotification: () => ({ status: 'Accepted', currentTime, interval: 900 }),
      Heartbeat: () => ({ currentTime }),
      Authorize: () => ({ idTagInfo }),
      StartTransaction: () => ({ transactionId: 1, idTagInfo }),
      StopTransaction: () => ({ idTagInfo }),
      StatusNotification: () => ({}),
      MeterValues: () => ({}),
    },
  },
};

const server = createServer();
listen(server, {
  path: '/ModuleOCPP16.svc',
  services,
  xml: readFileSync(description, 'utf8'),
  uri: description,
  forceSoap12Headers: true,
} as never);
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ msg: 'ready', ocppSoap16Port: port }));
});
process.on('SIGTERM', () => process.exit(0));
