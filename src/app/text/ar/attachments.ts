/** الصور والفيديو والرسائل الصوتية والملفات. */
import type {
  AttachmentsLine,
  AttachmentState,
  AttachmentWait,
  FileOnItsWay,
} from '../../../core/api.ts';
import type { Cleaning } from '../../../media/cleaning.ts';
import type { CameraProblem } from '../../../media/camera.ts';
import type { MicrophoneProblem } from '../../../media/microphone.ts';
import type { ChoiceProblem } from '../../attachments/choice-problem.ts';
import type { Catalogue } from '../catalogue.ts';
import { filesText, fractionOf, sharedText } from '../common.ts';
import { isolated, number, percent, playTime, plural, size } from '../format.ts';
import { files as fileCounts, people } from './counts.ts';

const waits: Record<AttachmentWait, string> = {
  ask: 'لم يُجلب بعد',
  holder: 'لا أحد ممن لديهم الملف موجود الآن',
  'direct-path': 'ينتظر طريقًا مباشرًا',
  space: 'لا مساحة على هذا الجهاز',
};

const cleanings: Record<Cleaning, string> = {
  cleaned: 'أُزيلت بيانات المكان والكاميرا',
  original: 'الأصل: يحتفظ بمكان صنعه وزمانه وأداته',
  partly: 'أُزيلت بيانات المكان والكاميرا، إلا مسارًا خفيًا في هذا الفيديو',
  'as-is': 'تذهب الملفات كما هي، بما تقوله عن نفسها',
};

const problems: Record<ChoiceProblem, (name: string) => string> = {
  corrupt: (name) => `${name} تالف ولا يمكن عرضه.`,
  mislabelled: (name) => `${name} ليس ما يقوله اسمه.`,
  'too-many-pixels': (name) => `في ${name} أكثر من 50 مليون بكسل.`,
  empty: (name) => `${name} فارغ.`,
  unreadable: (name) => `لا يمكن قراءة ${name}.`,
  folder: (name) => `${name} مجلد. اختر الملفات التي فيه بدلًا منه.`,
  'too-many': (name) => `${name} أكثر مما تسعه رسالة واحدة. ضعه في الرسالة التالية.`,
};

const microphone: Record<MicrophoneProblem, string> = {
  denied: 'المتصفح لا يسمح لسوتو باستعمال الميكروفون. اسمح بذلك في إعدادات الموقع.',
  'no-microphone': 'لم يُعثر على ميكروفون. صِل واحدًا ثم حاول مرة أخرى.',
  unsupported: 'هذا المتصفح لا يستطيع التسجيل.',
};

const characterCount = (count: number): string =>
  plural(count, {
    zero: 'لا حروف',
    one: 'حرف واحد',
    two: 'حرفان',
    few: '# حروف',
    many: '# حرفًا',
    other: '# حرف',
  });

const camera: Record<CameraProblem, string> = {
  denied: 'لا يسمح المتصفح لـ Sotto باستخدام الكاميرا. اسمح بذلك في إعدادات الموقع.',
  'no-camera': 'لم يُعثر على كاميرا. صِل واحدة ثم حاول مرة أخرى.',
  unsupported: 'لا يستطيع هذا المتصفح استخدام الكاميرا.',
};

export const filesLine = (line: AttachmentsLine): string =>
  filesText(line, {
    one: { image: 'صورة', video: 'فيديو', voice: 'رسالة صوتية', file: 'ملف' },
    many: {
      image: (count) =>
        plural(count, { two: 'صورتان', few: '# صور', many: '# صورة', other: '# صورة' }),
      video: (count) =>
        plural(count, { two: 'مقطعا فيديو', few: '# مقاطع فيديو', other: '# مقطع فيديو' }),
      voice: (count) =>
        plural(count, { two: 'رسالتان صوتيتان', few: '# رسائل صوتية', other: '# رسالة صوتية' }),
      file: fileCounts.alone,
    },
  });

const giver = ({ isFromMailbox, fromCount }: FileOnItsWay): string =>
  isFromMailbox === true ? 'صندوق البريد' : people.after(fromCount);

const state = (of: AttachmentState, sizeBytes: number, isMine: boolean): string | undefined => {
  switch (of.kind) {
    case 'preparing':
      return 'قيد التحضير';
    case 'here':
      if (!isMine) return undefined;
      return sharedText(of, {
        sharing: (hundredths) => `قيد المشاركة ${percent(hundredths)}`,
        held: (count) => `لدى ${people.after(count)}`,
        nobody: 'قيد المشاركة · لم يصل إلى أحد بعد',
      });
    case 'fetching':
      return `يُجلب ${percent(fractionOf(of.doneBytes, sizeBytes))} من ${giver(of)}`;
    case 'waiting':
      return waits[of.for];
    case 'paused':
      return `متوقف عند ${percent(fractionOf(of.doneBytes, sizeBytes))}`;
  }
};

