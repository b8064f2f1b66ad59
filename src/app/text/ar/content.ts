/** ممّ تتكوّن الرسائل، وما يمكن فعله بها. */
import type {
  Card,
  Deletion,
  MessageItem,
  PinView,
  Poll,
  PollOption,
  Quote,
  Reaction,
} from '../../../core/api.ts';
import type { LinkOddity } from '../../links.ts';
import type { Catalogue } from '../catalogue.ts';
import {
  messageContent,
  messageName,
  peopleNames,
  pinText,
  quoteText,
  reactionChip,
} from '../common.ts';
import { filesLine } from './attachments.ts';
import { coordinates, isolated, moment, number, remaining, timer } from '../format.ts';
import { devices, messages, replies, votes } from './counts.ts';

const left = (leftMs: number): string => remaining(leftMs) ?? 'أقل من دقيقة';

const deletion = (item: MessageItem, { askedCount, confirmedCount }: Deletion): string => {
  if (!item.author.isMe) return 'حذفها كاتبها';
  return askedCount === 0
    ? 'محذوفة'
    : `طُلب الحذف من ${devices.after(askedCount)} · أكّد ${number(confirmedCount)}`;
};

const content = (item: MessageItem): string =>
  messageContent(item, {
    deletion,
    poll: (question) => `استطلاع: ${isolated(question)}`,
    place: (where) => `موقع: ${isolated(where)}`,
    card: (name) => `جهة اتصال: ${isolated(name)}`,
    files: filesLine,
  });

const oddities: Record<LinkOddity, string> = {
  'other-host': 'يسمّي نص هذا الرابط مكانًا غير الذي يقود إليه.',
  punycode: 'في هذا العنوان حروف قد تشبه غيرها. يُعرض كما هو في الحقيقة.',
  'mixed-script': 'يخلط هذا العنوان حروفًا من أبجديات عدة، كما تفعل العناوين التي تقلّد غيرها.',
};

const message = {
  name: (item: MessageItem, status: string | undefined): string =>
    messageName(item, status, {
      you: 'أنت',
      edited: 'معدّلة',
      comma: '، ',
      content: content(item),
    }),
  content,
  edited: 'معدّلة',
  showVersions: 'معدّلة: إظهار النسخ السابقة',
  forwarded: 'مُعاد توجيهها',
  pinned: 'مثبّتة',
  deletion,
  disappears: (leftMs: number): string => `تختفي. الباقي: ${left(leftMs)}`,
  remaining: left,
  notBegun: (timerMs: number): string => `تختفي بعد قراءتها. المدة: ${timer(timerMs)}`,
};

const actions: Catalogue['actions'] = {
  react: 'تفاعل',
  reply: 'رد',
  more: 'المزيد',
  edit: 'تعديل',
  deleteEveryone: 'طلب الحذف من الجميع',
  deleteHere: 'حذف من هذا الجهاز',
  pin: 'تثبيت',
  unpin: 'إلغاء التثبيت',
  openThread: 'فتح سلسلة الردود',
  forward: 'إعادة توجيه',
  select: 'تحديد',
  selected: (name: string): string => `تحديد: ${isolated(name)}`,
  markUnread: 'تعليم كغير مقروءة',
  resend: 'كتابتها من جديد',
};

const selection: Catalogue['selection'] = {
  label: 'الرسائل المحددة',
  count: (count: number): string => `المحدد: ${number(count)}`,
  copy: 'نسخ',
  leave: 'إنهاء التحديد',
  line: (item: MessageItem, nowMs: number): string =>
    `${item.author.name}، ${moment(item.sentAtMs, nowMs)}: ${content(item)}`,
  deleteTitle: (count: number): string => `حذف ${messages.after(count)}؟`,
  deleteHere: 'تزول من هذا الجهاز وحده. يحتفظ الآخرون بما لديهم.',
  deleteEveryone:
    'يُطلب من كل جهاز أن يحذف نسخته. الجهاز الغائب يفعل ذلك حين يعود؛ وقد يحتفظ بها تطبيق مُعدَّل.',
};

