/** ML-KEM-768 (FIPS 203, table 3), for what reads keys and ciphertexts and computes nothing. */
export const kemPublicKeyBytes = 1184;
export const kemSecretKeyBytes = 2400;
export const kemCiphertextBytes = 1088;
