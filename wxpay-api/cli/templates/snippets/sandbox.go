// Official SDK: github.com/wechatpay-apiv3/wechatpay-go (0.2.21). This snippet was not run where it was written.
// Start the program with the sandbox's variables; Go reads HTTPS_PROXY and, on Linux, SSL_CERT_FILE:
//   . @dir@/env.sh && go run sandbox.go
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/option"
	"github.com/wechatpay-apiv3/wechatpay-go/services/payments/native"
	"github.com/wechatpay-apiv3/wechatpay-go/utils"
)

func main() {
	ctx := context.Background()
	privateKey, err := utils.LoadPrivateKeyWithPath("@dir@/apiclient_key.pem")
	if err != nil {
		log.Fatal(err)
	}
@if_public_key@	publicKey, err := utils.LoadPublicKeyWithPath("@dir@/pub_key.pem")
@if_public_key@	if err != nil {
@if_public_key@		log.Fatal(err)
@if_public_key@	}
@if_public_key@	client, err := core.NewClient(ctx, option.WithWechatPayPublicKeyAuthCipher(
@if_public_key@		"@mchid@", "@serial_no@", privateKey, "@public_key_id@", publicKey,
@if_certificates@	client, err := core.NewClient(ctx, option.WithWechatPayAutoAuthCipher(
@if_certificates@		"@mchid@", "@serial_no@", privateKey, "@apiv3_key@",
	))
	if err != nil {
		log.Fatal(err)
	}
	service := native.NativeApiService{Client: client}
	response, _, err := service.Prepay(ctx, native.PrepayRequest{
		Appid:       core.String("@appid@"),
		Mchid:       core.String("@mchid@"),
		Description: core.String("sandbox"),
		OutTradeNo:  core.String("go-1"),
		NotifyUrl:   core.String("http://127.0.0.1:3000/notify"),
		Amount:      &native.Amount{Total: core.Int64(100)},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(*response.CodeUrl)
}
