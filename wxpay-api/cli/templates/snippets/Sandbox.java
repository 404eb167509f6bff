// Official SDK: com.github.wechatpay-apiv3:wechatpay-java (0.2.17). This snippet was not run where it was written.
// Java reads neither HTTPS_PROXY nor a PEM file, so make a trust store of its own once:
//   keytool -importcert -noprompt -alias wxpay-sandbox -file @ca@ \
//     -keystore @dir@/ca.p12 -storetype PKCS12 -storepass changeit
// and start the program with:
//   java -Dhttps.proxyHost=@proxy_host@ -Dhttps.proxyPort=@proxy_port@ \
//     -Djavax.net.ssl.trustStore=@dir@/ca.p12 -Djavax.net.ssl.trustStorePassword=changeit …
// To undo it, leave the four properties out.
import com.wechat.pay.java.core.Config;
@if_public_key@import com.wechat.pay.java.core.RSAPublicKeyConfig;
@if_certificates@import com.wechat.pay.java.core.RSAAutoCertificateConfig;
import com.wechat.pay.java.service.payments.nativepay.NativePayService;
import com.wechat.pay.java.service.payments.nativepay.model.Amount;
import com.wechat.pay.java.service.payments.nativepay.model.PrepayRequest;

public class Sandbox {
  public static void main(String[] args) {
    Config config =
@if_public_key@        new RSAPublicKeyConfig.Builder()
@if_certificates@        new RSAAutoCertificateConfig.Builder()
            .merchantId("@mchid@")
            .merchantSerialNumber("@serial_no@")
            .privateKeyFromPath("@dir@/apiclient_key.pem")
@if_public_key@            .publicKeyId("@public_key_id@")
@if_public_key@            .publicKeyFromPath("@dir@/pub_key.pem")
            .apiV3Key("@apiv3_key@")
            .build();
    PrepayRequest request = new PrepayRequest();
    Amount amount = new Amount();
    amount.setTotal(100);
    request.setAmount(amount);
    request.setAppid("@appid@");
    request.setMchid("@mchid@");
    request.setDescription("sandbox");
    request.setNotifyUrl("http://127.0.0.1:3000/notify");
    request.setOutTradeNo("java-1");
    NativePayService service = new NativePayService.Builder().config(config).build();
    System.out.println(service.prepay(request).getCodeUrl());
  }
}
