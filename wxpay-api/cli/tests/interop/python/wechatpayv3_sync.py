"""wechatpayv3, unmodified: HTTPS_PROXY and REQUESTS_CA_BUNDLE lead it to the sandbox."""

import hashlib
import json
import tempfile

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from wechatpayv3 import WeChatPay, WeChatPayType

from shared import DIR, ENV, PICTURE, REPORT, Notifications, control, fire, keys, read, step, today, unpacked

PUBLIC_KEY = {
    "public_key": read(ENV["wechatpay_public_key_file"]),
    "public_key_id": ENV["wechatpay_public_key_id"],
}


def create(**options):
    settings = {
        "wechatpay_type": WeChatPayType.NATIVE,
        "mchid": ENV["mchid"],
        "private_key": read(ENV["private_key_file"]),
        "cert_serial_no": ENV["serial_no"],
        "appid": ENV["appid"],
        "apiv3_key": ENV["apiv3_key"],
    }
    return WeChatPay(**{**settings, **options})


def good(response):
    code, message = response
    assert code in (200, 204), response
    return json.loads(message) if message else None


wxpay = create(**PUBLIC_KEY)
server = Notifications(lambda headers, body: wxpay.callback(headers, body))
order = good(
    wxpay.pay(description="QQ公仔", out_trade_no="python-1", amount={"total": 100}, notify_url=server.url)
)
assert order["code_url"].startswith("weixin://")
step("order")

fire("python-1", "pay")
paid = server.next()
assert paid["event_type"] == "TRANSACTION.SUCCESS"
assert paid["resource"]["out_trade_no"] == "python-1"
step("notification")

found = good(wxpay.query(out_trade_no="python-1"))
assert found["trade_state"] == "SUCCESS"
assert found["transaction_id"] == paid["resource"]["transaction_id"]
step("query")

refund = good(
    wxpay.refund(
        out_refund_no="python-r1",
        out_trade_no="python-1",
        amount={"refund": 40, "total": 100, "currency": "CNY"},
        notify_url=server.url,
    )
)
assert refund["status"] == "PROCESSING"
fire("python-r1", "succeed")
assert server.next()["event_type"] == "REFUND.SUCCESS"
assert good(wxpay.query_refund("python-r1"))["status"] == "SUCCESS"
step("refund")

day = today()
control("POST", "/clock/advance", {"by": "34h"})
bill = good(wxpay.trade_bill(day))
code, packed = wxpay.download_bill(bill["download_url"])
assert code == 200, (code, packed)
content = unpacked(packed)
assert hashlib.sha1(content.encode("utf-8")).hexdigest() == bill["hash_value"]
assert "python-1" in content
step("bill")

with tempfile.NamedTemporaryFile(suffix=".png") as file:
    file.write(PICTURE)
    file.flush()
    assert good(wxpay.image_upload(file.name, "picture.png"))["media_id"]
step("upload")

good(
    wxpay.mch_transfer_bills(
        out_bill_no="pythont1",
        transfer_scene_id="1000",
        openid=ENV["openid"],
        transfer_amount=200000,
        transfer_remark="奖励",
        user_name="张三",
        transfer_scene_report_infos=REPORT,
        notify_url=server.url,
    )
)
transfer = good(wxpay.mch_transfer_bills_query(out_bill_no="pythont1"))
assert wxpay.decrypt(transfer["user_name"]) == "张三"
step("encrypted fields")

# A client with certificates: it downloads them at its start, and again when one is unknown.
keys("PUT", "/mode", {"mode": "certificates"})
before = create()
serial = keys("POST", "/certificates", {})["serial"]
keys("PUT", "/signer", {"serial": serial})
assert good(before.query(out_trade_no="python-1"))["trade_state"] == "REFUND"
assert any(f"{held.serial_number:X}" == serial for held in before._core._certificates)
assert (DIR / f"wechatpay_{serial}.pem").exists()
keys("PUT", "/mode", {"mode": "migrating"})
step("certificate rotation")

other = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
)
code, message = create(private_key=other.decode(), **PUBLIC_KEY).query(out_trade_no="python-1")
assert code == 401 and json.loads(message)["code"] == "SIGN_ERROR", (code, message)
code, message = create(cert_serial_no="4AD5", **PUBLIC_KEY).query(out_trade_no="python-1")
assert code == 401, (code, message)
control("POST", "/faults", {"fault": "signature-other-body"})
try:
    wxpay.query(out_trade_no="python-1")
except Exception as error:
    assert "failed to verify the signature" in str(error), error
else:
    raise AssertionError("the SDK trusts a response that a wrong key signed")
step("wrong keys")
