// Calls that must compile: bodies, parameters, queries, headers, uploads, downloads, enums, secrets, notifications and the
// responses to them, brands.
import { WeChatPay, wxpay } from './wxpay'

async function cancel(appid: string, service_id: string, reason: string, out_order_no: string): Promise<string> {
  const { data } = await wxpay.v3.payscore.serviceorder._out_order_no_.cancel.post({ appid, service_id, reason }, { out_order_no })
  return data.order_id ?? out_order_no
}

async function calls(form: FormData): Promise<void> {
  // The chain itself posts.
  await wxpay.v3.payscore.serviceorder._out_order_no_.cancel({ appid: 'a', service_id: 'b', reason: 'c' }, { out_order_no: '1' })

  const paid = await wxpay.v3.pay.transactions.jsapi.post({
    appid: 'wxd678efh567hg6787', mchid: '1230000109', description: '图书', out_trade_no: '1217752501201407033233368018',
    notify_url: 'https://shop.example/notify', amount: { total: 100, currency: 'CNY' }, payer: { openid: 'o' },
  })
  paid.data.prepay_id?.toUpperCase()

  const order = await wxpay.v3.pay.transactions.outTradeNo._out_trade_no_.get({ out_trade_no: '1', params: { mchid: '2' } })
  const state: string | undefined = order.data.trade_state
  // Enums are open.
  if (order.data.trade_state === 'SUCCESS' || order.data.trade_state === 'A_NEW_STATE') console.log(state)

  // No body, and none comes back.
  await wxpay.v3.pay.transactions.outTradeNo._out_trade_no_.close.post({ mchid: '1' }, { out_trade_no: '2' })

  const refund = await wxpay.v3.refund.domestic.refunds.post({
    out_trade_no: '1', out_refund_no: '2', amount: { refund: 1, total: 1, currency: 'CNY' },
  })
  refund.data.refund_id?.length

  const bill = await wxpay.v3.bill.tradebill.get({ params: { bill_date: '2026-11-30' } })
  bill.data.download_url?.length
  const file = await wxpay.v3.billdownload.file.get({ params: { token: 't' }, responseType: 'arraybuffer' })
  file.data.byteLength

  const image = await wxpay.v3.merchant.media.upload.post(form, { meta: { filename: 'a.jpg', sha256: 'b' } })
  image.data.media_id?.length

  const certificates = await wxpay.v3.certificates.get()
  certificates.data.data?.map(({ serial_no }) => serial_no)

  await wxpay.v3.combineTransactions.jsapi.post({
    combine_appid: 'a', combine_mchid: 'b', combine_out_trade_no: 'c', notify_url: 'https://shop.example/notify',
    combine_payer_info: { openid: 'o' },
    sub_orders: [{ mchid: 'm', attach: 'a', amount: { total_amount: 1, currency: 'CNY' }, out_trade_no: 'n', description: 'd' }],
  })

  const policies = await wxpay.v3.marketing.favor.stocks.get({
    params: { offset: 0, limit: 10, stock_creator_mchid: '1' },
  })
  policies.data.total_count?.toFixed()

  // A brand's operations are below `brand`.
  const store = await wxpay.brand.store.brandstores._store_id_.get({ store_id: '20488000' })
  store.data.store_id?.length
  // Members of this response are not known.
  const confirmed = await wxpay.v3.marketing.membercardOpen.cards._card_id_.codes._code_.confirm.post(
    { user_card_confirm_state: 'DEFAULT' }, { card_id: 'a', code: 'b' },
  )
  console.log(confirmed.data.anything)
}

// Some notifications ask for a response.
function asked({ out_serial_number }: WeChatPay.Notifications.ParkingFee): WeChatPay.Notifications.ParkingFeeResponse {
  return { code: out_serial_number ? 'SUCCESS' : 'FAIL', total_amount: 100 }
}

function notified(resource: WeChatPay.Notifications.ByEvent['TRANSACTION.SUCCESS']): string | undefined {
  return 'out_trade_no' in resource ? resource.out_trade_no : undefined
}

export { asked, calls, cancel, notified }
