"""wechatpayv3's asyncio client, unmodified: HTTPS_PROXY and SSL_CERT_FILE lead it to the sandbox."""

import asyncio
import hashlib
import json
import tempfile

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from wechatpayv3.async_ import AsyncWeChatPay, WeChatPayType

from shared import ENV, PICTURE, REPORT, Notifications, control, fire, keys, read, step, today, unpacked

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
    return AsyncWeChatPay(**{**settings, **options})


def good(response):
    code, message = response
    assert code in (200, 204), response
    return json.loads(message) if message else None


async def main():
    async with create(**PUBLIC_KEY) as wxpay:
        await business(wxpay)
        await rotation()
        await wrong_keys(wxpay)


async def business(wxpay):
    # The asyncio client verifies notifications without awaiting anything.
    server = Notifications(wxpay.callback)

    async def notification():
        return await asyncio.to_thread(server.next)

    order = good(
        await wxpay.pay(
            description="QQ公仔", out_trade_no="async-1", amount={"total": 100}, notify_url=server.url
        )
    )
    assert order["code_url"].startswith("weixin://")
    step("order")

    await asyncio.to_thread(fire, "async-1", "pay")
    paid = await notification()
    assert paid["event_type"] == "TRANSACTION.SUCCESS"
    assert paid["resource"]["out_trade_no"] == "async-1"
    step("notification")

    found = good(await wxpay.query(out_trade_no="async-1"))
    assert found["trade_state"] == "SUCCESS"
    assert found["transaction_id"] == paid["resource"]["transaction_id"]
    step("query")

    refund = good(
        await wxpay.refund(
            out_refund_no="async-r1",
            out_trade_no="async-1",
            amount={"refund": 40, "total": 100, "currency": "CNY"},
            notify_url=server.url,
        )
    )
    assert refund["status"] == "PROCESSING"
    await asyncio.to_thread(fire, "async-r1", "succeed")
    assert (await notification())["event_type"] == "REFUND.SUCCESS"
    assert good(await wxpay.query_refund("async-r1"))["status"] == "SUCCESS"
    step("refund")

    day = today()
    control("POST", "/clock/advance", {"by": "34h"})
    bill = good(await wxpay.trade_bill(day))
    code, packed = await wxpay.download_bill(bill["download_url"])
    assert code == 200, (code, packed)
    content = unpacked(packed)
    assert hashlib.sha1(content.encode("utf-8")).hexdigest() == bill["hash_value"]
    assert "async-1" in content
    step("bill")

    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        file.write(PICTURE)
        file.flush()
        # A fault of version 2.0.4: `image_upload` returns what must be awaited once more.
        uploaded = await (await wxpay.image_upload(file.name, "picture.png"))
        assert good(uploaded)["media_id"]
    step("upload")

    good(
        await wxpay.mch_transfer_bills(
            out_bill_no="asynct1",
            transfer_scene_id="1000",
            openid=ENV["openid"],
            transfer_amount=200000,
            transfer_remark="奖励",
            user_name="张三",
            transfer_scene_report_infos=REPORT,
            notify_url=server.url,
        )
    )
    transfer = good(await wxpay.mch_transfer_bills_query(out_bill_no="asynct1"))
    assert wxpay.decrypt(transfer["user_name"]) == "张三"
    step("encrypted fields")


async def rotation():
    # A client with certificates: it downloads them at its start, and again when one is unknown.
    keys("PUT", "/mode", {"mode": "certificates"})
    async with create() as before:
        serial = keys("POST", "/certificates", {})["serial"]
        keys("PUT", "/signer", {"serial": serial})
        assert good(await before.query(out_trade_no="async-1"))["trade_state"] == "REFUND"
        assert any(f"{held.serial_number:X}" == serial for held in before._core._certificates)
    keys("PUT", "/mode", {"mode": "migrating"})
    step("certificate rotation")


async def wrong_keys(wxpay):
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    async with create(private_key=other.decode(), **PUBLIC_KEY) as foreign:
        code, message = await foreign.query(out_trade_no="async-1")
        assert code == 401 and json.loads(message)["code"] == "SIGN_ERROR", (code, message)
    async with create(cert_serial_no="4AD5", **PUBLIC_KEY) as stranger:
        code, message = await stranger.query(out_trade_no="async-1")
        assert code == 401, (code, message)
    control("POST", "/faults", {"fault": "signature-other-body"})
    try:
        await wxpay.query(out_trade_no="async-1")
    except Exception as error:
        assert "failed to verify the signature" in str(error), error
    else:
        raise AssertionError("the SDK trusts a response that a wrong key signed")
    step("wrong keys")


asyncio.run(main())
