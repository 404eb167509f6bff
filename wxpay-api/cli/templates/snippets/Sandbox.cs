// SDK: SKIT.FlurlHttpClient.Wechat.TenpayV3 (3). This snippet was not run where it was written.
// Start the program with the sandbox's variables; .NET reads HTTPS_PROXY and, on Linux, SSL_CERT_FILE:
//   . @dir@/env.sh && dotnet run
using System;
using System.IO;
using SKIT.FlurlHttpClient.Wechat.TenpayV3;
using SKIT.FlurlHttpClient.Wechat.TenpayV3.Models;
using SKIT.FlurlHttpClient.Wechat.TenpayV3.Settings;

@if_public_key@var keys = new InMemoryPublicKeyManager();
@if_public_key@keys.AddEntry(new PublicKeyEntry("RSA", "@public_key_id@", File.ReadAllText("@dir@/pub_key.pem")));
var options = new WechatTenpayClientOptions()
{
    MerchantId = "@mchid@",
    MerchantV3Secret = "@apiv3_key@",
    MerchantCertificateSerialNumber = "@serial_no@",
    MerchantCertificatePrivateKey = File.ReadAllText("@dir@/apiclient_key.pem"),
@if_public_key@    PlatformAuthScheme = PlatformAuthScheme.PublicKey,
@if_public_key@    PlatformPublicKeyManager = keys,
@if_certificates@    PlatformAuthScheme = PlatformAuthScheme.Certificate,
@if_certificates@    PlatformCertificateManager = new InMemoryCertificateManager(),
};
var client = WechatTenpayClientBuilder.Create(options).Build();
var response = await client.ExecuteCreatePayTransactionNativeAsync(new CreatePayTransactionNativeRequest()
{
    AppId = "@appid@",
    OutTradeNumber = "csharp-1",
    Description = "sandbox",
    NotifyUrl = "http://127.0.0.1:3000/notify",
    Amount = new CreatePayTransactionNativeRequest.Types.Amount() { Total = 100 },
});
Console.WriteLine(response.QrcodeUrl);
