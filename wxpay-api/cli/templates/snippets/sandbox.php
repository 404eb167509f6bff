<?php
// Official SDK: wechatpay/wechatpay (1.4.12). This snippet was not run where it was written.
// Start the program with the sandbox's variables; Guzzle reads HTTPS_PROXY on the command line:
//   . @dir@/env.sh && php -d curl.cainfo=@ca@ sandbox.php
require 'vendor/autoload.php';

use WeChatPay\Builder;
use WeChatPay\Crypto\Rsa;

$wechatpay = Builder::factory([
    'mchid' => '@mchid@',
    'serial' => '@serial_no@',
    'privateKey' => Rsa::from('file://@dir@/apiclient_key.pem', Rsa::KEY_TYPE_PRIVATE),
    'certs' => [
@php_certs@    ],
    // Without the proxy, this works too:
    // 'base_uri' => '@url@/',
]);

$response = $wechatpay->chain('v3/pay/transactions/native')->post(['json' => [
    'appid' => '@appid@',
    'mchid' => '@mchid@',
    'description' => 'sandbox',
    'out_trade_no' => 'php-1',
    'notify_url' => 'http://127.0.0.1:3000/notify',
    'amount' => ['total' => 100],
]]);
echo $response->getBody(), PHP_EOL;
