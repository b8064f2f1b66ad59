/** من لديه ماذا، ومن في المجموعة، ونافذة الدعوة. */
import type {
  Holding,
  InviteView,
  MessageDetails,
  Person,
  PersonHolding,
  Safety,
} from '../../../core/api.ts';
import type { Catalogue } from '../catalogue.ts';
import { lifeOf } from '../common.ts';
import { date, isolated, number } from '../format.ts';
import { devicesHolding, holdingOf, othersHolding } from '../holders.ts';
import { days, devices, hours, messages, people } from './counts.ts';
import { inviteStages } from './states.ts';

const peopleWho = (details: MessageDetails): string | undefined => {
  const holding = othersHolding(details);
  if (holding === undefined) return undefined;
  const { first, moreCount, waitingCount, othersCount } = holding;
  if (waitingCount === 0) return othersCount === 1 ? undefined : 'وصلت إلى الجميع';
  const more = moreCount === 0 ? '' : ` و${number(moreCount)} غيره`;
  return `وصلت إلى ${isolated(first.name)}${more} · في الانتظار ${number(waitingCount)}`;
};

const deliveredTo = (details: MessageDetails): string | undefined => {
  const holding = devicesHolding(details);
  if (holding === undefined) return undefined;
  return `وصلت إلى ${number(holding.haveCount)} من ${devices.after(holding.meantCount)}`;
};

const holdings: Record<Holding, string> = {
  has: 'وصلت إليه',
  waiting: 'في الانتظار',
  'not-meant': 'جاء لاحقًا: ليست موجّهة إلى هذا الجهاز',
};

const standings: Record<Holding | 'no-device', string> = {
  has: 'وصلت إليه',
  waiting: 'في الانتظار',
  'not-meant': 'جاء لاحقًا',
  'no-device': 'لا جهاز',
};

export const messageDetails: Catalogue['messageDetails'] = {
  more: 'المزيد',
  actions: 'إجراءات الرسالة',
  copyText: 'نسخ النص',
  title: 'تفاصيل الرسالة',
  gone: 'لم تعد هذه الرسالة معروضة هنا.',
  writtenBy: 'كتبها',
  written: 'كُتبت',
  arrived: 'وصلت إلى هنا',
  arrivedBefore: 'قبل آخر مرة فُتح فيها Sotto',
  status: 'الحالة',
  people: peopleWho,
  deliveredTo,
  holders: 'من لديه الرسالة',
  person: (holder: PersonHolding): string => standings[holdingOf(holder)],
  device: (ordinal: number, isThis: boolean): string =>
    isThis ? 'هذا الجهاز' : `الجهاز ${number(ordinal)}`,
  holding: (holding: Holding): string => holdings[holding],
  foreign: (author: Person): string =>
    `لا تخبر الأجهزة بما لديها إلا كاتب الرسالة، فلا يرى من لديه هذه إلا ${isolated(author.name)}.`,
};

export const safety: Catalogue['safety'] = {
  title: 'يمكنك الإغلاق',
  unsafeTitle: 'احتفظ بهذا الجهاز',
  onlyHere: (count: number): string =>
    `${messages.alone(count)} لك على هذا الجهاز فقط. اترك Sotto مفتوحًا بين حين وآخر حتى يتصل أحد.`,
  selfOnly: 'هذه الملاحظات على هذا الجهاز فقط.',
  nothing: 'لم تكتب هنا شيئًا بعد.',
  all: 'كل رسائلك هنا على جهاز آخر أو تنتظر في صندوق البريد.',
  full: ({ fullDeviceCount }: Safety): string =>
    fullDeviceCount === 0
      ? 'لا جهاز آخر لديه كل ما كتبته هنا.'
      : `لديه كل شيء: ${devices.alone(fullDeviceCount)}.`,
};

