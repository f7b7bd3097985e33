// OSC clients that nobody here wrote: npm's `osc` (UDP, TCP with SLIP) and `node-osc` (UDP).
// node osc_client.js LIBRARY PORT: send words, a value, a button that is held, a time-tagged bundle and a query; print
// the answers as lines of JSON, until the pong.
const [library, port] = [process.argv[2], Number(process.argv[3])];

const messages = [
  ["/prompt", [["s", "ein Fuchs für"], ["s", library]]],
  ["/laterna/walk/speed", [["f", 0.25]]],
  ...Array.from({ length: 30 }, () => ["/laterna/go", [["f", 1]]]),
  ["/laterna/nothing", []],
  ["/laterna/ping", []],
];

function heard(address, args) {
  console.log(JSON.stringify([address, ...args]));
  if (address === "/laterna/pong") process.exit(0);
}

if (library === "node-osc") {
  const { Client, Server, Message, Bundle } = require("node-osc");
  const server = new Server(0, "127.0.0.1", () => {
    const client = new Client("127.0.0.1", port);
    server.on("message", ([address, ...args]) => heard(address, args));
    client.send(new Message("/laterna/subscribe", server._sock.address().port, 30, "mode"), () => {
      for (const [address, args] of messages) {
        const message = new Message(address);
        for (const [type, value] of args) message.append({ type: type === "s" ? "string" : "float", value });
        client.send(message);
      }
      client.send(new Bundle(["/laterna/dream/rate", 0.75], ["/laterna/walk/amount", 0.125]));
    });
  });
} else {
  const osc = require("osc");
  const options = { localAddress: "127.0.0.1", localPort: 0, address: "127.0.0.1", port };
  const client = library === "osc-tcp" ? new osc.TCPSocketPort(options)
    : new osc.UDPPort({ ...options, remoteAddress: "127.0.0.1", remotePort: port, metadata: true });
  client.on("message", (message) => heard(message.address, message.args.map((each) => each.value ?? each)));
  client.on("error", (error) => { console.error(error.message); process.exit(1); });
  client.on("ready", () => {
    client.send({
      timeTag: osc.timeTag(0),
      packets: [["/laterna/dream/rate", 0.75], ["/laterna/walk/amount", 0.125]].map(
        ([address, value]) => ({ address, args: [{ type: "f", value }] })),
    });
    for (const [address, args] of messages) {
      client.send({ address, args: args.map(([type, value]) => ({ type, value })) });
    }
  });
  client.open();
}
