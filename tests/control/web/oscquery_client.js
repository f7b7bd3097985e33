// An OSCQuery client that nobody here wrote: npm's `oscquery` reads the address space of the port it is given.
const { OSCQueryDiscovery } = require("oscquery");

const discovery = new OSCQueryDiscovery();
discovery.queryNewService("127.0.0.1", Number(process.argv[2])).then(async (service) => {
  await service.update();
  const found = {};
  for (const node of service.flat()) {
    const [argument] = node.arguments ?? [];
    found[node.full_path] = {
      access: node.access,
      type: argument?.type,
      value: argument?.value,
      range: argument?.range,
    };
  }
  console.log(JSON.stringify({ host: service.hostInfo, found }));
  process.exit(0);
});
