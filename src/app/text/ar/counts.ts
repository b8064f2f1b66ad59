/** العدد في العربية ستة أنواع، وللاسم بعد «من» شكل آخر. */
import { plural, type PluralForms } from '../format.ts';

/** The forms of a counted noun: as it stands by itself, and after a preposition. */
const noun = (alone: PluralForms, afterWord: Partial<PluralForms> = {}) => ({
  alone: (count: number): string => plural(count, alone),
  after: (count: number): string => plural(count, { ...alone, ...afterWord }),
});

export const people = noun(
  {
    zero: 'لا أحد',
    one: 'شخص واحد',
    two: 'شخصان',
    few: '# أشخاص',
    many: '# شخصًا',
    other: '# شخص',
  },
  { two: 'شخصين' },
);

export const messages = noun(
  {
    zero: 'لا رسائل',
    one: 'رسالة واحدة',
    two: 'رسالتان',
    few: '# رسائل',
    many: '# رسالة',
    other: '# رسالة',
  },
  { two: 'رسالتين' },
);

export const newMessages = noun({
  zero: 'لا رسائل جديدة',
  one: 'رسالة جديدة',
  two: 'رسالتان جديدتان',
  few: '# رسائل جديدة',
  many: '# رسالة جديدة',
  other: '# رسالة جديدة',
});

export const devices = noun(
  {
    zero: 'لا أجهزة',
    one: 'جهاز واحد',
    two: 'جهازان',
    few: '# أجهزة',
    many: '# جهازًا',
    other: '# جهاز',
  },
  { two: 'جهازين' },
);

export const relays = noun({
  zero: 'لا مُرحِّلات',
  one: 'مُرحِّل واحد',
  two: 'مُرحِّلان',
  few: '# مُرحِّلات',
  many: '# مُرحِّلًا',
  other: '# مُرحِّل',
});

export const hours = noun({
  one: 'ساعة واحدة',
  two: 'ساعتان',
  few: '# ساعات',
  many: '# ساعة',
  other: '# ساعة',
});

export const days = noun({
  one: 'يوم واحد',
  two: 'يومان',
  few: '# أيام',
  many: '# يومًا',
  other: '# يوم',
});

export const conversations = noun(
  {
    zero: 'لا محادثات',
    one: 'محادثة واحدة',
    two: 'محادثتان',
    few: '# محادثات',
    many: '# محادثة',
    other: '# محادثة',
  },
  { two: 'محادثتين' },
);

export const votes = noun({
  zero: 'لا أصوات',
  one: 'صوت واحد',
  two: 'صوتان',
  few: '# أصوات',
  many: '# صوتًا',
  other: '# صوت',
});

export const replies = noun({
  zero: 'لا ردود',
  one: 'رد واحد',
  two: 'ردّان',
  few: '# ردود',
  many: '# ردًّا',
  other: '# رد',
});

export const files = noun({
  zero: 'لا ملفات',
  one: 'ملف واحد',
  two: 'ملفان',
  few: '# ملفات',
  many: '# ملفًا',
  other: '# ملف',
});
