/** What became of what a file says about where, when and with what it was made. */
export type Cleaning =
  | 'cleaned' // nothing of the camera is left
  | 'original' // as it was, because that was asked for
  | 'partly' // a film with a track that cannot be taken out
  | 'as-is'; // a kind of file that is not looked into
