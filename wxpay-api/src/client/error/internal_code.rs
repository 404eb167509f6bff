//! The internal code at the end of a request id, and what is known of its meaning.

use std::fmt;

/// WeChat Pay's internal code, which ends some of the `Request-ID`s ([protocol §2.10]).
///
/// The ids are opaque. Use the code to read logs, and base nothing on it.
///
/// [protocol §2.10]: crate::docs::protocol::verification#210-the-request-id
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct InternalCode(u64);

impl InternalCode {
    /// Reads long hexadecimal text, `-`, and the code. A UUID also ends in digits, but has more
    /// parts.
    pub(crate) fn of_request_id(id: &str) -> Option<Self> {
        const LONG: usize = 16;
        let (head, code) = id.split_once('-')?;
        let is_long_hex = head.len() >= LONG && head.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_number = code.bytes().all(|byte| byte.is_ascii_digit());
        if is_long_hex && is_number { code.parse().ok().map(Self) } else { None }
    }

    /// The code; 0 is success.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }

    /// Returns the meaning of the code in English, if it is known.
    #[must_use]
    pub fn meaning(self) -> Option<&'static str> {
        self.entry().map(|(_, _, meaning)| *meaning)
    }

    /// Returns WeChat Pay's own words for the code, in Chinese, if they are known.
    #[must_use]
    pub fn label(self) -> Option<&'static str> {
        self.entry().map(|(_, label, _)| *label).filter(|label| !label.is_empty())
    }

    fn entry(self) -> Option<&'static (u64, &'static str, &'static str)> {
        let found = KNOWN.binary_search_by_key(&self.0, |(number, ..)| *number);
        found.ok().and_then(|place| KNOWN.get(place))
    }
}

/// The number, and its meaning where that is known.
impl fmt::Display for InternalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.meaning() {
            Some(meaning) => write!(f, "{} ({meaning})", self.0),
            None => write!(f, "{}", self.0),
        }
    }
}

