/** ما لا يُفتح إلا نادرًا. */
import type { FreeableFiles } from '../../../core/api.ts';
import type { LateWords } from '../catalogue.ts';
import { isolated, percent, size } from '../format.ts';
import { files, messages } from './counts.ts';

const again: Record<FreeableFiles['deviceCount'], string> = {
  2: 'يمكن جلبها ثانيةً من جهازين أو أكثر',
  1: 'يمكن جلبها ثانيةً من جهاز واحد',
  0: 'يمكن جلبها ثانيةً حين يحضر من أعطاها',
};

export const late: LateWords = {
  export: {
    open: 'تصدير…',
    title: (name) => `تصدير ${isolated(name)}`,
    what: 'يكتب ملف ZIP واحدًا فيه الرسائل ومن هنا والملفات الموجودة على هذا الجهاز.',
    warning: 'النسخة غير مشفرة: من يحصل عليها يستطيع قراءتها.',
    counting: 'يُعدّ ما هنا',
    contents: (messageCount, fileCount, bytes) =>
      `${messages.alone(messageCount)}، ${files.alone(fileCount)} (${size(bytes)})`,
    missing: (count) => `${files.alone(count)} ليست على هذا الجهاز. النسخة تسميها ولا تحويها.`,
    disappearing: (count) => `${messages.alone(count)} مما يختفي تبقى خارجها.`,
    start: 'تصدير',
    progress: (hundredths) => `يُكتب ${percent(hundredths)}`,
    done: 'كُتبت النسخة.',
    broken: (count) => `${files.alone(count)} لم تُقرأ كاملةً. النسخة تقول أيها.`,
    fileName: (name) => `سوتو ${name}`,
    made: (when) => `نُسخ من سوتو في ${when}. غير مشفر.`,
    people: (names) => `الأشخاص: ${names}`,
    notHere: (name) => `${name} (ليس على الجهاز الذي صنع هذه النسخة)`,
    notWhole: (name) => `${name} (لم يُقرأ كاملًا)`,
  },
  files: {
    onlyHere: (count) => `${files.alone(count)} لك على هذا الجهاز فقط.`,
  },
  usage: {
    title: 'الملفات على هذا الجهاز',
    none: 'لا ملفات على هذا الجهاز.',
    takes: (count, bytes) => `${files.alone(count)}، ${size(bytes)}`,
    free: 'إخلاء مساحة…',
    freeIn: (name) => `إخلاء مساحة في ${isolated(name)}…`,
    freeEverywhere: 'إخلاء مساحة في كل مكان…',
    titleIn: (name) => `إخلاء مساحة في ${isolated(name)}`,
    titleEverywhere: 'إخلاء مساحة في كل مكان',
    again: ({ deviceCount, count, sizeBytes }) =>
      `${files.alone(count)} (${size(sizeBytes)}) ${again[deviceCount]}.`,
    stays: (count, bytes) => `${files.alone(count)} (${size(bytes)}) هنا فقط بقدر ما يُعلم: لا تُمس.`,
    previews: 'تبقى الرسائل والصور الصغيرة.',
    freeNow: (bytes) => `إخلاء ${size(bytes)}`,
  },
  stickers: {
    title: 'الملصقات',
    emoji: 'الرموز',
    none: 'لا ملصقات بعد. اصنع مجموعة من صور، أو احتفظ بمجموعة يعطيك إياها أحد.',
    make: 'مجموعة ملصقات جديدة…',
    makeTitle: 'مجموعة ملصقات جديدة',
    collected: 'المجموعة عندي',
    packName: 'اسم المجموعة',
    choose: 'اختيار صور',
    word: (position) => `كلمة أو رمز للصورة ${position}`,
    wordHint: 'ما يقوله كل ملصق، ولمن يسمعه أيضًا.',
    remove: (word) => `إزالة ${word}`,
    save: 'حفظ المجموعة',
    one: (word) => `ملصق ${word}`,
    give: (name) => `إعطاء المجموعة ${isolated(name)} لهذه المحادثة`,
    removePack: (name) => `إزالة المجموعة ${isolated(name)}`,
    keep: 'إضافة إلى ملصقاتي',
    kept: 'أُضيف إلى ملصقاتك.',
    incomplete: 'سمِّ المجموعة، وضع لكل صورة كلمة أو رمزًا.',
    unusable: {
      unusable: (name) => `لا يمكن صنع ملصق من ${isolated(name)}.`,
      moves: (name) =>
        `حركة ${isolated(name)} أطول من أن تتسع في ملصق، أو لا يستطيع هذا المتصفح رسمها. اختر صورة أقصر أو صورة ثابتة.`,
      'too-many': (name) => `المجموعة ممتلئة: لم تُضف ${isolated(name)}.`,
    },
  },
};
