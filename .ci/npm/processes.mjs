import { once } from 'node:events';
import { connect } from 'node:net';

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