/// The known codes in ascending order: number, WeChat Pay's label (may be empty), meaning.
#[rustfmt::skip]
const KNOWN: &[(u64, &str, &str)] = &[
    (268_435_461, "参数非法", "a bad parameter"),
    (268_435_462, "参数过长", "a parameter is too long"),
    (268_435_463, "参数过短", "a parameter is too short"),
    (268_435_464, "参数超出取值范围", "a parameter out of range"),
    (268_435_472, "请求过于频繁", "too frequent"),
    (268_443_699, "签名错误", "a signature error"),
    (268_443_701, "受理关系不存在", "no acceptance relation between partner and sub-merchant"),
    (268_443_704, "受理机构必须传入sub_mch_id", "sub_mchid is missing"),
    (268_443_705, "子商户mchid不能与自身mchid相同", "sub_mchid equals the caller's own mchid"),
    (268_443_715, "商户状态为不可用或者已经注销", "the merchant is unavailable or closed"),
    (268_445_527, "appid和mch_id不匹配", "appid and mchid are not bound"),
    (268_447_840, "请求频率超过限制", "rate limited"),
    (268_447_843, "商户号和订单不匹配", "the merchant is not the order's"),
    (268_447_845, "子商户号和订单信息不匹配", "the sub-merchant is not the order's"),
    (268_447_914, "该订单已失效", "the order has expired or is closed"),
    (268_448_010, "此商家的收款功能已被限制", "the merchant may not receive payments at present"),
    (268_449_538, "订单已支付", "the order is already paid"),
    (268_449_641, "当前交易不允许进行普通关单（只能撤销）", "this payment cannot be closed, only reversed"),
    (268_498_688, "请求重入时，参数与首次请求时不一致", "the same number again with different parameters"),
    (268_498_689, "该订单已支付", "the order is already paid"),
    (268_501_013, "JSAPI支付必须传openid", "JSAPI without openid"),
    (268_503_786, "当前无权限进行此操作", "no permission for this"),
    (268_510_603, "请确认 openid 是否正确", "openid is not of this appid"),
    (268_510_604, "", "sub_openid is not of this sub_appid"),
    (268_510_610, "医保局结算校验失败，请确认医保相关的字段是否正确", "the insurance bureau refuses the settlement fields"),
    (268_512_536, "订单已存在", "the order exists already"),
    (268_512_771, "订单不存在", "no such order"),
    (268_529_474, "纯自费单字段校验失败", "fields do not fit an order of own payment only"),
    (268_529_475, "合支付单字段校验失败", "fields do not fit an order with insurance"),
    (268_529_476, "自费金额校验不通过", "the own-pay amount does not add up"),
    (268_529_477, "订单总金额校验不通过", "the total amount does not add up"),
    (268_529_481, "混合单金额不正确", "the mixed order's amounts contradict each other"),
    (268_529_515, "未找到订单，请确认订单号是否正确", "no such medical insurance order"),
    (268_545_961, "入参个人身份ID摘要和医保电子凭证绑卡身份ID摘要不匹配", "the identity digest is not that of the insurance credential"),
    (268_545_962, "入参用户姓名和医保电子凭证绑卡姓名不匹配", "the name is not that of the insurance credential"),
    (268_545_963, "微信号未绑定医保电子凭证", "the WeChat account has no insurance credential"),
    (268_545_964, "亲属关系不存在，请传入有效亲属关系后重试", "no such family relation"),
    (268_545_967, "医保局业务错误：未找到对应授权信息，无法查询订单信息", "the insurance bureau knows no such authorisation"),
    (268_547_120, "PAY_AUTH_NO 校验失败，请确认无误后重试", "pay_auth_no is not valid"),
    (268_554_200, "当前订单状态不允许冲正", "the order cannot be reversed in its state"),
    (268_554_422, "冲正失败，请检查参数后重试", "the reversal failed"),
    (268_560_650, "已完成验密，不允许关单", "the user has entered the password: closing is refused"),
    (268_560_785, "已开启青少年模式支付限额，暂无法使用支付分先用后付服务", "youth mode limits the user's payments"),
    (268_577_984, "商品券批次状态不是发放中", "the stock is not being given out"),
    (268_578_101, "入参不合法", "a parameter is not valid"),
    (268_578_224, "参数错误，请根据接口文档检查字段要求", "a bad parameter, see the field rules"),
    (268_578_367, "用户券状态非法", "the user's coupon is in the wrong state"),
    (268_578_404, "缺少必要的商品券图片", "a coupon image is missing"),
    (268_578_526, "解析 OpenID 错误", "openid cannot be resolved"),
    (268_578_532, "解析 OpenID 错误", "openid cannot be resolved"),
    (268_578_608, "当前访问对象不存在", "no such object, or not the caller's"),
    (268_578_704, "传入的 AppID 非法", "appid is not allowed here"),
    (268_578_776, "用户券已过期", "the user's coupon has expired"),
    (268_578_813, "当前券批次全部门店可用", "the stock is valid in every store"),
    (268_578_851, "用户券不存在", "no such user coupon"),
    (268_578_927, "相同单号但请求数据不一致", "the same number again with different data"),
    (268_579_803, "服务商没有此接口权限", "the partner lacks the permission"),
    (268_584_404, "核销门店非法", "the store may not use the coupon"),
    (268_586_067, "非递减优惠力度不合规", "a later use must not be worth less than an earlier one"),
    (270_087_680, "图片超过指定大小", "the image is too large"),
    (270_924_289, "频率过快", "too frequent"),
    (270_924_332, "Authorization 不合法", "a bad Authorization header"),
    (270_924_358, "参数中含有非法的额外参数", "an unknown extra parameter"),
    (271_299_627, "存在待处理的超时未支付订单", "the user has an overdue unpaid order"),
    (271_300_099, "综合评估未通过", "the user did not pass the assessment"),
    (271_302_144, "mch_id 不存在", "no such merchant"),
    (271_302_149, "mch_id 和 appid 未绑定", "appid and mchid are not bound"),
    (271_302_262, "当前订单状态不合法", "the order is in the wrong state"),
    (271_302_332, "当前订单状态不合法（确认状态）", "the order is confirmed already"),
    (271_302_333, "当前订单状态不合法（已取消）", "the order is cancelled"),
    (271_316_574, "支付分扣款失败", "the PayScore deduction failed"),
    (271_316_592, "当前订单状态不满足撤销条件", "the order cannot be cancelled in its state"),
    (271_316_598, "订单重入参数校验失败", "the same order number again with different parameters"),
    (271_316_637, "真实结束时间小于预计开始时间", "the real end is before the planned start"),
    (271_316_656, "总金额超过此服务的服务风险金额", "the total exceeds the service's risk amount"),
    (271_316_657, "仅服务订单支付状态为待支付时，才可使用此能力", "only an order waiting for payment allows this"),
    (271_316_754, "单据正在扣款中，请稍后重试", "a deduction is running, try later"),
    (271_317_510, "查询单据不存在", "no such PayScore order"),
    (272_755_200, "发券请求重入但单号不一致", "the same sending again under another number"),
    (272_755_715, "券不在使用有效期（绝对批次有效期）", "outside the coupon's period"),
    (272_755_717, "券不在使用有效期（规则周期）", "outside the coupon's recurring period"),
    (272_756_740, "用户领取券张数已达上限", "the user has received as many as allowed"),
    (272_756_745, "券已被其他订单核销", "another order has used the coupon"),
    (272_756_746, "券已被其他订单核销锁定", "another order has locked the coupon"),
    (272_756_769, "券已被删除", "the coupon is deleted"),
    (272_756_790, "券已过期，不能再进行其他操作", "the coupon has expired, nothing more can be done with it"),
];
