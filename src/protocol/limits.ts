/**
 * Every limit of the protocol and the core, in one place, with its unit in its name.
 * PROTOCOL numbers: SPEC.md §Limits. What is to fit in what: tests/unit/protocol/limits.test.ts.
 */
const kib = 1024;
const mib = 1024 * kib;
const secondMs = 1000;
const minuteMs = 60 * secondMs;
const dayMs = 24 * 60 * minuteMs;

export const limits = {
  // what one entry may be
  textBytesMax: 24 * kib, // of one text message as UTF-8
  bodyBytesMax: 32 * kib, // of one decoded body
  contentBytesMax: 28 * kib, // of one payload that people wrote, encoded
  frameBytesMax: 40 * kib, // of one envelope
  cborDepthMax: 16,
  opsPayloadBytesMax: 24 * kib, // of one `ops` entry or one welcome part
  opBytesMax: 24 * kib,
  depsMax: 32,
  entryTypeBytesMax: 32,
  opsPerPayloadMax: 256, // items of one `ops` entry
  readMarksMax: 256, // people named by one receipt
  sealBoxesMax: 24,
  nameBytesMax: 256, // of a person or a group
  linkCharsMax: 2048,

  // what people write and do with messages
  mentionsMax: 32, // of one text
  emojiBytesMax: 64,
  emojiPerPersonMax: 20, // of one person to one message
  pollQuestionBytesMax: 1 * kib,
  pollOptionsMin: 2,
  pollOptionsMax: 12,
  pollOptionBytesMax: 256,
  timerMinMs: 5 * secondMs, // of a message that disappears
  timerMaxMs: 366 * dayMs,
  pinsShownMax: 100,
  scheduledMax: 100, // messages of one conversation that go out later
  scheduledAheadMaxMs: 366 * dayMs,
  scheduledCheckMs: 30 * secondMs, // a device that slept finds at the latest then what is due
  hiddenMax: 10_000, // messages deleted on this device alone, of one conversation
  keysPerCommandMax: 100, // messages of one command
  forwardedMax: 200, // messages times conversations of one command

  // logs
  entriesPerEpochSoftMax: 4096,
  bytesPerEpochSoftMax: 2 * mib,
  seqMax: 8192, // exclusive
  incarnationsMax: 8,
  closesMax: 256, // logs closed by one bind
  lamportStepMax: 2 ** 20, // that one entry may add to the ceiling
  lamportSpanMax: 2 ** 32, // of one epoch above its base
  unsignedRunMax: 7, // entries that may follow before one whose signature is valid
  unsignedRunBytesMax: 24 * kib,
  packedEntriesMin: 128, // of one log in memory, before they move together
  segmentEntriesMax: 4096,
  segmentBytesMax: 2 * mib,
  segmentRowsMax: 500, // updates stored one by one before they are merged into one

  // storage
  commitWritesMax: 100, // writes of several commits that share one transaction
  commitsWaitingMax: 4096,

  // what waits
  opsMax: 20_000, // of one conversation, taken from others: graph, view and disk grow with them
  waitingOpsMax: 1000, // per peer: ops whose parents have not arrived
  parentsMax: 16,
  outboxMax: 10_000, // own messages not yet appended, per conversation
  queueWaitingMax: 1000, // tasks waiting for one conversation
  commandsWaitingMax: 256, // of a window, until all of the core's code is there
  requestsMax: 64, // people waiting for a yes
  roomWritersMax: 2560, // logs in one invite's room: whoever has the link may write there
  roomStrangerWritersMax: 256, // of these, by all links of devices that are no member's
  roomBytesMax: 16 * mib,

  // sizes of things
  devicesMax: 256,
  hybridDevicesMax: 50,
  conversationsMax: 500,
  livingInvitesMax: 64,
  invitePartsMax: 64,
  inviteLifeMs: 7 * dayMs,
  inviteLifeMaxMs: 365 * dayMs,
  relaysPerInviteMax: 3,
  relaysMax: 8,
  relayAddressBytesMax: 256,
  directAddressesMax: 2, // at which one peer says that it listens
  directAddressBytesMax: 80,
  identityEntriesMax: 64, // of one identity log
  idLogHeadsMax: 32, // named by one epoch op
  prekeyBundleBytesMax: 2 * kib,
  bundlesPerOpMax: 16, // prekeys of one person in one control op or join request
  cutEpochsMax: 64, // epochs named by one removal
  cutHeadsMax: 64, // writers named for one of them
  forkRunMax: 8, // skeletons on each side of a fork proof
  welcomeOpsMax: 8192,
  welcomeSealsMax: 256, // of the new epoch, and of older ones
  welcomeOlderEpochsMax: 64, // whose secrets one welcome brings; members hand over the rest
  welcomeOpsBesideMin: 64, // told one by one beside an open welcome before it is written anew
  welcomePartsKeptMax: 1024, // of one invite that is followed
  inviteUsesDefault: 256,
  inviteUsesMax: 1_000_000,

  // sync
  syncTagsMax: 1024, // epochs offered in one greeting
  syncEpochsMax: 512, // epochs named in one vector frame
  syncRowsMax: 4096,
  syncOpIdsMax: 16_384,
  syncReplyBytesMax: 1 * mib,
  syncReplyRelayedBytesMax: 32 * kib,
  syncRunRelayedBytesMax: 64 * kib,
  syncFrameBytesMax: 1 * mib + 64 * kib, // of one frame on a link
  syncUnconfirmedMax: 4096, // entries of one epoch sent and not confirmed
  vectorDelayMs: 300, // to who sent what came in
  vectorOthersDelayMs: 1500, // to everybody else
  forwardDelayMs: 2 * secondMs, // and twice that at most, before what others wrote goes on
  vectorCrowdDelayMs: 1200, // the same three among more devices than `smallGroupDevicesMax`
  vectorOthersCrowdDelayMs: 5 * secondMs,
  forwardCrowdDelayMs: 6 * secondMs,
  offersGatherMs: secondMs, // while conversations come back from disk, one after another
  peersDelayMs: 50, // between two words of who is at hand and what they hold
  catchUpPatienceMs: 5 * secondMs, // after a hello, whatever is still missing
  resendMs: 10 * secondMs,
  arrivalsTogetherMax: 128, // entries of several links that are taken up at once
  liveEntriesMax: 20, // more at once is catching up, and is not announced one by one

  // live
  liveBurstMax: 50, // frames per writer
  livePerSecondMax: 5,
  liveWritersMax: 1024, // remembered for their rate
  rejectsPerSecondMax: 200,
  gossipBurstMax: 2000, // frames of one peer that are looked at
  gossipPerSecondMax: 1000,
  denyMs: 10 * minuteMs,
  gossipVerdictMs: 500,
  gossipAlwaysDevicesMax: 4, // in larger groups only where links do not reach everybody
  topicsMax: 800,
  meetingsPerRelayMax: 2048,
  meetingBlobBytesMax: 512,
  peerIdBytesMax: 128,
  meetingTtlMs: 30 * minuteMs,
  wantedPeersMax: 48,
  foundPeersMax: 192, // remembered, so that who leaves makes room for another
  foundPerEpochMax: 96, // of those

  // people
  statusCharsMax: 140,
  statusBytesMax: 140 * 4,
  pictureBytesMax: 16 * kib,
  picturePixelsMax: 512, // of a side
  profilesKeptMax: 8, // of one person in one conversation, the latest
  blockedMax: 1024,
  forgottenEpochsMax: 64, // of one conversation that was erased
  forgetGraceMs: 5 * secondMs, // for a leave to reach somebody
  contactRequestsMax: 32, // of strangers, that wait for an answer
  contactOffersMax: 32, // to strangers who have not answered
  messageKeyBytesMax: 128,
  receiptDelayMs: 2 * secondMs, // so that what is read in one go is told at once
  profileAgainMs: 6 * 60 * minuteMs, // in a large group, with what its person says
  receiptGroupDelayMs: 10 * secondMs, // the same among more devices than `smallGroupDevicesMax`
  smallGroupDevicesMax: 16,
  readMarksKeptMax: 256, // of one reader, the newest
  readLogsMax: 1024, // logs of others of which it is remembered how far they were read
  lateListedMax: 100, // unread messages that came in before what was read
  readScanMax: 4096, // newest items looked at for what to tell of

  // signals
  signalBytesMax: 512,
  signalLifeMaxMs: 30 * secondMs,
  clockSkewMaxMs: 5 * minuteMs, // between two devices, for what holds a moment
  signalBurstMax: 64, // of one conversation, before their signatures are looked at
  signalsPerSecondMax: 32,
  deviceSignalBurstMax: 5,
  deviceSignalsPerSecondMax: 1,
  typingToldEachMs: 3 * secondMs,
  typingShownMs: 5 * secondMs,

  // attachments
  attachmentsMax: 20, // of one message
  fileBytesMax: 2 * 1024 * mib, // of one attachment
  fileNameBytesMax: 255,
  mediaTypeBytesMax: 127,
  previewBytesMax: 48 * kib, // of the small picture that goes ahead of a file
  thumbhashBytesMax: 32,
  peaksMax: 64, // of a voice message, one byte each
  pictureSideMax: 32_768,
  attachedPixelsMax: 50_000_000, // of a picture that is drawn: decoded, four bytes each
  imageBytesMax: 64 * mib, // of a picture that is cleaned and shown; larger ones are handed over as they are
  movieHeaderBytesMax: 32 * mib, // of a film that is cleaned
  movieEmptiedBytesMax: 128 * mib, // of what is taken out of it
  shownBytesMax: 64 * mib, // of what is shown or played, in memory as a whole; beyond this it is only saved
  sharedBytesMax: 512 * mib, // of files from other programs that wait for a conversation
  sharedTextCharsMax: 16_000,
  downloadBytesMax: 512 * mib, // of what is saved where the browser lets nobody choose a place
  previewSidePixels: 480,
  durationMsMax: 7 * dayMs,
  chunkBytes: 64 * kib, // of plaintext in one chunk
  sealedChunkBytesMax: 64 * kib + 16, // the same as it is stored and sent
  paddedFileBytesMin: 1 * kib,
  chunkIdsInlineMax: 16, // in the message itself; more are in index chunks
  chunkIdsPerIndexMax: 2047,
  readBytesMax: 1 * mib, // of one answer with plaintext of a file
  messagesPerPageMax: 200, // of one answer with what is written in a conversation
  aheadPatienceMs: 20 * secondMs, // for a range of a file that is watched while it comes
  aheadReadsMax: 16, // such ranges that are waited for at a time
  autoFetchBytesMax: 1 * mib, // a file that comes without being asked for
  autoBytesPerConversationMax: 256 * mib, // of files that came without being asked for
  blobsPerConversationMax: 10_000, // on this device
  blobAskedMax: 256, // files of one question to a peer
  blobWantedMax: 16, // chunks of one file that one holder is asked for at a time
  blobHoldersMax: 4, // that one file is fetched from at a time
  blobAskedOfMax: 2, // holders that are asked for the same chunk at a time
  blobsFetchedMax: 2, // files at a time, of those that were asked for
  blobsComingMax: 2, // the same, of those that come by themselves
  blobServedAtOnceMax: 4, // chunks that are read, checked and sent to one peer at the same time
  blobServedMax: 64, // chunks that one peer may have asked for and not got
  blobFrameBytesMax: 72 * kib,
  dataChannelMessageBytesMax: 80 * kib, // so that a chunk is one; browsers take 256 KiB, libp2p sends 16 unless told
  blobWaitingMax: 256, // frames of one peer that wait to be looked at
  blobFramesBurst: 512, // frames of one peer that are no chunk we asked for
  blobFramesPerSecond: 128,
  blobPatienceMs: 10 * secondMs, // with a holder that was asked and gives nothing
  blobLateMs: 2 * secondMs, // before somebody else is asked for the last chunks as well
  blobTurnMs: 20 * secondMs, // of one file, where others wait
  blobRetryMs: 30 * secondMs, // before a holder that did not answer is asked again
  blobRestMaxMs: 10 * minuteMs, // the same, when it did not answer again and again
  blobFaultsMax: 3, // times in a row that a holder does not answer, before it rests
  blobTellMs: 2 * secondMs, // between two words on how much of a file is here
  blobLookMs: 200, // so that what changes at once is looked at once
  blobLoadMs: 2 * secondMs, // after the start, what serves files is loaded
  blobWriteBytesMax: 1 * mib, // of chunks that are written at once

  // stickers
  stickerBytesMax: 48 * kib, // of one picture: small enough to be its own preview
  stickerSidePixels: 512,
  stickersPerPackMax: 48,
  stickerPackBytesMax: 2 * mib + 512 * kib, // of one pack, as a file
  stickersCollectedMax: 192, // kept one by one
  stickerPacksMax: 64, // on this device
  stickersKeptBytesMax: 64 * mib,
  stickerSavesWaitingMax: 16,

  // links and relays
  linksMax: 96, // peers a node keeps at a time, wanted or not
  linkWaitingMax: 256, // frames waiting for one link to take them, or to be looked at
  linkWaitingBytesMax: 32 * mib, // of frames waiting to be looked at
  strangerWaitingBytesMax: 2 * mib, // the same, from who has not proved to be anybody
  relayedLinkBytesMax: 96 * kib, // after this, or after relayedLinkMs, a relayed link is replaced
  relayedLinkMs: 90 * secondMs,
  peersDeniedMax: 1024,
  circuitBytesMax: 512 * kib, // of one relayed connection through our relay, both ways
  circuitMs: 2 * minuteMs,
  meetingPeersPerKeyMax: 100,
  meetingRequestBytesMax: 1200 * kib, // a full registration
  meetingReplyBytesMax: 256 * kib, // what does not fit follows in the next reply
  meetingStoreBytesMax: 64 * mib, // of everything registered at one relay

  // mailboxes
  mailboxEntriesMax: 8192, // of one mailbox
  mailboxBytesMax: 8 * mib,
  mailboxWritersMax: 512,
  mailboxWriterEntriesMax: 4608, // of one writer in it
  mailboxWriterBytesMax: 4 * mib,
  mailboxAddressWritersMax: 256, // writers of one mailbox that came from one address
  mailboxSharesMax: 16_384, // mailboxes of which a relay remembers where their writers came from
  mailboxAddressBytesMax: 64 * mib, // written from one address in a day
  mailboxUpdateBytesMax: 256 * kib, // of the entries in one request or reply
  mailboxLeftBytesMax: 96 * kib, // of one upload, so that a slow line takes it in time
  mailboxFrameBytesMax: 384 * kib,
  mailboxLifeMs: 30 * dayMs, // so long one is kept that nobody writes into
  mailboxFileBytesMax: 5 * mib, // of one file that is left there whole; of others the preview is
  mailboxChunksBytesMax: 32 * mib, // of chunks of files in one mailbox
  mailboxWriterChunksBytesMax: 16 * mib, // of one writer in it
  mailboxChunkIdsMax: 128, // asked about at once
  mailboxChunksTakenMax: 4, // of one reply
  mailboxChunkLifeMs: 14 * dayMs,
  mailboxFilesMs: 2 * secondMs, // between two looks at what is to be left and fetched there
  mailboxFilesAgainMs: 30 * secondMs, // after one that gave nothing, and twice as long each time
  mailboxFilesAgainMaxMs: 30 * minuteMs,
  mailboxFilesAtOnce: 32, // that one look asks for
  mailboxesPolledMax: 512,
  mailboxWaitingMax: 256, // requests that wait for the disk
  mailboxPollMs: 15 * secondMs,
  mailboxRetryMs: 5 * secondMs, // after a request that was not answered
  mailboxGatherMs: 200, // so that what is written at once is uploaded at once

  // epochs
  epochAgeMaxMs: 7 * dayMs,
  turnAgeMaxMs: dayMs, // of an epoch of two people, when one answers the other
  turnEntriesMax: 200,
  prekeyAgeMaxMs: 7 * dayMs,
  prekeysKeptMax: 64, // of this device in one scope
  sealsWaitingMax: 64, // epochs whose seals wait, of one device that brought them
  sealsPerEpochMax: 16, // of one epoch, from one device
  sealSourcesMax: 512, // devices whose seals wait
  complaintDelayMs: 3 * secondMs, // for a box that is on its way
  complaintsLookedAt: 256, // newest operations of a conversation
  epochJitterMaxMs: 2 * secondMs,

  // at rest
  storageRetryMs: 5 * secondMs, // after a failed write
  journalPruneMs: 2 * secondMs,
  deliveryDelayMs: 100, // between what others say they hold and its record
  deliveryCrowdDelayMs: secondMs, // the same among more devices than `smallGroupDevicesMax`
  deliveryRowsMax: 8192, // devices × own logs of one conversation, the newest
  recordBytesMax: 4 * mib, // of one sealed record

  // erasing
  eraseBatchMax: 64, // entries in one transaction
  absenceMaxMs: 366 * dayMs, // that a wall clock is believed
  eraseLookMinMs: secondMs,
  eraseLookMaxMs: 60 * minuteMs, // between two looks at what is due

  // opening
  readableRestMs: 100, // between what can be read already and all that comes before it
  foldBatchMax: 128, // entries from disk that are read before others have their turn
  summaryAgeMaxMs: minuteMs, // before it is made anew, though nothing was told
  summariesRemadeMax: 20, // of those, at a time
  summaryKeepMs: secondMs, // after a change of what the list shows

  // screen
  pastGroupsMax: 8, // groups made one out of another whose messages are shown together
  timelineWindow: 60, // items that a timeline opens with
  timelineStep: 20, // items that come when one scrolls to an edge: no frame has more to draw
  timelineShownMax: 240, // beyond it as many go away far from the reader
  openerRestMs: 500, // after somebody went to a conversation, before more is opened in the background
  openerBreathMs: 150, // the same after anything else that somebody asked for
  stateDelayMs: 50,
  openedTellMs: 500, // before the list says what opening conversations in the background changed
  gapLogsMax: 256, // logs of which something is named and not here, per conversation
  gapsShownMax: 16,
  timelineDelayMs: 16, // between two changes of the open timeline
} as const;
