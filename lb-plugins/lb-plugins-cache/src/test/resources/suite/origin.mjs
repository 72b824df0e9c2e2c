// Starts the suite's server on a free port of the loopback address, and ends it when whoever started it is gone.
// Arguments: the suite's folder.
import net from 'node:net'
import { loadEngine } from './layout.mjs'

const listen = net.Server.prototype.listen
net.Server.prototype.listen = function () {
  return listen.call(this, 0, '127.0.0.1')
}
process.stdin.on('end', () => process.exit(0)).resume()
await loadEngine('server/server.mjs')
