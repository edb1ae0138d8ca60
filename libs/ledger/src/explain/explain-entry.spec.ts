import { EXAMPLES, explainable, GOAL } from '../../test/explainable-entries.js';
import type { Bilingual } from './bilingual.js';
import { explainedEntry, explainEntry } from './explain-entry.js';

const WHEN = {
  zh: '2024年11月11日20:00:00（+08:00），',
  en: '11 November 2024, 20:00:00 +08:00: ',
};
const AGREED = {
  zh: '原因：系统故障补偿。提案p-1由li于2024年11月11日19:00:00（+08:00）提出，wang于2024年11月11日20:00:00（+08:00）批准。',
  en: ' Reason: 系统故障补偿. Proposal p-1 was made by li on 11 November 2024, 19:00:00 +08:00 and approved by wang on 11 November 2024, 20:00:00 +08:00.',
};

/** Each without the time that it begins with. */
const EXPLANATIONS: Record<keyof typeof EXAMPLES, Bilingual> = {
  budget: {
    zh: '激励计划order-ladder（第1版）发布，本分片的流量池获得预算15,625,000次直播曝光。规则的SHA-256为0123456789ab…。',
    en: 'order-ladder, version 1, was published, and its pool in this shard got a budget of 15,625,000 livestream impressions. The SHA-256 of its rules is 0123456789ab….',
  },
  lent: {
    zh: '分片3把激励计划order-ladder流量池的1,000次通用曝光借给分片5。对方缺500次通用曝光。借出前有9,000次通用曝光。',
    en: 'shard 3 lent 1,000 impressions for either placement of the pool of order-ladder to shard 5. A batch there was short of 500 impressions for either placement. There were 9,000 impressions for either placement before.',
  },
  returned: {
    zh: '分片5把激励计划order-ladder流量池的1,000次通用曝光归还给分片3。计划已结束。',
    en: 'shard 5 returned 1,000 impressions for either placement of the pool of order-ladder to shard 3. The program is over.',
  },
  tier: {
    zh: '激励计划order-ladder（第1版）向m1发放1,000次通用曝光。2024年11月11日起的一周内订单12单，达到目标weekly-orders的档位10-orders（10单起）。2024年12月11日20:00:00（+08:00）到期。',
    en: 'order-ladder, version 1, granted m1 1,000 impressions for either placement. With 12 orders in the week from 11 November 2024, tier 10-orders of goal weekly-orders was reached, which begins at 10 orders. The lot expires on 11 December 2024, 20:00:00 +08:00.',
  },
  every: {
    zh: '激励计划order-ladder（第1版）向m1发放600次通用曝光。阶段double-11内新增粉丝41人，目标live-followers按步发放，已计发至40人。2024年12月11日20:00:00（+08:00）到期。',
    en: 'order-ladder, version 1, granted m1 600 impressions for either placement. m1 has 41 new followers in stage double-11, and goal live-followers pays step by step: by now up to 40 new followers. The lot expires on 11 December 2024, 20:00:00 +08:00.',
  },
  rate: {
    zh: '激励计划order-ladder（第1版）向m1发放61.73元。2024年11月内成交额12,345.50元，目标gmv-rebate按其0.5%计发。周期结束后于2024年11月11日20:00:00（+08:00）自动结算。',
    en: 'order-ladder, version 1, granted m1 61.73 yuan. Goal gmv-rebate pays 0.5% of 12,345.50 yuan of sales in November 2024. It was settled by the clock on 11 November 2024, 20:00:00 +08:00.',
  },
  'rate in impressions': {
    zh: '激励计划order-ladder（第1版）向m1发放3,000次通用曝光。2024年11月11日起的一周内自有投放消耗100.00元，目标matched-spend按每元30次通用曝光计发。2024年12月11日20:00:00（+08:00）到期。',
    en: 'order-ladder, version 1, granted m1 3,000 impressions for either placement. Goal matched-spend pays 30 impressions for either placement for each yuan of 100.00 yuan spent on ads in the week from 11 November 2024. The lot expires on 11 December 2024, 20:00:00 +08:00.',
  },
  'rate at its most': {
    zh: '激励计划order-ladder（第1版）向m1发放300,000次通用曝光。2024年11月11日起的一周内自有投放消耗20,000.00元，目标matched-spend按每元30次通用曝光计发，至多300,000次通用曝光。2024年12月11日20:00:00（+08:00）到期。',
    en: 'order-ladder, version 1, granted m1 300,000 impressions for either placement. Goal matched-spend pays 30 impressions for either placement for each yuan of 20,000.00 yuan spent on ads in the week from 11 November 2024, at most 300,000 impressions for either placement. The lot expires on 11 December 2024, 20:00:00 +08:00.',
  },
  channels: {
    zh: '激励计划order-ladder（第1版）向m1发放1,000次通用曝光。2024年11月11日起的一周内直播、短视频渠道订单12单，达到目标weekly-orders的档位10-orders（10单起）。2024年12月11日20:00:00（+08:00）到期。',
    en: 'order-ladder, version 1, granted m1 1,000 impressions for either placement. With 12 orders from livestreams and short videos in the week from 11 November 2024, tier 10-orders of goal weekly-orders was reached, which begins at 10 orders. The lot expires on 11 December 2024, 20:00:00 +08:00.',
  },
  'days on air': {
    zh: '激励计划order-ladder（第1版）向m1发放1,000次通用曝光。2024年11月11日起的一周内直播天数5天（每天至少1小时30分），达到目标live-days的档位5-days（5天起）。2024年12月11日20:00:00（+08:00）到期。',
    en: 'order-ladder, version 1, granted m1 1,000 impressions for either placement. With 5 days on air (at least 1 h 30 min a day) in the week from 11 November 2024, tier 5-days of goal live-days was reached, which begins at 5 days on air. The lot expires on 11 December 2024, 20:00:00 +08:00.',
  },
  difference: {
    zh: '激励计划order-ladder（第1版）向m1发放47,000次通用曝光。直播场次s1内直播渠道成交额20,000.50元，达到目标live-sales的档位gmv-20000（20,000.00元起）。应得合计50,000次通用曝光，其中3,000次通用曝光此前已计入。2024年12月11日20:00:00（+08:00）到期。',
    en: 'order-ladder, version 1, granted m1 47,000 impressions for either placement. With 20,000.50 yuan of sales from livestreams in session s1, tier gmv-20000 of goal live-sales was reached, which begins at 20,000.00 yuan of sales. Of 50,000 impressions for either placement deserved in all, 3,000 impressions for either placement had been promised before. The lot expires on 11 December 2024, 20:00:00 +08:00.',
  },
  'another time zone': {
    zh: '激励计划order-ladder（第1版）向m1发放1,000次通用曝光。2024年11月11日起的一周内订单12单，达到目标weekly-orders的档位10-orders（10单起）。该计划的日期以America/New_York时区为准。2024年12月11日20:00:00（+08:00）到期。',
    en: "order-ladder, version 1, granted m1 1,000 impressions for either placement. With 12 orders in the week from 11 November 2024, tier 10-orders of goal weekly-orders was reached, which begins at 10 orders. The program's days are those of America/New_York. The lot expires on 11 December 2024, 20:00:00 +08:00.",
  },
  draw: {
    zh: '激励计划order-ladder（第1版）向m1发放301次通用曝光。2024年11月11日当天订单12单，达到目标weekly-orders的档位10-orders（10单起）。奖励在100至500次通用曝光之间抽取：100 + 0x0123456789abcdef mod 401，种子为0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef。2024年12月11日20:00:00（+08:00）到期。',
    en: 'order-ladder, version 1, granted m1 301 impressions for either placement. With 12 orders on 11 November 2024, tier 10-orders of goal weekly-orders was reached, which begins at 10 orders. The reward was drawn from 100 to 500 impressions for either placement: 100 + 0x0123456789abcdef mod 401, with the seed 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef. The lot expires on 11 December 2024, 20:00:00 +08:00.',
  },
  'pool share': {
    zh: '激励计划order-ladder（第1版）向m1发放100,000次直播曝光。已首次开播，达到目标cold-start的档位first-stream。奖励为流量池的百万分之1。2024年12月11日20:00:00（+08:00）到期。',
    en: 'order-ladder, version 1, granted m1 100,000 livestream impressions. With the first stream, tier first-stream of goal cold-start was reached. The reward is 1 millionth of the pool. The lot expires on 11 December 2024, 20:00:00 +08:00.',
  },
  'capped, dry and kept back': {
    zh: '激励计划order-ladder（第1版）向m1发放500次通用曝光。2024年11月11日起的一周内订单12单，达到目标weekly-orders的档位10-orders（10单起）。应发1,000次通用曝光，受单个商家上限限制，且流量池已耗尽，差额不再补发。其中200次通用曝光抵扣了m1的欠额。2024年12月11日20:00:00（+08:00）到期。',
    en: 'order-ladder, version 1, granted m1 500 impressions for either placement. With 12 orders in the week from 11 November 2024, tier 10-orders of goal weekly-orders was reached, which begins at 10 orders. It would have been 1,000 impressions for either placement, but a cap on what one merchant gets and the pool, which ran dry, left no more; the rest is not made good later. Of it, 200 impressions for either placement settled what m1 owed. The lot expires on 11 December 2024, 20:00:00 +08:00.',
  },
  'taken back': {
    zh: '激励计划order-ladder（第1版）决定追回m1的1,000次通用曝光（券批次grants-10-7：600次通用曝光、grants-10-5：400次通用曝光）。发生退款后，2024年11月11日起的一周内订单8单，目标weekly-orders追回不再应得的部分。',
    en: 'order-ladder, version 1, decided to take back 1,000 impressions for either placement from m1, of lots grants-10-7 (600 impressions for either placement) and grants-10-5 (400 impressions for either placement). After a refund m1 has 8 orders in the week from 11 November 2024, and goal weekly-orders takes back what is no longer earned.',
  },
  'cash taken back': {
    zh: '激励计划order-ladder（第1版）追回m1的61.73元。被风控标记后，2024年11月内成交额0.00元，目标gmv-rebate追回该周期已发放的全部奖励。其中10.00元此前已付出，记为欠额。',
    en: 'order-ladder, version 1, took back 61.73 yuan from m1. After a risk flag m1 has 0.00 yuan of sales in November 2024, and goal gmv-rebate takes back all that it paid in that period. Of it, 10.00 yuan had been paid out already and became a debt.',
  },
  'lot taken back': {
    zh: '按grants-10-9的决定，从m1的券批次grants-10-5（order-ladder）追回900次通用曝光。其中400次通用曝光已不可用，记为欠额。应追回1,000次通用曝光，其余已无可追回。',
    en: 'the promoter took back 900 impressions for either placement of lot grants-10-5 of m1 from order-ladder, as grants-10-9 had decided. Of it, 400 impressions for either placement could not be had any more and became a debt. It was to be 1,000 impressions for either placement: no more was left.',
  },
  'lot with nothing left': {
    zh: '按grants-10-9的决定追回m1的券批次grants-10-5（order-ladder）：应追回1,000次曝光，已无可追回。',
    en: 'nothing was left to take back of lot grants-10-5 of m1 from order-ladder, of which grants-10-9 had decided to take back 1,000 impressions.',
  },
  ordered: {
    zh: '冻结m1的500次直播曝光、300次通用曝光，用于推广单promotions-10-2，2024年11月11日21:00:00（+08:00）前投放到直播场次s1。下单前该场域可用1,000次曝光（策略one-order-a-placement/1）。',
    en: 'the promoter reserved 500 livestream impressions and 300 impressions for either placement of m1 for promotion order promotions-10-2, to be shown in livestream session s1 until 11 November 2024, 21:00:00 +08:00. There were 1,000 impressions to spend there before it (policy one-order-a-placement/1).',
  },
  'ordered by price': {
    zh: '冻结m1的800次通用曝光，用于推广单promotions-10-3，2024年11月11日21:00:00（+08:00）前投放到短视频v1。下单前该场域可用1,000次曝光（策略price-of-traffic/1）。预计此处可容纳4,000次，每千次曝光带来成交额81.50元（上下约40%），用在别处每千次约60.00元。同时考虑过：s1（每千次50.00元，给200次）。',
    en: 'the promoter reserved 800 impressions for either placement of m1 for promotion order promotions-10-3, to be shown in short video v1 until 11 November 2024, 21:00:00 +08:00. There were 1,000 impressions to spend there before it (policy price-of-traffic/1). It was thought to take 4,000 and to bring 81.50 yuan of sales per thousand at first, give or take 40%; elsewhere a thousand would bring 60.00 yuan. Weighed beside it: s1 (50.00 yuan per thousand, given 200).',
  },
  'ordered to explore': {
    zh: '冻结m1的200次通用曝光，用于推广单promotions-10-3，2024年11月11日21:00:00（+08:00）前投放到短视频v1。下单前该场域可用1,000次曝光（策略price-of-traffic/2）。预计此处可容纳4,000次，每千次曝光带来成交额10.00元（上下约40%），用在别处每千次约60.00元。这是探索：按价格不会给这么多，试投是为了解此处的效果（由种子v1/1731322800000抽中）。',
    en: 'the promoter reserved 200 impressions for either placement of m1 for promotion order promotions-10-3, to be shown in short video v1 until 11 November 2024, 21:00:00 +08:00. There were 1,000 impressions to spend there before it (policy price-of-traffic/2). It was thought to take 4,000 and to bring 10.00 yuan of sales per thousand at first, give or take 40%; elsewhere a thousand would bring 60.00 yuan. This is exploration: its price was not right for as many, and they are to find out what it sells (drawn with seed v1/1731322800000).',
  },
  'ordered to explore what is new': {
    zh: '冻结m1的200次通用曝光，用于推广单promotions-10-3，2024年11月11日21:00:00（+08:00）前投放到短视频v1。下单前该场域可用1,000次曝光（策略price-of-traffic/2）。预计此处可容纳4,000次，每千次曝光带来成交额10.00元（上下约40%），用在别处每千次约60.00元。这是探索：按价格不会给这么多，试投是为了解此处的效果。',
    en: 'the promoter reserved 200 impressions for either placement of m1 for promotion order promotions-10-3, to be shown in short video v1 until 11 November 2024, 21:00:00 +08:00. There were 1,000 impressions to spend there before it (policy price-of-traffic/2). It was thought to take 4,000 and to bring 10.00 yuan of sales per thousand at first, give or take 40%; elsewhere a thousand would bring 60.00 yuan. This is exploration: its price was not right for as many, and they are to find out what it sells.',
  },
  delivered: {
    zh: '推广单promotions-10-2为m1消耗400次直播曝光，带来点击12次、订单1单、成交额99.00元。投放回执为450次，超出冻结的部分不计费。',
    en: 'promotion order promotions-10-2 delivered 400 livestream impressions for m1, with 12 clicks, 1 order and 99.00 yuan of sales. The delivery report says 450: what is over the reserve costs the merchant nothing.',
  },
  closed: {
    zh: '推广单promotions-10-2关闭（直播已结束），m1未消耗的300次通用曝光解冻。',
    en: 'promotion order promotions-10-2 of m1 closed as the session ended and released 300 impressions for either placement that it had not used.',
  },
  'closed with nothing left': {
    zh: '推广单promotions-10-2关闭（已过截止时间），m1没有剩余可解冻。',
    en: 'promotion order promotions-10-2 of m1 closed as its deadline passed with nothing left to release.',
  },
  expired: {
    zh: 'm1的券批次grants-10-5（order-ladder）剩余的1次通用曝光过期，有效期至2024年11月11日20:00:00（+08:00）。',
    en: '1 impression for either placement left of lot grants-10-5 of m1 from order-ladder expired: it was good until 11 November 2024, 20:00:00 +08:00.',
  },
  switched: {
    zh: 'm1打开了一站式推广开关。',
    en: 'm1 turned their own switch on.',
  },
  'switched with limits': {
    zh: 'li打开了m1的一站式推广开关。限额：每日至多10,000次曝光；仅投放到直播场次；每场直播至少500次曝光，否则不投放。',
    en: 'li turned the switch of m1 on. Limits: at most 10,000 impressions a day; only in livestream sessions; for each livestream session at least 500 impressions or none.',
  },
  'limits alone': {
    zh: 'm1修改了一站式推广开关的限额。限额：每日至多1次曝光。',
    en: 'm1 changed the limits of their own switch. Limits: at most 1 impression a day.',
  },
  'limits dropped': {
    zh: 'm1修改了一站式推广开关的限额。不再设限额。',
    en: 'm1 changed the limits of their own switch. There are none any more.',
  },
  give: {
    zh: `财务从激励计划order-ladder的流量池向m1补发1,000次通用曝光，2024年12月11日20:00:00（+08:00）到期。其中200次通用曝光抵扣了欠额。${AGREED.zh}`,
    en: `finance gave m1 1,000 impressions for either placement from the pool of order-ladder, good until 11 December 2024, 20:00:00 +08:00. Of it, 200 impressions for either placement settled what was owed.${AGREED.en}`,
  },
  'take back': {
    zh: `财务从m1的券批次grants-10-5（order-ladder）追回100次通用曝光。${AGREED.zh}`,
    en: `finance took back 100 impressions for either placement of lot grants-10-5 of m1 from order-ladder.${AGREED.en}`,
  },
  'budget cut': {
    zh: `财务将激励计划order-ladder在本分片的流量池调减900次通用曝光。提案为1,000次通用曝光，其余无可调整。${AGREED.zh}`,
    en: `finance cut 900 impressions for either placement from the pool of order-ladder in this shard. The proposal was of 1,000 impressions for either placement: no more was left to move.${AGREED.en}`,
  },
  cash: {
    zh: `财务从激励计划order-ladder的资金池向m1补发10.50元，待支付。${AGREED.zh}`,
    en: `finance gave m1 10.50 yuan from the pool of order-ladder, to be paid out.${AGREED.en}`,
  },
  payout: {
    zh: `财务向m1支付10.50元。${AGREED.zh}`,
    en: `finance paid out 10.50 yuan to m1.${AGREED.en}`,
  },
};

