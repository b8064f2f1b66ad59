/** الحالات: من يمكن الوصول إليه، ومن لديه الرسالة، وإلى أين وصلت الدعوة. */
import type {
  Closed,
  ConversationKind,
  Delivery,
  DeliveryState,
  InviteView,
  JoinStage,
  MemberLevel,
  MemberTrouble,
  Notice,
  Person,
  Presence,
  RelayView,
  SharedHistory,
  TruthLine,
} from '../../../core/api.ts';
import { wholeSeconds } from '../common.ts';
import { isolated, moment, number, timer } from '../format.ts';
import { people } from './counts.ts';

export const seconds = (ms: number): string => `${number(wholeSeconds(ms))} ث`;

const online = (onlineCount: number, peopleCount: number): string =>
  peopleCount === 1
    ? 'هنا الآن'
    : `${number(onlineCount)} من ${people.after(peopleCount)} على اتصال`;

export const truth = (line: TruthLine): string => {
  switch (line.kind) {
    case 'only-you':
      return 'أنت وحدك تقرأ هذا';
    case 'direct':
      return `مباشر · ${online(line.onlineCount, line.peopleCount)}`;
    case 'relayed':
      return `عبر مُرحِّلك · ${online(line.onlineCount, line.peopleCount)}`;
    case 'alone':
      return 'لا أحد غيرك على اتصال';
    case 'offline':
      return 'أنت دون اتصال';
    case 'catching-up':
      return `جارٍ اللحاق: ${number(line.haveCount)} من ${number(line.totalCount)}`;
    case 'no-relay':
      return line.retryMs === undefined
        ? 'لا يمكن الوصول إلى أي مُرحِّل'
        : `لا يمكن الوصول إلى أي مُرحِّل: محاولة أخرى بعد ${seconds(line.retryMs)}`;
    case 'connecting':
      return 'جارٍ الاتصال';
  }
};

const waitingFor = (kind: ConversationKind, name: string): string => {
  if (kind === 'self') return 'على هذا الجهاز فقط';
  return kind === 'direct' && name !== ''
    ? `في انتظار ${isolated(name)}`
    : 'في انتظار أن يتصل جهاز';
};

const forNobody = 'لم يكن هنا أحد غيرك بعد: لا توجد إلا لديك';

const holders = ({ haveCount, peopleCount }: Delivery): string =>
  haveCount >= peopleCount
    ? 'وصلت إلى الجميع'
    : `وصلت إلى ${number(haveCount)} من ${people.after(peopleCount)} · في الانتظار ${number(peopleCount - haveCount)}`;

export const delivery = (status: Delivery, kind: ConversationKind, name: string): string => {
  const { isForNobody = false } = status;
  switch (status.state) {
    case 'saved':
      return isForNobody ? forNobody : waitingFor(kind, name);
    case 'parked':
      return isForNobody ? forNobody : 'في صندوق البريد. لم تصل إلى أحد بعد.';
    case 'delivered':
      if (kind === 'self') return 'على جهاز آخر من أجهزتك';
      return kind === 'direct' ? 'وصلت' : holders(status);
    case 'read':
      return kind === 'group' ? `قُرئت · ${holders(status)}` : 'قُرئت';
    case 'blocked':
      return 'أُخرجتَ قبل أن تصل هذه';
    case 'expired':
      return 'زالت من هذا الجهاز قبل أن يتلقاها أحد';
  }
};

export const deliveryMarks: Record<DeliveryState, string> = {
  saved: 'في الانتظار',
  parked: 'في صندوق البريد',
  delivered: 'وصلت',
  read: 'قُرئت',
  blocked: 'لم تصل',
  expired: 'زالت',
};

const ownHistories =
  'نشر أحد أجهزتك سجلّين مختلفين، فلم يعد الآخرون يقبلون ما يكتبه. قد تسبّب ذلك نسخة احتياطية مستعادة.';

const twoHistories = (who: Person): string =>
  who.isMe
    ? ownHistories
    : `نشر أحد أجهزة ${isolated(who.name)} سجلّين مختلفين. اسأل ${isolated(who.name)}.`;

export const memberTrouble = (trouble: MemberTrouble, who: Person): string => {
  if (trouble === 'two-histories') return twoHistories(who);
  return who.isMe
    ? 'سجلّ هويتك لا يطابق نفسه: ربما لدى شخص آخر عبارة الاسترداد الخاصة بك.'
    : `سجلّ هوية ${isolated(who.name)} غير متطابق. اسأل ${isolated(who.name)}.`;
};

