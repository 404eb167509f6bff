// wechatpay-axios-plugin, unmodified, as a process that makes calls when it is told to: see `subject.rs`.
const { readFileSync } = require('node:fs');
const { Agent } = require('node:http');
const { createInterface } = require('node:readline');
const { createRequire } = require('node:module');

const [, , modules, folder, url, mchid, serial, keyId, order] = process.argv;
const { Rsa, Wechatpay } = createRequire(`${modules}/`)('wechatpay-axios-plugin');

const read = (name) => readFileSync(`${folder}/${name}`);
const wxpay = new Wechatpay({
  mchid,
  serial,
  privateKey: Rsa.from(read('merchant_key.pem'), Rsa.KEY_TYPE_PRIVATE),
  certs: { [keyId]: Rsa.from(read('wechatpay_pub.pem'), Rsa.KEY_TYPE_PUBLIC) },
  baseURL: url,
  proxy: false,
  // Connections are kept, as the others keep theirs.
  httpAgent: new Agent({ keepAlive: true }),
});

const call = async () => {
  const query = wxpay.v3.pay.transactions.outTradeNo._out_trade_no_;
  const { data } = await query.get({ params: { mchid }, out_trade_no: order });
  if (data.trade_state !== 'SUCCESS') throw new Error(`the order is ${data.trade_state}`);
};

const run = async (count, inFlight) => {
  let left = count;
  const loop = async () => {
    while (left > 0) {
      left -= 1;
      await call();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, loop));
};

const main = async () => {
  for await (const line of createInterface({ input: process.stdin })) {
    const [count, inFlight] = line.split(' ').map(Number);
    const [begun, before] = [process.hrtime.bigint(), process.cpuUsage()];
    await run(count, inFlight);
    const wall = Number(process.hrtime.bigint() - begun) / 1e9;
    const { user, system } = process.cpuUsage(before);
    console.log(`${wall} ${(user + system) / 1e6} ${Math.round(process.memoryUsage().rss / 1024)}`);
  }
};

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