const quote: Catalogue['quote'] = {
  label: (name: string): string => `إلى ما كتبه ${isolated(name)}`,
  you: 'أنت',
  text: (of: Quote): string =>
    quoteText(of, {
      missing: 'لم تصل هذه الرسالة بعد',
      deleted: 'حُذفت هذه الرسالة',
      files: filesLine,
    }),
  missing: 'لم تصل هذه الرسالة بعد.',
  notHere: 'هذه الرسالة ليست على هذا الجهاز.',
  back: 'رجوع',
};

const reactions: Catalogue['reactions'] = {
  label: 'التفاعلات',
  chip: (of: Reaction): string => reactionChip(of, 'أنت'),
};

const mention: Catalogue['mention'] = { everyone: 'الجميع' };

const link: Catalogue['link'] = {
  title: 'فتح هذا الرابط؟',
  leads: 'يقود إلى',
  open: 'فتح',
  oddity: (oddity: LinkOddity): string => oddities[oddity],
  hint: 'يرى الموقع عنوانك. ولا يرى أين وجدت الرابط.',
};

const code: Catalogue['code'] = { copy: 'نسخ الشيفرة', copied: 'تم النسخ' };

const poll: Catalogue['poll'] = {
  votes: ({ voterCount }: Poll): string => votes.alone(voterCount),
  kind: ({ isMultiple }: Poll): string => (isMultiple ? 'عدة إجابات' : 'إجابة واحدة'),
  option: ({ text, count }: PollOption): string => `${isolated(text)}: ${votes.alone(count)}`,
  who: ({ people }: PollOption): string => peopleNames(people, 'أنت'),
  takeBack: 'سحب صوتي',
  countsOnly: 'يعرض الأعداد فقط. ومع ذلك تعرف أجهزة الجميع هنا من صوّت لماذا.',
};

const place: Catalogue['place'] = {
  label: 'موقع',
  coordinates,
  copy: 'نسخ الإحداثيات',
  copied: 'تم النسخ',
  open: 'فتح في تطبيق خرائط',
};

const card: Catalogue['card'] = {
  label: 'جهة اتصال',
  message: 'مراسلة',
  messageTo: (name: string): string => `مراسلة ${isolated(name)}`,
  unreachable: ({ person }: Card): string => `لا يمكن مراسلة ${isolated(person.name)} من هنا.`,
};

const pins: Catalogue['pins'] = {
  title: 'الرسائل المثبّتة',
  text: (pin: PinView): string => pinText(pin, filesLine),
  bar: (pin: PinView): string =>
    `مثبّتة: ${pin.author.isMe ? 'أنت' : isolated(pin.author.name)}: ${isolated(pinText(pin, filesLine))}`,
  by: ({ pinnedBy }: PinView): string =>
    `ثبّتها: ${pinnedBy.isMe ? 'أنت' : isolated(pinnedBy.name)}`,
  go: 'إلى الرسالة المثبّتة',
  count: (count: number): string => `المثبّت: ${number(count)}`,
};

const thread: Catalogue['thread'] = {
  title: 'سلسلة ردود',
  reply: 'الرد في السلسلة',
  replies: replies.alone,
  empty: 'لم يردّ أحد هنا بعد.',
};

const versions: Catalogue['versions'] = {
  title: 'النسخ السابقة',
  original: 'النسخة الأولى',
  hint: 'من لديه الرسالة لديه كل نسخها.',
  at: moment,
};

const disappearing: Catalogue['disappearing'] = {
  title: 'رسائل تختفي',
  off: 'متوقف',
  duration: timer,
  hint: 'لما يكتبه الجميع هنا من الآن. يحذف كل جهاز نسخته حين تنتهي المدة، محسوبة من أول مرة عرض فيها الرسالة.',
  limits: 'ومع ذلك يستطيع أحد أن ينسخ ما قرأه أو يصوّره أو يحتفظ به.',
  state: (timerMs: number | undefined): string =>
    timerMs === undefined ? 'متوقف' : timer(timerMs),
  beingErased: (count: number): string =>
    `لم تعد ظاهرة وما زالت تُمحى: ${number(count)}. يجب أن يزول مفتاح أقدم أولًا، خلال أسبوع أو أسبوعين.`,
  on: (timerMs: number): string => `تختفي الرسائل الجديدة. المدة: ${timer(timerMs)}`,
};

export const ofMessages = {
  message,
  actions,
  selection,
  quote,
  reactions,
  mention,
  link,
  code,
  poll,
  place,
  card,
  pins,
  thread,
  versions,
  disappearing,
};
