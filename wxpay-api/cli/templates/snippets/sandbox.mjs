// SDK: wechatpay-axios-plugin (0.9.6). Install: npm install wechatpay-axios-plugin
// Start the program with the sandbox's variables; axios reads HTTPS_PROXY, and Node reads NODE_EXTRA_CA_CERTS:
//   . @dir@/env.sh && node sandbox.mjs
import { readFileSync } from 'node:fs';
import { Wechatpay } from 'wechatpay-axios-plugin';

const wxpay = new Wechatpay({
  mchid: '@mchid@',
  serial: '@serial_no@',
  privateKey: readFileSync('@dir@/apiclient_key.pem'),
  certs: {
@node_certs@  },
  // Without the proxy, this works too:
  // baseURL: '@url@/',
});

const { data } = await wxpay.v3.pay.transactions.native.post({
  appid: '@appid@',
  mchid: '@mchid@',
  description: 'sandbox',
  out_trade_no: 'node-1',
  notify_url: 'http://127.0.0.1:3000/notify',
  amount: { total: 100 },
});
console.log(data.code_url);
