/** Reference: what a datagram itself costs. Each is sent back as it came; nothing is read, checked or stored. */
import { createSocket } from 'node:dgram';

const RECEIVE_BUFFER_BYTES = 4_194_304;

const socket = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BUFFER_BYTES });
socket.on('message', (datagram, from) => socket.send(datagram, from.port, from.address));
socket.bind(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ msg: 'ready', lafonPulsePort: socket.address().port }));
});
process.on('SIGTERM', () => process.exit(0));