export const closed = (why: Closed): string => {
  switch (why.kind) {
    case 'removed':
      return why.by === undefined
        ? 'أُخرجتَ من المجموعة. ما هو هنا يبقى على هذا الجهاز.'
        : `أخرجك ${isolated(why.by.name)}. ما هو هنا يبقى على هذا الجهاز.`;
    case 'left':
      return 'غادرتَ. ما هو هنا يبقى على هذا الجهاز.';
    case 'reader':
      return 'يمكنك القراءة هنا، لا الكتابة.';
    case 'two-histories':
      return ownHistories;
  }
};

const levelNouns: Record<MemberLevel, string> = {
  owner: 'صلاحيات المالك',
  admin: 'صلاحيات المشرف',
  member: 'صلاحيات العضو',
  reader: 'صلاحية القراءة فقط',
};

const readsBefore = (who: Person, history: SharedHistory): string => {
  const can = who.isMe ? 'يمكنك' : 'يمكنه';
  if (history === 'none') return `لا ${can} قراءة شيء مما سبق`;
  return `${can} قراءة ${history === 'all' ? 'كل ما سبق' : 'ما كُتب منذ إنشاء الرابط'}`;
};

/** The action as a noun, so that it fits whoever did it: "تم … بواسطة". */
const by = (who: Person): string => (who.isMe ? 'أنت' : isolated(who.name));
const whom = (who: Person): string => (who.isMe ? 'أنت' : isolated(who.name));

export const notice = (line: Notice): string => {
  switch (line.kind) {
    case 'created':
      return `إنشاء المجموعة: ${by(line.by)}`;
    case 'regrouped':
      return line.without === undefined
        ? `إنشاء المجموعة من مجموعة أخرى دون أحد أعضائها: ${by(line.by)}`
        : `إنشاء المجموعة من جديد دون ${whom(line.without)}: ${by(line.by)} · أعلاه ما كُتب من قبل`;
    case 'joined':
      return `انضمام: ${whom(line.who)} · ${readsBefore(line.who, line.history)}`;
    case 'added':
      return `إضافة: ${whom(line.who)} (من ${by(line.by)}) · ${readsBefore(line.who, line.history)}`;
    case 'removed':
      return `إخراج: ${whom(line.who)} (من ${by(line.by)}) · لما يأتي مفاتيح جديدة`;
    case 'left':
      return `مغادرة: ${whom(line.who)} · لما يأتي مفاتيح جديدة`;
    case 'level':
      return `${levelNouns[line.level]}: ${whom(line.who)} (من ${by(line.by)})`;
    case 'timer':
      return line.timerMs === undefined
        ? `إيقاف اختفاء الرسائل: ${by(line.by)}`
        : `اختفاء الرسائل: ${timer(line.timerMs)} (من ${by(line.by)})`;
    case 'forked':
      return twoHistories(line.who);
  }
};

export const presence = (value: Presence, nowMs: number): string => {
  switch (value.kind) {
    case 'here':
      return value.path === 'direct' ? 'هنا الآن، مباشرة' : 'هنا الآن، عبر مُرحِّل';
    case 'heard':
      return `آخر إشارة: ${moment(value.atMs, nowMs)}`;
    case 'unknown':
      return 'لا إشارة بعد';
  }
};

export const levels: Record<MemberLevel, string> = {
  owner: 'مالك',
  admin: 'مشرف',
  member: 'عضو',
  reader: 'قارئ',
};

export const inviteStages: Record<InviteView['stage'], string> = {
  waiting: 'في انتظار فتح الرابط. يمكنك إغلاق هذا.',
  parked: 'في صندوق البريد: يعمل الرابط وأنت غائب أيضًا.',
  opened: 'فُتح. جارٍ الاتصال.',
  asked: 'هناك من يريد الانضمام. قارِنا الكلمات الأربع.',
  joined: 'تم الانضمام.',
};

export const joinStages: Record<JoinStage, string> = {
  looking: 'جارٍ البحث عمّن دعاك. ربما جهازه دون اتصال: يتابع هذا من تلقاء نفسه حين يعود.',
  parked:
    'طلبك في صندوق البريد. لا أحد ممن يمكنهم قبوله على اتصال الآن: تدخل حالما يُقبل. يمكنك إغلاق هذا.',
  connecting: 'جارٍ الاتصال بمن دعاك.',
  'waiting-approval': 'وصل طلبك. تدخل حالما يُقبل.',
  joined: 'أنت في الداخل. جارٍ فتح المحادثة.',
  declined: 'رُفض الطلب. لم يُحتفظ هناك بشيء منك.',
};

export const relayState = (relay: RelayView): string => {
  switch (relay.state) {
    case 'up':
      return 'متصل';
    case 'connecting':
      return 'جارٍ الاتصال';
    case 'unreachable':
      return relay.retryMs === undefined
        ? 'لا يجيب'
        : `لا يجيب: محاولة أخرى بعد ${seconds(relay.retryMs)}`;
    case 'bad-address':
      return 'ليس عنوان مُرحِّل';
  }
};
