import type {
  ConversationKind,
  ConversationSummary,
  DeliveryState,
  InviteView,
  JoinStage,
  LastLine,
  MemberView,
  MessageItem,
  Presence,
  RelayView,
} from '../../../core/api.ts';
import type { Catalogue } from '../catalogue.ts';
import { announcement, format, lastLine, title } from '../common.ts';
import { date, isolated, moment, number, shortTime, size } from '../format.ts';
import { devices, messages, newMessages, people, relays } from './counts.ts';
import * as composing from './composer.ts';
import { files, filesLine } from './attachments.ts';
import { goTo, panes, search, shortcuts } from './navigation.ts';
import { links } from './connection.ts';
import { ofMessages } from './content.ts';
import { invite, members, messageDetails, safety } from './details.ts';
import { commandErrors, inviteProblems, troubles } from './problems.ts';
import { people as ofPeople } from './people.ts';
import {
  delivery,
  deliveryMarks,
  joinStages,
  levels,
  memberTrouble,
  notice,
  presence,
  relayState,
  seconds,
  truth,
} from './states.ts';

const notAudited = 'لم يُدقَّق. لا تعتمد عليه حيث تكون الأرواح في خطر.';

export const words: Catalogue = {
  appName: 'Sotto',
  notesToSelf: 'ملاحظات لنفسي',
  you: 'أنت',
  close: 'إغلاق',
  understood: 'حسنًا',
  cancel: 'إلغاء',
  back: 'رجوع',
  skip: 'انتقل إلى المحادثة',
  starting: 'جارٍ فتح ما على هذا الجهاز',
  title,

  format,

  firstRun: {
    title: 'Sotto',
    promise: 'محادثات خاصة، من جهاز إلى جهاز. بلا حساب ولا رقم هاتف.',
    name: 'اسمك',
    nameHint: 'لا يراه إلا من تدعوه.',
    start: 'ابدأ',
    haveInvite: 'لديّ دعوة',
    linkDevice: 'ربط هذا الجهاز',
    restore: 'استعادة نسخة احتياطية',
    nameMissing: 'اكتب اسمًا أولًا: يراه من تدعوه.',
    notAudited,
  },

  later: {
    linkTitle: 'ربط هذا الجهاز',
    link: 'يأتي ربط جهاز ثانٍ في إصدار لاحق من Sotto. أما الآن فيبدأ كل جهاز وحده: يمكنك دعوة جهازك الآخر كما تدعو شخصًا آخر.',
    restoreTitle: 'استعادة نسخة احتياطية',
    restore:
      'تأتي النسخ الاحتياطية في إصدار لاحق من Sotto، فلا شيء يُستعاد بعد. ما تكتبه يبقى على أجهزة من في المحادثة.',
  },

  join: {
    title: 'انضمام',
    action: 'انضمام',
    reading: 'جارٍ قراءة الدعوة',
    invited: { direct: 'أنت مدعو إلى محادثة.', group: 'أنت مدعو إلى مجموعة.' },
    asks: 'يوافق من صنع هذا الرابط قبل أن تدخل.',
    isOpen: 'يمكن لكل من لديه هذا الرابط الانضمام.',
    expires: (atMs: number): string => `يعمل الرابط حتى ${date(atMs)}.`,
    relays: (count: number): string =>
      `معه ${relays.alone(count)} لمساعدة أجهزتكما على أن يجد بعضها بعضًا. ترى المُرحِّلات العناوين، لا الرسائل.`,
    withoutInvite: 'المتابعة دون الدعوة',
    paste: 'الصق رابط دعوة',
    pasteHint: 'الرابط كله كما وصلك.',
    go: 'متابعة',
    waiting: 'في انتظار الموافقة',
    waitingRow: { direct: 'في انتظار محادثة', group: 'في انتظار الانضمام إلى مجموعة' },
    stage: (stage: JoinStage): string => joinStages[stage],
    words: 'قارن هذه الكلمات الأربع مع من دعاك. إن اختلفت فلا تتابع.',
    giveUp: 'التوقف عن الانتظار',
    remove: 'إزالة',
    wait: 'يمكنك إغلاق هذا أو الكتابة في مكان آخر: يتابع Sotto في الخلفية.',
  },

  list: {
    label: 'المحادثات',
    settings: 'الإعدادات',
    fresh: 'محادثة جديدة',
    inviteSomeone: 'دعوة شخص',
    newGroup: 'مجموعة جديدة',
    joinWithLink: 'الانضمام برابط',
    draft: (text: string): string => `مسودة: ${text}`,
    lastLine: (line: LastLine, kind: ConversationKind): string =>
      lastLine(line, kind, {
        you: 'أنت',
        kinds: { poll: 'استطلاع', location: 'موقع', card: 'جهة اتصال', deleted: 'رسالة محذوفة' },
        files: filesLine,
      }),
    empty: 'لا شيء هنا بعد',
    unread: (count: number): string => `${number(count)} غير مقروءة`,
    waiting: (count: number): string => `${messages.alone(count)} في الانتظار`,
    failed: 'متوقفة',
    sections: 'الأقسام',
    sectionYou: 'أنت',
  },

  group: {
    title: 'مجموعة جديدة',
    name: 'اسم المجموعة',
    create: 'إنشاء المجموعة',
    nameMissing: 'أعطِ المجموعة اسمًا أولًا.',
    hint: 'يراه الأعضاء. ثم تدعو الناس.',
  },

  invite,
  request: {
    label: 'من يريدون الانضمام',
    wants: (name: string): string => `${isolated(name)} يريد الانضمام`,
    into: (name: string): string => `إلى ${isolated(name)}`,
    words: 'يرى كلاكما الكلمات الأربع نفسها. قارِناها بالصوت.',
    approve: 'موافقة',
    decline: 'رفض',
    away: 'ليس على اتصال الآن: جوابك ينتظره.',
  },

  people: ofPeople,
  conversation: {
    none: 'اختر محادثة، أو ابدأ واحدة جديدة.',
    unknown: 'هذه المحادثة ليست على هذا الجهاز.',
    log: (name: string): string => `الرسائل مع ${isolated(name)}`,
    details: 'التفاصيل',
    connectionDetails: 'تفاصيل الاتصال',
    truthLine: ({ truth: line, waitingCount, kind }: ConversationSummary): string =>
      waitingCount > 0 && kind !== 'self'
        ? `${truth(line)} · ${messages.alone(waitingCount)} على هذا الجهاز فقط`
        : truth(line),
    emptySelf: 'مكان لملاحظاتك. كل شيء هنا يعمل دون شبكة.',
    emptySelfInvite: 'تحدّث مع أحد: يكفي رابط أو رمز QR.',
    emptyDirect: (name: string): string => `يمكنك أنت و${isolated(name)} الكتابة الآن.`,
    emptyGroup: 'أنت وحدك هنا حتى الآن. ادعُ الناس برابط.',
    emptyGroupMany: 'لم يكتب أحد بعد.',
    newMessages: 'رسائل جديدة',
    toLatest: 'إلى الأحدث',
    late: (count: number): string => `وصل مما سبق: ${messages.alone(count)}`,
    newBelow: (count: number): string => `${number(count)} جديدة`,
    earlier: (count: number): string => `${messages.alone(count)} قبل هذه`,
    failed: (errorId: string): string =>
      `أوقف Sotto هذه المحادثة ليحميها. ما هو محفوظ هنا لم يُمسّ. الخطأ ${errorId}`,
    longWaiting: (name: string, heardAtMs: number | undefined, nowMs: number): string =>
      `${
        heardAtMs === undefined
          ? `لم يتصل ${isolated(name)} بعد.`
          : `آخر اتصال من ${isolated(name)}: ${moment(heardAtMs, nowMs)}.`
      } تصل هذه حين تكونان معًا على اتصال.`,
    longWaitingGroup: 'لا أحد غيرك على اتصال. تصل هذه حين يتصل أحد.',
  },

  ...ofMessages,
  ...composing,
  files,

  message: {
    ...ofMessages.message,
    delivery,
    mark: (state: DeliveryState): string => deliveryMarks[state],
    late: (item: MessageItem, nowMs: number): string =>
      `وصلت متأخرة: كُتبت ${moment(item.sentAtMs, nowMs)}، ووصلت ${moment(item.arrivedAtMs ?? item.sentAtMs, nowMs)}`,
    notice,
    gap: (count: number, name: string | undefined): string => {
      const from = name === undefined ? '' : ` من ${isolated(name)}`;
      return `لم تصل بعد: ${messages.alone(count)} سابقة${from}`;
    },
  },

  announcer: {
    message: (item: MessageItem): string =>
      announcement(item.author.name, ofMessages.message.content(item)),
    many: newMessages.alone,
  },

  members,

  connection: {
    label: 'الاتصال',
    title: 'تفاصيل الاتصال',
    offline: 'دون اتصال. يمكنك متابعة القراءة والكتابة؛ تخرج الرسائل لاحقًا.',
    starting: 'جارٍ الاستعداد للاتصال',
    connected: (directCount: number, relayedCount: number): string =>
      `متصل: ${[
        ...(directCount > 0 ? [`${number(directCount)} مباشرة`] : []),
        ...(relayedCount > 0 ? [`${number(relayedCount)} عبر مُرحِّل`] : []),
      ].join('، ')}`,
    alone: 'لا أحد غيرك على اتصال',
    noRelay: 'لا يمكن الوصول إلى أي مُرحِّل',
    noRelayRetry: (ms: number): string =>
      `لا يمكن الوصول إلى أي مُرحِّل: محاولة أخرى بعد ${seconds(ms)}`,
    noRelaySet: 'لا مُرحِّل بعد: أضف واحدًا في الإعدادات',
    connecting: 'جارٍ الاتصال',
    peers: 'الأطراف',
    direct: 'اتصال مباشر',
    relayed: 'عبر مُرحِّل',
    directNote: 'الاتصال المباشر من متصفح إلى متصفح. يرى الطرف الآخر عنوانك.',
    relays: 'المُرحِّلات',
    relayNote:
      'تساعد المُرحِّلات الأجهزة على أن يجد بعضها بعضًا وتحمل رسائل مختومة. لا تستطيع قراءتها.',
    noRelays: 'لا شيء',
    relayState: (relay: RelayView): string =>
      relay.isOwn ? `${relayState(relay)} · من هذه الصفحة` : relayState(relay),
    webRtc: 'WebRTC',
    webRtcYes: 'يعمل في هذا المتصفح',
    webRtcNo: 'مفقود في هذا المتصفح: كل شيء يمر عبر المُرحِّلات',
    network: 'الشبكة',
    networkOn: 'يقول هذا الجهاز إنه على اتصال',
    networkOff: 'يقول هذا الجهاز إنه دون اتصال',
    here: 'في هذه المحادثة',
    ...links,
    presence,
  },

  details: {
    title: 'التفاصيل',
    members: 'الأعضاء',
    trouble: memberTrouble,
    level: (level: MemberView['level']): string => levels[level],
    me: '(أنت)',
    presence,
    presenceShort: (value: Presence, nowMs: number): string => {
      if (value.kind === 'here') return 'هنا الآن';
      return value.kind === 'heard' ? `شوهد ${shortTime(value.atMs, nowMs)}` : 'غير معروف';
    },
    devices: devices.alone,
    invites: 'دعوات سارية',
    noInvites: 'لا شيء',
    inviteKind: ({ isOpen, options }: Pick<InviteView, 'isOpen' | 'options'>): string =>
      [
        isOpen ? 'كل من لديه الرابط' : 'بالموافقة',
        ...(options.level === 'member' ? [] : [levels[options.level]]),
      ].join(' · '),
    revoke: 'سحب',
    people: people.alone,
  },

  messageDetails,
  safety,

  settings: {
    title: 'الإعدادات',
    profile: 'الملف الشخصي',
    name: 'اسمك',
    nameHint: 'لا يراه إلا من تدعوه.',
    save: 'حفظ',
    saved: 'تم الحفظ',
    appearance: 'المظهر',
    theme: 'السمة',
    themes: { system: 'النظام', light: 'فاتح', dark: 'داكن', contrast: 'تباين' },
    accent: 'لون التمييز',
    accents: { teal: 'فيروزي', blue: 'أزرق', violet: 'بنفسجي', pink: 'وردي', green: 'أخضر' },
    density: 'الكثافة',
    densities: { comfortable: 'مريحة', compact: 'مضغوطة' },
    textSize: 'حجم النص',
    language: 'اللغة',
    languageSystem: 'النظام',
    languageOutOfReach: 'تعذّر جلب هذه اللغة. اتصل مرة ثم اخترها من جديد.',
    letterKeys: 'اختصارات من حرف واحد',
    letterKeysHint: 'فقط حيث يكون التركيز في القائمة أو الرسائل.',
    shortcuts: 'اختصارات لوحة المفاتيح',
    relays: 'المُرحِّلات',
    relaysHint:
      'يساعد المُرحِّل أجهزتك على إيجاد غيرها ويمرر الرسائل المختومة ما دام لا طريق مباشر. يرى العناوين، لا الرسائل.',
    relayAddress: 'عنوان المُرحِّل',
    relayExample: '/dns4/relay.example/tcp/443/wss/p2p/…',
    addRelay: 'إضافة مُرحِّل',
    removeRelay: (address: string): string => `إزالة ${isolated(address)}`,
    noRelays: 'لا مُرحِّل. تستطيع الأجهزة التحدث ما دامت متصلة مباشرة.',
    storage: 'التخزين',
    used: (used: number, quota: number): string => `${size(used)} من ${size(quota)} مستخدمة`,
    unmeasured: 'لا يقول هذا المتصفح كم من المساحة مستخدم.',
    kept: 'وعد هذا المتصفح بالاحتفاظ ببيانات Sotto.',
    notKept: 'قد يمسح هذا المتصفح بيانات Sotto حين تضيق المساحة.',
    keep: 'الاحتفاظ بالبيانات على هذا الجهاز',
    keepRefused: 'لم يعد المتصفح بذلك. تثبيت التطبيق أو كثرة استخدامه يجعله يوافق.',
    about: 'حول Sotto',
    version: (version: string): string => `الإصدار ${version}`,
    notAudited,
    promise:
      'تُشفَّر الرسائل على هذا الجهاز ولا تُقرأ إلا على أجهزة من في المحادثة. لا يستطيع أحد استعادتها لك: لا حساب ولا خادم يحتفظ بها.',
    licence: 'برنامج حر برخصة AGPL-3.0-or-later.',
  },

  shortcuts,
  search,
  goTo,
  panes,

  tab: {
    title: 'Sotto مفتوح في علامة تبويب أخرى',
    body: 'تتحدث علامة تبويب واحدة في كل مرة مع الآخرين. لا يضيع شيء: تستطيع هذه أن تتولى الأمر.',
    use: 'استخدام Sotto هنا',
  },

  troubles,
  noWebRtc: troubles['no-webrtc'],
  dismiss: 'إخفاء',
  commandErrors,
  inviteProblems,
  unusable: 'لا يستطيع Sotto أن يبدأ',
  conversationName: (conversation: Pick<ConversationSummary, 'kind' | 'name'>): string =>
    conversation.kind === 'self' ? 'ملاحظات لنفسي' : conversation.name,
};
