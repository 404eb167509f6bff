//! The same types with the derive of `serde`, as a user would write them by hand.

use serde::Deserialize;

macro_rules! derived {
    ($($kind:ident $name:ident { $($content:tt)* })*) => {
        $(derived!(@$kind $name $($content)*);)*
    };
    (@struct $name:ident $($member:ident: $type:ty),*) => {
        #[derive(Default, Deserialize)]
        #[allow(dead_code, reason = "to read them is all that is measured")]
        pub(crate) struct $name { $(#[serde(default)] $member: $type),* }
    };
    (@enum $name:ident $($variant:ident = $text:literal),*) => {
        #[derive(Default, Deserialize)]
        pub(crate) enum $name { $(#[serde(rename = $text)] $variant,)* #[default] #[serde(other)] Other }
    };
}

derived! {
    struct PrepaySession { prepay_id: String }
    struct Transaction {
        appid: String, mchid: String, out_trade_no: String, transaction_id: String,
        trade_type: TradeType, trade_state: TradeState, trade_state_desc: String, bank_type: String,
        attach: String, success_time: String, payer: Option<Payer>,
        amount: Option<TransactionAmount>, description: String, time_expire: String,
        notify_url: String, goods_tag: String, limit_pay: Vec<LimitPay>,
        support_fapiao: Option<bool>, detail: Option<TransactionDetail>,
        scene_info: Option<TransactionScene>, promotion_detail: Vec<Promotion>,
        installment_info: Option<Installment>
    }
    enum TradeType {
        JsApi = "JSAPI", Native = "NATIVE", App = "APP", MicroPay = "MICROPAY", MWeb = "MWEB",
        FacePay = "FACEPAY", Pap = "PAP"
    }
    enum TradeState {
        Success = "SUCCESS", Refund = "REFUND", NotPay = "NOTPAY", Closed = "CLOSED",
        Revoked = "REVOKED", UserPaying = "USERPAYING", PayError = "PAYERROR"
    }
    struct Payer { openid: String }
    struct TransactionAmount {
        total: Option<i64>, payer_total: Option<i64>, currency: String, payer_currency: String
    }
    enum LimitPay {
        NoBalance = "no_balance", NoCredit = "no_credit", NoDebit = "no_debit",
        BalanceOnly = "balance_only"
    }
    struct TransactionDetail {
        cost_price: Option<i64>, invoice_id: String, goods_detail: Vec<GoodsDetail>
    }
    struct GoodsDetail {
        merchant_goods_id: String, wechatpay_goods_id: String, goods_name: String,
        quantity: Option<i64>, unit_price: Option<i64>
    }
    struct TransactionScene {
        payer_client_ip: String, device_id: String, store_info: Option<StoreInfo>
    }
    struct StoreInfo { id: String, name: String, area_code: String, address: String }
    struct Promotion {
        coupon_id: String, name: String, scope: Scope, r#type: Type, amount: Option<i64>,
        stock_id: String, wechatpay_contribute: Option<i64>, merchant_contribute: Option<i64>,
        other_contribute: Option<i64>, currency: String, goods_detail: Vec<GoodsDetailX>
    }
    enum Scope { Single = "SINGLE", Global = "GLOBAL" }
    enum Type { Cash = "CASH", NoCash = "NOCASH" }
    struct GoodsDetailX {
        goods_id: String, quantity: Option<i64>, unit_price: Option<i64>,
        discount_amount: Option<i64>, goods_remark: String
    }
    struct Installment { use_subsidy: Option<bool>, selected_installment_number: Option<i64> }
    struct Complaint {
        complaint_id: String, complaint_time: String, complaint_detail: String,
        complaint_state: ComplaintState, complainted_mchid: String, payer_phone: String,
        payer_openid: String, complaint_media_list: Vec<ComplaintMedia>,
        complaint_order_info: Vec<ComplaintOrderInfo>, service_order_info: Vec<ServiceOrderInfo>,
        complaint_full_refunded: Option<bool>, incoming_user_response: Option<bool>,
        problem_description: String, user_complaint_times: Option<i64>, problem_type: ProblemType,
        apply_refund_amount: Option<i64>, user_tag_list: Vec<UserTag>,
        additional_info: Option<AdditionalInfo>, in_platform_service: Option<bool>,
        need_immediate_service: Option<bool>, is_agent_mode: Option<bool>
    }
    enum ComplaintState { Pending = "PENDING", Processing = "PROCESSING", Processed = "PROCESSED" }
    struct ComplaintMedia { media_type: MediaType, media_url: Vec<String> }
    enum MediaType {
        UserComplaintImage = "USER_COMPLAINT_IMAGE", OperationImage = "OPERATION_IMAGE"
    }
    struct ComplaintOrderInfo { transaction_id: String, out_trade_no: String, amount: Option<i64> }
    struct ServiceOrderInfo { order_id: String, out_order_no: String, state: State }
    enum State { Doing = "DOING", Revoked = "REVOKED", Waitpay = "WAITPAY", Done = "DONE" }
    enum ProblemType { Refund = "REFUND", ServiceNotWork = "SERVICE_NOT_WORK", Others = "OTHERS" }
    enum UserTag { Trusted = "TRUSTED", HighRisk = "HIGH_RISK" }
    struct AdditionalInfo { r#type: TypeX, share_power_info: Option<SharePowerInfo> }
    enum TypeX { SharePowerType = "SHARE_POWER_TYPE" }
    struct SharePowerInfo {
        return_time: String, return_address_info: Option<ReturnAddressInfo>,
        is_returned_to_same_machine: Option<bool>
    }
    struct ReturnAddressInfo { return_address: String, longitude: String, latitude: String }
    struct UserCoupons {
        total_count: Option<i64>, next_page_token: String, user_coupon_list: Vec<UserCoupon>
    }
    struct UserCoupon {
        coupon_code: String, coupon_state: CouponState, valid_begin_time: String,
        valid_end_time: String, receive_time: String, send_request_no: String,
        send_channel: SendChannel, confirm_request_no: String, confirm_time: String,
        deactivate_request_no: String, deactivate_time: String, deactivate_reason: String,
        single_usage_detail: Option<SingleUsageDetail>,
        sequential_usage_detail: Option<SequentialUsageDetail>,
        product_coupon: Option<ProductCoupon>, stock: Option<Stock>, attach: String,
        channel_custom_info: String, coupon_tag_info: Option<CouponTagInfo>,
        progressive_bundle_usage_detail: Option<ProgressiveBundleUsageDetail>,
        user_product_coupon_bundle_info: Option<UserProductCouponBundleInfo>
    }
    enum CouponState {
        Confirming = "CONFIRMING", Pending = "PENDING", Effective = "EFFECTIVE", Used = "USED",
        Expired = "EXPIRED", Deleted = "DELETED", Deactivated = "DEACTIVATED"
    }
    enum SendChannel {
        Api = "API", BrandManage = "BRAND_MANAGE", MerchantCard = "MERCHANT_CARD",
        Member = "MEMBER", SmallActivity = "SMALL_ACTIVITY", ReceiveComponent = "RECEIVE_COMPONENT"
    }
    struct SingleUsageDetail {
        use_request_no: String, use_time: String, associated_order_info: Option<AssociatedOrder>,
        return_request_no: String, return_time: String,
        associated_pay_score_order_info: Option<AssociatedPayScoreOrder>, saved_amount: Option<i64>
    }
    struct AssociatedOrder {
        transaction_id: String, out_trade_no: String, mchid: String, sub_mchid: String
    }
    struct AssociatedPayScoreOrder {
        order_id: String, out_trade_no: String, out_order_no: String, mchid: String,
        sub_mchid: String
    }
    struct SequentialUsageDetail {
        total_count: Option<i64>, used_count: Option<i64>, detail_item_list: Vec<DetailItem>
    }
    struct DetailItem {
        detail_state: CouponState, valid_begin_time: String, valid_end_time: String,
        use_request_no: String, use_time: String, associated_order_info: Option<AssociatedOrder>,
        return_request_no: String, return_time: String, delete_time: String
    }
    struct ProductCoupon {
        product_coupon_id: String, state: ProductCouponState, scope: ScopeX,
        r#type: ProductCouponType, usage_mode: UsageMode,
        single_usage_info: Option<SingleUsageInfo>,
        sequential_usage_info: Option<SequentialUsageInfo>,
        display_info: Option<ProductCouponDisplayInfo>, out_product_no: String,
        stock: Option<Stock>, deactivate_request_no: String, deactivate_time: String,
        deactivate_reason: String,
        progressive_bundle_usage_info: Option<ProgressiveBundleUsageInfo>,
        stock_bundle: Option<StockBundle>
    }
    enum ProductCouponState {
        Auditing = "AUDITING", Effective = "EFFECTIVE", Deactivated = "DEACTIVATED"
    }
    enum ScopeX { All = "ALL", Single = "SINGLE", Category = "CATEGORY" }
    enum ProductCouponType { Normal = "NORMAL", Discount = "DISCOUNT", Exchange = "EXCHANGE" }
    enum UsageMode {
        Single = "SINGLE", Sequential = "SEQUENTIAL", ProgressiveBundle = "PROGRESSIVE_BUNDLE"
    }
    struct SingleUsageInfo {
        normal_coupon: Option<NormalRule>, discount_coupon: Option<DiscountRule>
    }
    struct NormalRule { threshold: Option<i64>, discount_amount: Option<i64> }
    struct DiscountRule { threshold: Option<i64>, percent_off: Option<i64> }
    struct SequentialUsageInfo {
        r#type: TypeXX, count: Option<i64>, available_days: Option<i64>, interval_days: Option<i64>
    }
    enum TypeXX { Incremental = "INCREMENTAL", Equal = "EQUAL" }
    struct ProductCouponDisplayInfo {
        name: String, image_url: String, background_url: String, detail_image_url_list: Vec<String>,
        original_price: Option<i64>, combo_package_list: Vec<ComboPackage>
    }
    struct ComboPackage { name: String, pick_count: Option<i64>, choice_list: Vec<Choice> }
    struct Choice {
        name: String, price: Option<i64>, count: Option<i64>, image_url: String,
        mini_program_appid: String, mini_program_path: String
    }
    struct Stock {
        product_coupon_id: String, stock_id: String, remark: String,
        coupon_code_mode: CouponCodeMode, coupon_code_count_info: Option<CouponCodeCountInfo>,
        stock_send_rule: Option<StockSendRule>, single_usage_rule: Option<UsageRule>,
        sequential_usage_rule: Option<SequentialUsageRule>,
        usage_rule_display_info: Option<UsageRuleDisplayInfo>,
        coupon_display_info: Option<CouponDisplayInfo>, notify_config: Option<NotifyConfig>,
        store_scope: StoreScope, sent_count_info: Option<SentCountInfo>, state: StockState,
        deactivate_request_no: String, deactivate_time: String, deactivate_reason: String,
        progressive_bundle_usage_rule: Option<UsageRule>,
        stock_bundle_info: Option<StockBundleInfo>
    }
    enum CouponCodeMode { Wechatpay = "WECHATPAY", Upload = "UPLOAD", ApiAssign = "API_ASSIGN" }
    struct CouponCodeCountInfo { total_count: Option<i64>, available_count: Option<i64> }
    struct StockSendRule {
        max_count: Option<i64>, max_count_per_day: Option<i64>, max_count_per_user: Option<i64>
    }
    struct UsageRule {
        coupon_available_period: Option<AvailablePeriod>, normal_coupon: Option<NormalRule>,
        discount_coupon: Option<DiscountRule>, exchange_coupon: Option<ExchangeRule>
    }
    struct AvailablePeriod {
        available_begin_time: String, available_end_time: String, available_days: Option<i64>,
        wait_days_after_receive: Option<i64>,
        weekly_available_period: Option<WeeklyAvailablePeriod>,
        irregular_available_period_list: Vec<IrregularPeriod>, available_seconds: Option<i64>
    }
    struct WeeklyAvailablePeriod { day_list: Vec<Weekday>, day_period_list: Vec<DayPeriod> }
    enum Weekday {
        Monday = "MONDAY", Tuesday = "TUESDAY", Wednesday = "WEDNESDAY", Thursday = "THURSDAY",
        Friday = "FRIDAY", Saturday = "SATURDAY", Sunday = "SUNDAY"
    }
    struct DayPeriod { begin_time: Option<i64>, end_time: Option<i64> }
    struct IrregularPeriod { begin_time: String, end_time: String }
    struct ExchangeRule { threshold: Option<i64>, exchange_price: Option<i64> }
    struct SequentialUsageRule {
        coupon_available_period: Option<AvailablePeriod>, normal_coupon_list: Vec<NormalRule>,
        discount_coupon_list: Vec<DiscountRule>, exchange_coupon_list: Vec<ExchangeRule>,
        special_first: Option<bool>
    }
    struct UsageRuleDisplayInfo {
        coupon_usage_method_list: Vec<CouponUsageMethod>, mini_program_appid: String,
        mini_program_path: String, app_path: String, usage_description: String,
        coupon_available_store_info: Option<CouponAvailableStoreInfo>, app_jump_type: AppJumpType,
        passcode_link: String
    }
    enum CouponUsageMethod {
        Offline = "OFFLINE", MiniProgram = "MINI_PROGRAM", App = "APP",
        PaymentCode = "PAYMENT_CODE"
    }
    struct CouponAvailableStoreInfo {
        description: String, mini_program_appid: String, mini_program_path: String
    }
    enum AppJumpType { H5 = "H5", PasscodeLink = "PASSCODE_LINK", UsageGuide = "USAGE_GUIDE" }
    struct CouponDisplayInfo {
        code_display_mode: CodeDisplayMode, background_color: BackgroundColor,
        entrance_mini_program: Option<EntranceMiniProgram>,
        entrance_official_account: Option<EntranceOfficialAccount>,
        entrance_finder: Option<EntranceFinder>
    }
    enum CodeDisplayMode { Invisible = "INVISIBLE", Barcode = "BARCODE", Qrcode = "QRCODE" }
    enum BackgroundColor {
        Color010 = "Color010", Color020 = "Color020", Color030 = "Color030", Color040 = "Color040",
        Color050 = "Color050", Color060 = "Color060", Color070 = "Color070", Color080 = "Color080",
        Color090 = "Color090", Color100 = "Color100"
    }
    struct EntranceMiniProgram {
        appid: String, path: String, entrance_wording: String, guidance_wording: String
    }
    struct EntranceOfficialAccount { appid: String }
    struct EntranceFinder {
        finder_id: String, finder_video_id: String, finder_video_cover_image_url: String
    }
    struct NotifyConfig { notify_appid: String }
    enum StoreScope { None_ = "NONE", All = "ALL", Specific = "SPECIFIC" }
    struct SentCountInfo { total_count: Option<i64>, today_count: Option<i64> }
    enum StockState {
        Auditing = "AUDITING", Sending = "SENDING", Paused = "PAUSED", Stopped = "STOPPED",
        Deactivated = "DEACTIVATED"
    }
    struct StockBundleInfo { stock_bundle_id: String, stock_bundle_index: Option<i64> }
    struct ProgressiveBundleUsageInfo { count: Option<i64>, interval_days: Option<i64> }
    struct StockBundle { stock_bundle_id: String, stock_list: Vec<Stock> }
    struct CouponTagInfo { coupon_tag_list: Vec<CouponTag>, member_tag_info: Option<MemberTagInfo> }
    enum CouponTag { Member = "MEMBER" }
    struct MemberTagInfo { member_card_id: String }
    struct ProgressiveBundleUsageDetail {
        total_count: Option<i64>, used_count: Option<i64>, detail_item_list: Vec<DetailItem>,
        use_request_no: String, use_time: String, return_request_no: String, return_time: String,
        associated_order_info: Option<AssociatedOrder>,
        associated_pay_score_order_info: Option<AssociatedPayScoreOrder>
    }
    struct UserProductCouponBundleInfo {
        user_coupon_bundle_id: String, user_coupon_bundle_index: Option<i64>,
        total_count: Option<i64>, used_count: Option<i64>
    }
}
