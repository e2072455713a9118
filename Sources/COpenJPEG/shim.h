#include <openjpeg.h>

/* Whether a codestream that is cut off is refused. Before 2.5 the library never refused one. */
static inline OPJ_BOOL nd2_set_strict_decoding(opj_codec_t *codec, OPJ_BOOL is_strict) {
#if OPJ_VERSION_MAJOR > 2 || (OPJ_VERSION_MAJOR == 2 && OPJ_VERSION_MINOR >= 5)
  return opj_decoder_set_strict_mode(codec, is_strict);
#else
  (void)codec;
  (void)is_strict;
  return OPJ_TRUE;
#endif
}
