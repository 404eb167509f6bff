# SDK: wechatpayv3 (2.0.4). Install: pip install wechatpayv3
# Start the program with the sandbox's variables; requests reads HTTPS_PROXY and REQUESTS_CA_BUNDLE:
#   . @dir@/env.sh && python sandbox.py
from wechatpayv3 import WeChatPay, WeChatPayType


def read(name):
    with open("@dir@/" + name, encoding="utf-8") as file:
        return file.read()


wxpay = WeChatPay(
    wechatpay_type=WeChatPayType.NATIVE,
    mchid="@mchid@",
    private_key=read("apiclient_key.pem"),
    cert_serial_no="@serial_no@",
    appid="@appid@",
    apiv3_key="@apiv3_key@",
    notify_url="http://127.0.0.1:3000/notify",
@if_public_key@    public_key=read("pub_key.pem"),
@if_public_key@    public_key_id="@public_key_id@",
)
code, message = wxpay.pay(description="sandbox", out_trade_no="python-1", amount={"total": 100})
print(code, message)
