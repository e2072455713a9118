#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <tiffio.h>

/* What libtiff said last of a handle. */
typedef struct {
  char text[480];
} nd2_tiff_message;

/* Private tags of ImageJ: sizes of the parts of its metadata, and the parts. */
#define ND2_TIFFTAG_IJ_BYTE_COUNTS 50838
#define ND2_TIFFTAG_IJ_METADATA 50839

/* libtiff 4.5 and later tell the errors of each handle apart; before that they are lost, because
   its handlers belong to the whole process. Nothing is ever printed. */
#if defined(TIFFLIB_AT_LEAST)
#define ND2_TIFF_HAS_OPTIONS 1
static int nd2_tiff_on_error(TIFF *tiff, void *data, const char *module, const char *format,
                             va_list arguments) {
  nd2_tiff_message *message = (nd2_tiff_message *)data;
  (void)tiff;
  (void)module;
  if (message != NULL) vsnprintf(message->text, sizeof message->text, format, arguments);
  return 1;
}

static int nd2_tiff_on_warning(TIFF *tiff, void *data, const char *module, const char *format,
                               va_list arguments) {
  (void)tiff;
  (void)data;
  (void)module;
  (void)format;
  (void)arguments;
  return 1;
}
#endif

/* Opens a file that is read and written by functions. The message must live as long as the handle. */
static inline TIFF *nd2_tiff_open(const char *name, const char *mode, thandle_t client,
                                  TIFFReadWriteProc read, TIFFReadWriteProc write,
                                  TIFFSeekProc seek, TIFFCloseProc close, TIFFSizeProc size,
                                  nd2_tiff_message *message) {
#if defined(ND2_TIFF_HAS_OPTIONS)
  TIFF *tiff;
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  if (options == NULL) return NULL;
  TIFFOpenOptionsSetErrorHandlerExtR(options, nd2_tiff_on_error, message);
  TIFFOpenOptionsSetWarningHandlerExtR(options, nd2_tiff_on_warning, message);
  tiff = TIFFClientOpenExt(name, mode, client, read, write, seek, close, size, NULL, NULL, options);
  TIFFOpenOptionsFree(options);
  return tiff;
#else
  (void)message;
  TIFFSetErrorHandler(NULL);
  TIFFSetWarningHandler(NULL);
  return TIFFClientOpen(name, mode, client, read, write, seek, close, size, NULL, NULL);
#endif
}

/* Functions with a variable number of arguments cannot be called from Swift. */

static inline int nd2_tiff_set_short(TIFF *tiff, uint32_t tag, uint16_t value) {
  return TIFFSetField(tiff, tag, (int)value);
}

static inline int nd2_tiff_set_long(TIFF *tiff, uint32_t tag, uint32_t value) {
  return TIFFSetField(tiff, tag, value);
}

static inline int nd2_tiff_set_double(TIFF *tiff, uint32_t tag, double value) {
  return TIFFSetField(tiff, tag, value);
}

static inline int nd2_tiff_set_text(TIFF *tiff, uint32_t tag, const char *value) {
  return TIFFSetField(tiff, tag, value);
}

static inline int nd2_tiff_set_subdirectories(TIFF *tiff, uint16_t count, const uint64_t *places) {
  return TIFFSetField(tiff, TIFFTAG_SUBIFD, (int)count, places);
}

/* Sets the metadata of ImageJ, whose tags libtiff does not know by itself. */
static inline int nd2_tiff_set_imagej(TIFF *tiff, uint32_t partCount, const uint32_t *partSizes,
                                      uint32_t byteCount, const uint8_t *bytes) {
  static const TIFFFieldInfo fields[] = {
    {ND2_TIFFTAG_IJ_BYTE_COUNTS, TIFF_VARIABLE2, TIFF_VARIABLE2, TIFF_LONG, FIELD_CUSTOM, 1, 1,
     (char *)"IJMetadataByteCounts"},
    {ND2_TIFFTAG_IJ_METADATA, TIFF_VARIABLE2, TIFF_VARIABLE2, TIFF_BYTE, FIELD_CUSTOM, 1, 1,
     (char *)"IJMetadata"},
  };
  if (TIFFMergeFieldInfo(tiff, fields, 2) != 0) return 0;
  return TIFFSetField(tiff, ND2_TIFFTAG_IJ_BYTE_COUNTS, partCount, partSizes) &&
         TIFFSetField(tiff, ND2_TIFFTAG_IJ_METADATA, byteCount, bytes);
}

static inline int nd2_tiff_get_long(TIFF *tiff, uint32_t tag, uint32_t *value) {
  return TIFFGetFieldDefaulted(tiff, tag, value);
}

static inline int nd2_tiff_get_short(TIFF *tiff, uint32_t tag, uint16_t *value) {
  return TIFFGetFieldDefaulted(tiff, tag, value);
}

static inline int nd2_tiff_get_float(TIFF *tiff, uint32_t tag, float *value) {
  return TIFFGetField(tiff, tag, value);
}

static inline const char *nd2_tiff_get_text(TIFF *tiff, uint32_t tag) {
  const char *value = NULL;
  return TIFFGetField(tiff, tag, &value) ? value : NULL;
}

static inline uint16_t nd2_tiff_get_subdirectories(TIFF *tiff, const uint64_t **places) {
  uint16_t count = 0;
  return TIFFGetField(tiff, TIFFTAG_SUBIFD, &count, places) ? count : 0;
}
