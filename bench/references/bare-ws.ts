/** Reference R: what `ws` itself costs. Each call is parsed and answered with a constant; nothing is checked or stored. */
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

const idTagInfo = { status: 'Accepted' };
const currentTime = '2026-01-01T00:00:00.000Z';
const ANSWERS: { readonly [action: string]: object } = {
  BootNotification: { status: 'Accepted', currentTime, interval: 900 },
  Heartbeat: { currentTime },
  Authorize: { idTagInfo },
  StartTransaction: { transactionId: 1, idTagInfo },
  StopTransaction: { idTagInfo },
};

const server = new WebSocketServer({
  host: '127.0.0.1',
  port: 0,
  perMessageDeflate: false,
  clientTracking: false,
  handleProtocols: () => 'ocpp1.6',
});
server.on('connection', (socket) => {
  socket.on('message', (data) => {
    const [, messageId, action] = JSON.parse(String(data)) as [number, string, string];
    socket.send(JSON.stringify([3, messageId, ANSWERS[action] ?? {}]));
  });
});
server.on('listening', () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ msg: 'ready', ocppJsonPort: port }));
});
process.on('SIGTERM', () => process.exit(0));
