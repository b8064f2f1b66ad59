/** كل اتصال في هذه اللحظة، وكيف يُنقل خبره. */
import type { LinkView, Person } from '../../../core/api.ts';
import { duration, isolated, listed, size } from '../format.ts';

export const links = {
  links: 'الاتصالات الآن',
  noLinks: 'لا شيء',
  linkTo: (people: ReadonlyArray<Person>): string =>
    people.length === 0
      ? 'غير معروف بعد'
      : listed(people.map(({ name, isMe }) => (isMe ? 'جهاز آخر من أجهزتك' : isolated(name)))),
  linkFacts: ({ path, openForMs, quietForMs, sentBytes, receivedBytes }: LinkView): string =>
    [
      path === 'direct' ? 'مباشرة' : 'عبر مُرحِّل',
      `المدة: ${duration(openForMs)}`,
      `مضى على آخر بيانات: ${duration(quietForMs)}`,
      `صادر ${isolated(size(sentBytes))}، وارد ${isolated(size(receivedBytes))}`,
    ].join(' · '),
  copyDiagnostics: 'نسخ بيانات التشخيص',
  copyState: {
    no: 'أعداد وحالات فقط: لا أسماء ولا عناوين ولا رسائل.',
    yes: 'تم النسخ',
    refused: 'لم يسمح هذا المتصفح لـ Sotto بالنسخ.',
  },
};
