/** أثناء الكتابة: الحقل، وما يمكن إرفاقه، والرموز التعبيرية، والاستطلاعات، والمواقع، وجهات الاتصال. */
import type { EmojiGroup, Tone } from '../../emoji.ts';
import type { Catalogue } from '../catalogue.ts';
import { isolated, number } from '../format.ts';
import { conversations } from './counts.ts';
import { closed } from './states.ts';

const groups: Record<EmojiGroup, string> = {
  smileys: 'وجوه',
  people: 'أشخاص',
  nature: 'حيوانات وطبيعة',
  food: 'طعام وشراب',
  travel: 'سفر وأماكن',
  activities: 'أنشطة',
  objects: 'أشياء',
  symbols: 'رموز',
  flags: 'أعلام',
};

const toneNames: Record<Tone, string> = {
  0: 'دون لون بشرة',
  1: 'بشرة فاتحة',
  2: 'بشرة فاتحة إلى متوسطة',
  3: 'بشرة متوسطة',
  4: 'بشرة متوسطة إلى داكنة',
  5: 'بشرة داكنة',
};

/** The minus sign stays before its number. */
const between = (limit: number): string =>
  `رقم بين ${isolated(String(-limit))} و${isolated(String(limit))}.`;

export const composer: Catalogue['composer'] = {
  message: 'رسالة',
  send: 'إرسال',
  attach: 'إرفاق',
  closed,
  editing: 'تعديل',
  replyingTo: (name: string): string => `رد على ${isolated(name)}`,
  replyingToMe: 'رد على نفسك',
  leaveReply: 'إلغاء الرد',
  leaveEdit: 'إلغاء التعديل',
  people: 'من يمكن ذكرهم',
  emoji: 'رموز تعبيرية مناسبة',
  everyoneHint: 'كل من هنا',
};

export const emoji: Catalogue['emoji'] = {
  title: 'رموز تعبيرية',
  search: 'البحث في الرموز التعبيرية',
  recent: 'الحديثة والشائعة',
  found: 'نتائج البحث',
  nothing: 'لا رمز مناسب.',
  unreachable: 'تعذّر جلب قائمة الرموز التعبيرية. حاول مرة أخرى حين تكون متصلًا.',
  group: (group: EmojiGroup): string => groups[group],
  groups: 'الفئات',
  tones: 'لون البشرة',
  tone: (tone: Tone): string => toneNames[tone],
};

export const newPoll: Catalogue['newPoll'] = {
  menu: 'استطلاع',
  title: 'استطلاع جديد',
  question: 'السؤال',
  option: (ordinal: number): string => `الخيار ${number(ordinal)}`,
  add: 'إضافة خيار',
  remove: (ordinal: number): string => `إزالة الخيار ${number(ordinal)}`,
  isMultiple: 'عدة إجابات',
  isAnonymous: 'الأعداد فقط',
  isAnonymousHint: 'لا تُعرض الأسماء. ومع ذلك تعرف أجهزة الجميع هنا من صوّت لماذا.',
  create: 'إنشاء الاستطلاع',
  questionMissing: 'اكتب سؤالًا أولًا.',
  optionsMissing: 'اكتب خيارين مختلفين على الأقل.',
};

export const newPlace: Catalogue['newPlace'] = {
  menu: 'موقع',
  title: 'مشاركة موقع',
  latitude: 'خط العرض',
  longitude: 'خط الطول',
  hint: 'لا يسأل Sotto جهازك عن مكانه: اكتب الإحداثيات، أو الصقها كلها في الحقل الأول.',
  latitudeWrong: between(90),
  longitudeWrong: between(180),
  share: 'مشاركة',
};

export const newCard: Catalogue['newCard'] = {
  menu: 'جهة اتصال',
  title: 'مشاركة جهة اتصال',
  hint: 'يرى من هنا الاسم ويمكنهم طلب المراسلة.',
  share: (name: string): string => `مشاركة ${isolated(name)}`,
  nobody: 'لا أحد لتعرّف به بعد.',
};

export const forward: Catalogue['forward'] = {
  title: 'إعادة توجيه',
  search: 'البحث في المحادثات',
  action: (count: number): string =>
    count === 0 ? 'إعادة توجيه' : `إعادة توجيه إلى ${conversations.after(count)}`,
  nothing: 'لا محادثة مناسبة.',
};

export const sendLater: Catalogue['sendLater'] = {
  title: 'إرسال لاحقًا',
  menu: 'إرسال لاحقًا…',
  text: 'النص',
  when: 'التاريخ والوقت',
  hint: 'تخرج حين يكون هذا الجهاز مستيقظًا في ذلك الوقت وSotto مفتوحًا، وإلا فعند أول فرصة بعده.',
  choices: {
    hour: 'بعد ساعة',
    evening: 'هذا المساء',
    morning: 'صباح الغد',
    week: 'صباح الاثنين',
  },
  action: 'جدولة',
  past: 'اختر وقتًا لم يمضِ بعد.',
  list: 'رسائل مجدولة',
  edit: 'تعديل هذه الرسالة المجدولة',
  now: 'إرسال الآن',
  cancel: 'إلغاء هذه الرسالة المجدولة',
};
