import { once } from 'node:events';
import { connect, createServer } from 'node:net';

export const firstLine = async (child) => String((await once(child.stdout, 'data'))[0]).split('\n')[0];

// ended returns when no server listens. It sends no request: a server whose log nothing reads would end at its line.
export async function ended(url) {
  const { hostname, port } = new URL(url);
  for (;;) {
    const socket = connect(port, hostname);
    try {
      await once(socket, 'connect');
    } catch {
      return;
    }
    socket.destroy();
  }
}

// blockedPort returns a free port that fetch of Node.js blocks.
export async function blockedPort() {
  for (const port of [6000, 5060, 5061, 6566, 6665, 6666, 6667, 6668, 6669, 6697, 10080]) {
    const server = createServer();
    try {
      await once(server.listen(port, '127.0.0.1'), 'listening');
    } catch {
      continue;
    }
    server.close();
    await once(server, 'close');
    return port;
  }
  throw new Error('no port that fetch blocks is free');
}
