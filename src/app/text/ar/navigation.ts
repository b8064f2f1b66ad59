export const shortcuts = {
  title: 'اختصارات لوحة المفاتيح',
  where: {
    anywhere: 'في كل مكان',
    list: 'في القائمة',
    timeline: 'في الرسائل',
    composer: 'أثناء الكتابة',
  },
  names: {
    'next-conversation': 'المحادثة التالية',
    'previous-conversation': 'المحادثة السابقة',
    'next-unread': 'غير المقروءة التالية',
    'previous-unread': 'غير المقروءة السابقة',
    'go-to': 'الانتقال إلى محادثة أو أمر',
    search: 'بحث',
    'nth-conversation': 'المحادثة حسب رقمها',
    'new-conversation': 'محادثة جديدة',
    'next-region': 'المنطقة التالية',
    'previous-region': 'المنطقة السابقة',
    details: 'إظهار التفاصيل أو إخفاؤها',
    help: 'إظهار هذه الاختصارات',
    latest: 'إلى الأحدث',
    'oldest-unread': 'أقدم غير مقروءة',
    'mark-read': 'تعليم كمقروءة',
    close: 'إغلاق، طبقة بكل ضغطة',
    'message-details': 'تفاصيل الرسالة',
    reply: 'رد',
    react: 'تفاعل',
    'mark-unread': 'تعليم كغير مقروءة',
    emoji: 'رموز تعبيرية',
    attach: 'إرفاق',
    bold: 'عريض',
    italic: 'مائل',
    strike: 'يتوسطه خط',
    code: 'شيفرة',
    'edit-last': 'تعديل رسالتي الأخيرة، والحقل فارغ',
    'leave-mode': 'إلغاء الرد أو التعديل',
    walk: 'التنقل بين الرسائل',
    write: 'إلى الأحدث والكتابة',
    enter: 'تسليم الرسالة',
    'send-later': 'إرسال لاحقًا',
    newline: 'سطر جديد',
  },
  keys: {
    Mod: 'Ctrl',
    Alt: 'Alt',
    Shift: 'Shift',
    PageUp: 'PgUp',
    PageDown: 'PgDn',
    Home: 'Home',
    End: 'End',
    Enter: 'Enter',
    Escape: 'Esc',
  },
  hint: (name: string, keys: string): string => `${name} (${keys})`,
};

/** حقل البحث في القائمة: الأسماء في الوقت الحالي. */
export const search = {
  messages: 'البحث في الرسائل',
  placeholder: 'بحث',
  results: 'نتائج البحث',
  nothing: 'لا توجد محادثة بهذا الاسم.',
  namesOnly: 'يجري البحث حاليًا في الأسماء فقط، لا في نص الرسائل.',
};

export const goTo = {
  title: 'الانتقال إلى',
  field: 'محادثة أو أمر',
  options: 'المحادثات والأوامر',
  nothing: 'لا شيء بهذا الاسم.',
};

export const panes = {
  listWidth: 'عرض القائمة',
};
