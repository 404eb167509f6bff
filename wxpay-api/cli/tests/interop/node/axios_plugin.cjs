// wechatpay-axios-plugin, unmodified: HTTPS_PROXY and NODE_EXTRA_CA_CERTS lead it to the sandbox.
const { createHash, generateKeyPairSync } = require('node:crypto');
const { Aes, FormData, Formatter, Rsa, Wechatpay } = require('wechatpay-axios-plugin');
const {
  assert, control, env, fire, keys, listen, pay, picture, read, step, today,
} = require('./shared.cjs');

const privateKey = Rsa.from(read(env.private_key_file), Rsa.KEY_TYPE_PRIVATE);
const publicKey = Rsa.from(read(env.wechatpay_public_key_file), Rsa.KEY_TYPE_PUBLIC);
const serials = env.platform_certificate_files.map((name) => [/_(\w+)\.pem$/.exec(name)[1], name]);
const certs = Object.fromEntries(serials.map(([serial, name]) => [serial, read(name)]));
certs[env.wechatpay_public_key_id] = publicKey;
const config = { mchid: env.mchid, serial: env.serial_no, privateKey };
const wxpay = new Wechatpay({ ...config, certs: { ...certs } });

// Verifies a notification and decrypts it, as the SDK's README says.
const check = (headers, body) => {
  const serial = headers['wechatpay-serial'];
  const message = Formatter.response(headers['wechatpay-timestamp'], headers['wechatpay-nonce'], body);
  assert.ok(certs[serial], `the key ${serial} is not known`);
  assert.ok(Rsa.verify(message, headers['wechatpay-signature'], certs[serial]));
  const notification = JSON.parse(body);
  const { ciphertext, nonce, associated_data: aad } = notification.resource;
  const resource = JSON.parse(Aes.AesGcm.decrypt(ciphertext, env.apiv3_key, nonce, aad));
  return { event: notification.event_type, resource };
};

