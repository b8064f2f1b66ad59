/** ما يعرفه الآخرون عنك، ومن تسمع منه، وما يصير إليه أمر المحادثة. */
import { isolated, number } from '../format.ts';
import { people as counted } from './counts.ts';

export const people = {
  security: 'الأمان',
  receipts: 'إخبار الآخرين بما قرأتُه',
  receiptsHint: 'إن أوقفتَه فلن ترى ما قرؤوه أيضًا.',
  typing: 'إخبار الآخرين حين أكتب',
  typingHint: 'إن أوقفتَه فلن ترى متى يكتبون أيضًا.',
  presence: 'إخبار الآخرين حين أكون هنا',
  presenceHint:
    'إن أوقفتَه فلن ترى متى يكونون هنا أيضًا. ومع ذلك تستطيع الأجهزة المتصلة بك أن تعرف أنك على اتصال.',
  blocked: 'المحظورون',
  noneBlocked: 'لا أحد محظور.',
  unblock: (name: string): string => `إلغاء حظر ${isolated(name)}`,

  status: 'نبذة عنك',
  statusHint: 'سطر قصير يراه من يشاركونك محادثة.',
  picture: 'الصورة',
  choosePicture: 'اختيار صورة',
  removePicture: 'إزالة الصورة',

  requests: 'من يكتبون إليك',
  wantsToTalk: (name: string): string => `${isolated(name)} يريد التحدث معك`,
  requestHint: 'تعرفان بعضكما من مجموعة. إلى أن تجيب، لا يُقال له ما قرأتَه.',
  accept: 'قبول',
  decline: 'رفض',

  message: 'مراسلة',
  block: 'حظر',

  actions: (name: string): string => `إجراءات ${isolated(name)}`,
  markUnread: 'تعليم كغير مقروءة',
  mute: 'كتم',
  unmute: 'إلغاء الكتم',
  muted: 'مكتومة',
  archive: 'أرشفة',
  unarchive: 'إخراج من الأرشيف',
  archived: 'المؤرشفة',
  archivedCount: (count: number): string => `المؤرشفة (${number(count)})`,
  delete: 'حذف',
  deleteTitle: (name: string): string => `حذف ${isolated(name)}؟`,
  deleteText: {
    group: 'تغادر المجموعة، ويُمحى كل ما فيها من هذا الجهاز. يحتفظ الآخرون بما لديهم.',
    direct:
      'يُمحى كل ما فيها من هذا الجهاز، ولا يصلك بعد ذلك ما يُكتب هنا. يحتفظ الطرف الآخر بما لديه.',
  },
  writing: (names: ReadonlyArray<string>): string =>
    names.length === 1
      ? `${isolated(names[0] ?? '')} يكتب الآن`
      : `${counted.alone(names.length)} يكتبون الآن`,
};
