import type { Server, Socket } from 'node:net';

/**
 * A way to stop a listener that has just been made: it takes nobody new, and whoever is still there after `graceMs` is
 * cut. Asked of the sockets themselves, since HTTP forgets those that were upgraded and never knew those in the middle
 * of a TLS handshake, and one of them that does not hang up would keep the listener open.
 */
export function stopperOf(server: Server): (graceMs: number) => Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return async (graceMs) => {
    // An HTTP server closes by this what is idle.
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    const cut = setTimeout(() => sockets.forEach((socket) => socket.destroy()), graceMs);
    await closed;
    clearTimeout(cut);
  };
}