const main = async () => {
  const server = await listen(check);
  const { url } = server;
  const { data: order } = await wxpay.v3.pay.transactions.native.post({
    appid: env.appid,
    mchid: env.mchid,
    description: 'QQ公仔',
    out_trade_no: 'axios-1',
    notify_url: url,
    amount: { total: 100 },
  });
  assert.match(order.code_url, /^weixin:\/\//);
  step('order');

  await pay('axios-1');
  const paid = await server.next();
  assert.equal(paid.event, 'TRANSACTION.SUCCESS');
  assert.equal(paid.resource.out_trade_no, 'axios-1');
  assert.equal(paid.resource.trade_state, 'SUCCESS');
  step('notification');

  const query = wxpay.v3.pay.transactions.outTradeNo._out_trade_no_;
  const { data: found } = await query.get({ params: { mchid: env.mchid }, out_trade_no: 'axios-1' });
  assert.equal(found.trade_state, 'SUCCESS');
  assert.equal(found.transaction_id, paid.resource.transaction_id);
  step('query');

  const { data: refund } = await wxpay.v3.refund.domestic.refunds.post({
    out_trade_no: 'axios-1',
    out_refund_no: 'axios-r1',
    notify_url: url,
    amount: { refund: 40, total: 100, currency: 'CNY' },
  });
  assert.equal(refund.status, 'PROCESSING');
  await fire('axios-r1', 'succeed');
  assert.equal((await server.next()).event, 'REFUND.SUCCESS');
  const { data: refunded } = await wxpay.v3.refund.domestic.refunds._no_.get({ no: 'axios-r1' });
  assert.equal(refunded.status, 'SUCCESS');
  step('refund');

  const billDate = await today();
  await control('POST', '/clock/advance', { by: '34h' });
  const { data: bill } = await wxpay.v3.bill.tradebill.get({ params: { bill_date: billDate } });
  const { data: file } = await wxpay.v3.billdownload.file.get({
    params: Object.fromEntries(new URL(bill.download_url).searchParams),
    responseType: 'arraybuffer',
  });
  assert.equal(createHash('sha1').update(file).digest('hex'), bill.hash_value);
  const rows = Formatter.castCsvBill(Buffer.from(file));
  assert.ok(JSON.stringify(rows).includes('axios-1'));
  step('bill');

  const form = new FormData();
  const meta = { filename: 'picture.png', sha256: createHash('sha256').update(picture).digest('hex') };
  form.append('meta', JSON.stringify(meta));
  form.append('file', picture, 'picture.png');
  // As bytes: axios writes the parts of a form object anew, without the file's name.
  const { data: media } = await wxpay.v3.merchant.media.upload
    .post(form.getBuffer(), { meta, headers: form.getHeaders() });
  assert.ok(media.media_id);
  step('upload');

  await wxpay.v3.fundApp.mchTransfer.transferBills.post({
    appid: env.appid,
    out_bill_no: 'axiost1',
    transfer_scene_id: '1000',
    openid: env.openid,
    user_name: Rsa.encrypt('张三', publicKey),
    transfer_amount: 200000,
    transfer_remark: '奖励',
    transfer_scene_report_infos: [
      { info_type: '活动名称', info_content: '新会员有礼' },
      { info_type: '奖励说明', info_content: '注册会员抽奖' },
    ],
  }, { headers: { 'Wechatpay-Serial': env.wechatpay_public_key_id } });
  const bills = wxpay.v3.fundApp.mchTransfer.transferBills.outBillNo._no_;
  const { data: transfer } = await bills.get({ no: 'axiost1' });
  assert.equal(Rsa.decrypt(transfer.user_name, privateKey), '张三');
  step('encrypted fields');

  await rotate();
  step('certificate rotation');

  await refuse();
  step('wrong keys');
  server.close();
};

// Rotates the platform certificate in WeChat Pay's order: listed, downloaded by the client, then it signs.
const rotate = async () => {
  await keys('/mode', 'PUT', { mode: 'certificates' });
  const { serial } = await keys('/certificates', 'POST', {});
  const { data: { data } } = await wxpay.v3.certificates.get();
  const downloaded = data.find((item) => item.serial_no === serial).encrypt_certificate;
  const { ciphertext, nonce, associated_data: aad } = downloaded;
  certs[serial] = Rsa.from(Aes.AesGcm.decrypt(ciphertext, env.apiv3_key, nonce, aad), Rsa.KEY_TYPE_PUBLIC);
  await keys('/signer', 'PUT', { serial });
  const query = (client) => client.v3.pay.transactions.outTradeNo._no_
    .get({ params: { mchid: env.mchid }, no: 'axios-1' });
  // A client that did not download the new certificate does not trust the response.
  await assert.rejects(query(wxpay), { code: 'EV3_RES_HEADER_PLATFORM_SERIAL' });
  const renewed = new Wechatpay({ ...config, certs: { ...certs } });
  assert.equal((await query(renewed)).data.trade_state, 'REFUND');
  await keys('/mode', 'PUT', { mode: 'migrating' });
};

// Neither side accepts a signature by a wrong key.
const refuse = async () => {
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const query = (client) => client.v3.pay.transactions.outTradeNo._no_
    .get({ params: { mchid: env.mchid }, no: 'axios-1' });
  const all = { ...certs };
  const foreign = new Wechatpay({ ...config, privateKey: other, certs: { ...all } });
  await assert.rejects(query(foreign), (error) => {
    assert.equal(error.response.status, 401);
    assert.equal(error.response.data.code, 'SIGN_ERROR');
    return true;
  });
  const stranger = new Wechatpay({ ...config, serial: '4AD5', certs: { ...all } });
  await assert.rejects(query(stranger), (error) => error.response.status === 401);
  await control('POST', '/faults', { fault: 'signature-other-body' });
  const client = new Wechatpay({ ...config, certs: { ...all } });
  await assert.rejects(query(client), { code: 'EV3_RES_HEADER_SIGNATURE_DIGEST' });
};

main().catch((error) => {
  console.error(error.response?.data ?? error);
  process.exit(1);
});
