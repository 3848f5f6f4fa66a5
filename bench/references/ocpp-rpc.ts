/** Reference L: npm `ocpp-rpc` in strict mode, as its documentation shows it. Payloads are checked, nothing is stored. */
import { RPCServer } from 'ocpp-rpc';

const server = new RPCServer({ protocols: ['ocpp1.6'], strictMode: ['ocpp1.6'] });
const idTagInfo = { status: 'Accepted' };
const now = (): string => new Date().toISOString();

server.on('client', (client) => {
  client.handle('BootNotification', async () => ({ status: 'Accepted', currentTime: now(), interval: 900 }));
  client.handle('Heartbeat', async () => ({ currentTime: now() }));
  client.handle('Authorize', async () => ({ idTagInfo }));
  client.handle('StartTransaction', async () => ({ transactionId: 1, idTagInfo }));
  client.handle('StopTransaction', async () => ({ idTagInfo }));
  client.handle('MeterValues', async () => ({}));
  client.handle('StatusNotification', async () => ({}));
});

const http = await server.listen(0, '127.0.0.1');
const address = http.address();
if (address === null || typeof address === 'string') throw new Error('no port was given');
console.log(JSON.stringify({ msg: 'ready', ocppJsonPort: address.port }));
process.on('SIGTERM', async () => process.exit(0));