describe('explaining an entry', () => {
  it.each(Object.entries(EXPLANATIONS) as [keyof typeof EXAMPLES, Bilingual][])(
    'says in both languages why there is: %s',
    (name, { zh, en }) => {
      expect(explainEntry(EXAMPLES[name])).toEqual({
        zh: `${WHEN.zh}${zh}`,
        en: `${WHEN.en}${en}`,
      });
    },
  );

  it('gives the amounts by unit as well, debts among them', () => {
    const amountsOf = (name: keyof typeof EXAMPLES) =>
      explainedEntry(EXAMPLES[name]).amounts;
    expect(amountsOf('ordered')).toEqual({ LIVE_IMP: 500n, ANY_IMP: 300n });
    expect(amountsOf('capped, dry and kept back')).toEqual({ ANY_IMP: 500n });
    expect(amountsOf('lot taken back')).toEqual({ ANY_IMP: 900n });
    expect(amountsOf('budget cut')).toEqual({ ANY_IMP: 900n });
    expect(amountsOf('switched')).toEqual({});
  });

  it('gives what was decided on where nothing has moved yet', () => {
    expect(explainedEntry(EXAMPLES['taken back']).amounts).toEqual({
      ANY_IMP: 1_000n,
    });
  });

  it('leaves out when a lot expires that all went to settle a debt', () => {
    const { postings } = EXAMPLES.tier;
    const entry = explainable({ ...GOAL, keptBack: 1_000 }, postings);
    expect(explainEntry(entry).en).not.toContain('expires');
  });

  it('says channels as they are stored where they are none', () => {
    const { postings } = EXAMPLES.tier;
    const channels = ['toString'] as never;
    const { en } = explainEntry(explainable({ ...GOAL, channels }, postings));
    expect(en).toContain('With 12 orders from toString in the week');
  });

  it('says times and periods as they are stored where they are none', () => {
    const { postings } = EXAMPLES.tier;
    const { en } = explainEntry(
      explainable(
        { ...GOAL, period: 'week:soon', expiresAt: 'never' },
        postings,
      ),
    );
    expect(en).toContain('in the week from soon');
    expect(en).toContain('The lot expires on never.');
  });
});
