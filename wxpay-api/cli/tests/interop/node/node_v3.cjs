// wechatpay-node-v3, unmodified. It heeds no proxy, so its documented hook for HTTP leads it to the sandbox's URL.
const { generateKeyPairSync } = require('node:crypto');
const WxPay = require('wechatpay-node-v3');
const { PayRequest } = require('wechatpay-node-v3/dist/lib/pay-request');
const {
  assert, control, env, fire, keys, listen, pay, picture, read, step, today,
} = require('./shared.cjs');

// Sends each request to the sandbox instead of WeChat Pay.
class SandboxRequest extends PayRequest {
  url(url) {
    return env.url + url.replace('https://api.mch.weixin.qq.com', '').replace(env.url, '');
  }

  // The SDK sends uploads by `post`, with the file beside `fileinfo`.
  post(url, params, headers) {
    if (params.pic_buffer) return this.multipart(url, params, headers);
    return super.post(this.url(url), params, headers);
  }

  get(url, headers) {
    return super.get(this.url(url), headers);
  }

  async multipart(url, { fileinfo, pic_buffer: file }, headers) {
    const form = new FormData();
    form.append('meta', JSON.stringify(fileinfo));
    form.append('file', new Blob([file], { type: 'image/png' }), fileinfo.filename);
    const { 'Content-Type': _, ...others } = headers;
    const response = await fetch(this.url(url), { method: 'POST', headers: others, body: form });
    return { status: response.status, data: await response.json() };
  }
}

const create = (options = {}) => {
  const client = new WxPay({
    appid: env.appid,
    mchid: env.mchid,
    publicKey: read(env.certificate_file),
    privateKey: read(env.private_key_file),
    key: env.apiv3_key,
    ...options,
  });
  client.createHttp(new SandboxRequest());
  return client;
};

const main = async () => {
  // The SDK knows platform certificates only, like a merchant before the switch to the public key.
  await keys('/mode', 'PUT', { mode: 'certificates' });
  const wxpay = create();
  const verified = (headers, body) => wxpay.verifySign({
    timestamp: headers['wechatpay-timestamp'],
    nonce: headers['wechatpay-nonce'],
    serial: headers['wechatpay-serial'],
    signature: headers['wechatpay-signature'],
    body,
    apiSecret: env.apiv3_key,
  });
  const server = await listen(async (headers, body) => {
    assert.ok(await verified(headers, body));
    const { event_type: event, resource: { ciphertext, associated_data: aad, nonce } } = JSON.parse(body);
    return { event, resource: wxpay.decipher_gcm(ciphertext, aad, nonce, env.apiv3_key) };
  });
  const { url } = server;
  const order = await wxpay.transactions_native({
    description: 'QQ公仔',
    out_trade_no: 'nodev3-1',
    notify_url: url,
    amount: { total: 100 },
  });
  assert.equal(order.status, 200, order.error);
  assert.match(order.data.code_url, /^weixin:\/\//);
  step('order');

  await pay('nodev3-1');
  const paid = await server.next();
  assert.equal(paid.event, 'TRANSACTION.SUCCESS');
  assert.equal(paid.resource.out_trade_no, 'nodev3-1');
  step('notification');

  const found = await wxpay.query({ out_trade_no: 'nodev3-1' });
  assert.equal(found.data.trade_state, 'SUCCESS');
  step('query');

  const refund = await wxpay.refunds({
    out_trade_no: 'nodev3-1',
    out_refund_no: 'nodev3-r1',
    notify_url: url,
    amount: { refund: 40, total: 100, currency: 'CNY' },
  });
  assert.equal(refund.status, 200, refund.error);
  await fire('nodev3-r1', 'succeed');
  assert.equal((await server.next()).event, 'REFUND.SUCCESS');
  assert.equal((await wxpay.find_refunds('nodev3-r1')).data.status, 'SUCCESS');
  step('refund');

  const billDate = await today();
  await control('POST', '/clock/advance', { by: '34h' });
  const bill = await wxpay.tradebill({ bill_date: billDate, bill_type: 'ALL' });
  assert.equal(bill.status, 200, bill.error);
  // Under its own URL the sandbox links to itself; the SDK signs links to WeChat Pay's host.
  const link = bill.data.download_url.replace(env.url, 'https://api.mch.weixin.qq.com');
  const file = await wxpay.downloadBill(link);
  assert.equal(file.status, 200, file.error);
  assert.ok(file.data.toString('utf8').includes('nodev3-1'));
  step('bill');

  const media = await wxpay.upload_images(picture, 'picture.png');
  assert.ok(media.data.media_id, JSON.stringify(media));
  step('upload');

  const [certificate] = await wxpay.get_certificates(env.apiv3_key);
  const batch = await wxpay.batches_transfer({
    out_batch_no: 'nodev3b1',
    batch_name: '奖励',
    batch_remark: '奖励',
    total_amount: 200000,
    total_num: 1,
    transfer_detail_list: [{
      out_detail_no: 'nodev3d1',
      transfer_amount: 200000,
      transfer_remark: '奖励',
      openid: env.openid,
      user_name: wxpay.publicEncrypt('张三', certificate.publicKey),
    }],
    wx_serial_no: certificate.serial_no,
  });
  assert.equal(batch.status, 200, batch.error);
  const detail = await wxpay.query_batches_transfer_detail({
    out_batch_no: 'nodev3b1', out_detail_no: 'nodev3d1',
  });
  assert.ok(wxpay.privateDecrypt(detail.data.user_name).length > 0);
  step('encrypted fields');

  // The SDK downloads a certificate that it does not know when it verifies a notification.
  const { serial } = await keys('/certificates', 'POST', {});
  await keys('/signer', 'PUT', { serial });
  await wxpay.transactions_native({
    description: 'QQ公仔', out_trade_no: 'nodev3-2', notify_url: url, amount: { total: 100 },
  });
  await pay('nodev3-2');
  assert.equal((await server.next()).resource.out_trade_no, 'nodev3-2');
  assert.ok(WxPay.certificates[serial]);
  step('certificate rotation');

  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const foreign = create({ privateKey: other.export({ type: 'pkcs8', format: 'pem' }) });
  const refused = await foreign.query({ out_trade_no: 'nodev3-1' });
  assert.equal(refused.status, 401);
  assert.equal(JSON.parse(refused.error).code, 'SIGN_ERROR');
  const stranger = create({ serial_no: '4AD5' });
  assert.equal((await stranger.query({ out_trade_no: 'nodev3-1' })).status, 401);
  step('wrong keys');
  server.close();
};

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
