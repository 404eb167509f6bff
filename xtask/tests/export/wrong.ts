// Calls that must not compile: the compiler reports a mistake below each comment that begins with `wrong`.
import { WeChatPay, wxpay } from './wxpay'

// wrong: `reason` is missing
wxpay.v3.payscore.serviceorder._out_order_no_.cancel.post({ appid: 'a', service_id: 'b' }, { out_order_no: '1' })
// wrong: the parameter of the URL is missing
wxpay.v3.payscore.serviceorder._out_order_no_.cancel.post({ appid: 'a', service_id: 'b', reason: 'c' }, {})
// wrong: the config is missing
wxpay.v3.payscore.serviceorder._out_order_no_.cancel.post({ appid: 'a', service_id: 'b', reason: 'c' })
// wrong: no such part of a URL
wxpay.v3.payscore.serviceorders
// wrong: no such method
wxpay.v3.payscore.serviceorder._out_order_no_.cancel.get({ out_order_no: '1' })
// wrong: a member with another type
wxpay.v3.pay.transactions.outTradeNo._out_trade_no_.close.post({ mchid: 1 }, { out_trade_no: '2' })
// wrong: an unknown member
wxpay.v3.pay.transactions.outTradeNo._out_trade_no_.close.post({ mchid: '1', mch: '2' }, { out_trade_no: '2' })
// wrong: the response has no such member
wxpay.v3.certificates.get().then(({ data }) => data.certificates)
// wrong: the response to a notification has a member with another type
export const response: WeChatPay.Notifications.ParkingFeeResponse = { code: 'SUCCESS', total_amount: '100' }