export const members: Catalogue['members'] = {
  actions: (name: string): string => `إجراءات ${isolated(name)}`,
  make: {
    owner: 'منح صلاحيات المالك',
    admin: 'منح صلاحيات المشرف',
    member: 'جعله عضوًا',
    reader: 'القراءة فقط',
  },
  remove: 'إخراج',
  removeTitle: (name: string): string => `إخراج ${isolated(name)}؟`,
  removeText: (name: string): string =>
    `يبقى لدى ${isolated(name)} ما وصل بالفعل. وما يُكتب من الآن له مفاتيح جديدة لا تصل إلى ${isolated(name)}. وتُسحب الروابط التي يستطيع أي أحد الانضمام بها.`,
  ownerTitle: (name: string): string => `منح ${isolated(name)} صلاحيات المالك؟`,
  ownerText: (name: string): string =>
    `للمالك أن يفعل كل شيء. لا يستطيع أحد إخراج ${isolated(name)} ولا التراجع عن هذا، ولا أنت.`,
  ownerAction: 'منح صلاحيات المالك',
  regroup: (name: string): string => `مجموعة جديدة دون ${isolated(name)}`,
  regroupText: (name: string, group: string): string =>
    `لا يحق لك إخراج ${isolated(name)}. ينشئ هذا مجموعة جديدة مع كل الآخرين تكون أنت مالكها. وما كُتب حتى الآن يُقرأ فيها أيضًا لمن يستطيع قراءته الآن، لا لمن يأتي لاحقًا. وتستمر ${isolated(group)} وفيها ${isolated(name)} دون أن تصل إليه أخبار المجموعة الجديدة.`,
  regroupAction: 'إنشاء المجموعة الجديدة',
  add: 'إضافة أشخاص',
  addSearch: 'البحث عن أشخاص',
  addNobody: 'كل من لك محادثة معهم موجودون في هذه المجموعة.',
  addAction: 'إضافة',
  leave: 'مغادرة',
  leaveTitle: (group: string): string => `مغادرة ${isolated(group)}؟`,
  leaveText:
    'لن يصلك بعد ذلك ما يُكتب هناك. ما هو هنا يبقى على هذا الجهاز. وللعودة تحتاج إلى دعوة جديدة.',
  successor: 'من يخلفك',
  successorHint: 'أنت المالك الوحيد: من دون خلف لا يستطيع أحد تعيين مشرفين.',
  nobody: 'لا أحد',
};

export const invite: Catalogue['invite'] = {
  title: 'دعوة',
  people: 'دعوة أشخاص',
  withLink: 'دعوة برابط',
  forDirect: 'يبدأ هذا الرابط محادثة بينك وبين شخص واحد.',
  forGroup: (name: string): string => `يُدخل هذا الرابط الناس إلى ${isolated(name)}.`,
  link: 'رابط الدعوة',
  making: 'جارٍ إنشاء الرابط',
  copy: 'نسخ الرابط',
  copied: 'تم النسخ',
  copyFailed: 'لم يسمح هذا المتصفح بالنسخ. حدّد الرابط وانسخه.',
  qr: 'رمز الدعوة QR',
  isOpen: 'يمكن لكل من لديه الرابط الانضمام',
  asks: 'من يحصل على هذا الرابط يطلب الانضمام، وأنت توافق.',
  opens: 'من يحصل على هذا الرابط يدخل دون سؤال، حتى إن لم يكن أحد متصلًا.',
  options: 'خيارات',
  history: 'ما يستطيع القادمون الجدد قراءته',
  histories: {
    none: 'لا شيء مما سبق',
    since: 'ما يُكتب منذ إنشاء الرابط',
    all: 'كل ما لا يزال على هذا الجهاز',
  },
  historyHint: 'يرون دائمًا من جاء ومن غادر.',
  historyOpen: 'يستطيع كل من لديه الرابط قراءة ما تشاركه به.',
  level: 'ينضمون بصفة',
  uses: 'من يستطيع استخدامه',
  usesOf: (count: number): string => (count === 1 ? 'شخص واحد' : `حتى ${people.after(count)}`),
  life: 'مدة صلاحيته',
  lifeOf: (ms: number): string => {
    const { count, unit } = lifeOf(ms);
    return (unit === 'hour' ? hours : days).alone(count);
  },
  revoke: 'سحب الرابط',
  revoked: 'سُحب. لم يعد الرابط القديم يعمل.',
  again: 'إنشاء رابط جديد',
  stage: (stage: InviteView['stage']): string => inviteStages[stage],
  expires: (atMs: number): string => `يعمل حتى ${date(atMs)}.`,
};