export const files: Catalogue['files'] = {
  line: filesLine,
  state,
  size,
  playTime,
  label: 'الصور والملفات',
  fetch: (name) => `جلب ${isolated(name)}`,
  pause: (name) => `إيقاف ${isolated(name)} مؤقتًا`,
  stop: (name) => `التوقف عن جلب ${isolated(name)}`,
  save: (name) => `حفظ ${isolated(name)}`,
  saving: (hundredths) => `يُحفظ ${percent(hundredths)}`,
  tooLarge: 'أكبر مما يستطيع هذا المتصفح حفظه. افتح سوتو في كروم أو إيدج على حاسوب.',
  notShown: 'لا يمكن عرض هذا هنا، ويمكن حفظه.',
  open: (name) => `فتح ${isolated(name)}`,
  playVideo: (name, ms) => `تشغيل ${isolated(name)}، ${playTime(ms)}`,
  move: (name) => `تشغيل الصورة المتحركة ${isolated(name)}`,

  tray: {
    label: 'الملفات المختارة',
    media: 'صورة أو فيديو',
    camera: 'التقاط صورة',
    file: 'ملف',
    preparing: 'قيد التحضير',
    remove: (name) => `إزالة ${isolated(name)}`,
    earlier: (name) => `تقديم ${isolated(name)}`,
    later: (name) => `تأخير ${isolated(name)}`,
    total: (count, bytes) => `${fileCounts.alone(count)} · ${size(bytes)}`,
    cleaning: (of) => cleanings[of],
    original: 'إرسال الأصل',
    originalHint: 'يحتفظ بمكان صنع الصور والفيديو وزمانه وأداته.',
    untilClosed: 'تبقى الملفات المختارة حتى تُغلق هذه الصفحة.',
    problem: (of, name) => problems[of](isolated(name)),
    isLong: (count) => `نص من ${characterCount(count)}`,
    asFile: 'إرسال كملف',
    textName: 'نص',
  },
  drop: {
    to: (name) => `إرسال إلى ${isolated(name)}`,
    hint: 'مفتاح Esc يلغي',
  },
  viewer: {
    position: (at, count) => `${number(at)} من ${number(count)}`,
    previous: 'الصورة السابقة',
    next: 'الصورة التالية',
    zoomIn: 'تكبير',
    zoomOut: 'تصغير',
  },
  voice: {
    record: 'تسجيل رسالة صوتية',
    name: 'رسالة صوتية',
    recording: (ms) => `يُسجَّل ${playTime(ms)}`,
    paused: (ms) => `متوقف ${playTime(ms)}`,
    asking: 'بانتظار الميكروفون',
    pause: 'إيقاف التسجيل مؤقتًا',
    resume: 'متابعة التسجيل',
    finish: 'الاستماع أولًا',
    cancel: 'التخلص من التسجيل',
    send: 'إرسال الرسالة الصوتية',
    play: 'تشغيل الرسالة الصوتية',
    stop: 'إيقاف الرسالة الصوتية مؤقتًا',
    position: 'الموضع',
    speed: (rate) => `السرعة ${number(rate)}×`,
    rate: (rate) => `${number(rate)}×`,
    player: 'مشغّل الرسالة الصوتية',
    from: (name) => `رسالة صوتية من ${isolated(name)}`,
    close: 'إيقاف وإغلاق',
    problem: (of) => microphone[of],
    unusable: 'لم يُسجَّل شيء. حاول مرة أخرى.',
  },
  camera: {
    name: 'صورة',
    asking: 'في انتظار الكاميرا',
    take: 'التقاط',
    problem: (of) => camera[of],
  },
  shared: {
    title: 'إرسال إلى…',
    leftOut: (count) =>
      `لم يُؤخذ بعض الملفات (${number(count)}): عددها كبير أو حجمها، أو لا مساحة على هذا الجهاز.`,
    discard: 'تجاهل',
  },
  rules: {
    title: 'التنزيل التلقائي',
    kinds: { image: 'الصور', voice: 'الرسائل الصوتية', video: 'الفيديو', file: 'ملفات أخرى' },
    size: 'أكبر ملف',
    onMetered: 'على الاتصال محدود البيانات أيضًا',
    treatAsMetered: 'اعتبار هذا الاتصال محدود البيانات',
    treatAsMeteredHint: 'حين تكلّف البيانات مالًا ولا يعلم المتصفح ذلك.',
    isMetered: 'يقول المتصفح إنه كذلك.',
    asInSettings: 'كما في الإعدادات',
    own: 'قواعد خاصة',
  },
  gallery: {
    title: 'الصور والملفات',
    none: 'لا شيء هنا بعد.',
    used: (bytes) => `${size(bytes)} على هذا الجهاز`,
    free: 'توفير مساحة',
    freeHint: 'يزيل الملفات من هذا الجهاز. يمكن جلبها من جديد ما دامت لدى أحد.',
  },
};
