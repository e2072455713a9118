#include <isa-l/igzip_lib.h>
#include <stddef.h>
#include <stdlib.h>

/// A coder with its tables, at the library's highest level.
struct nd2_isal {
  struct isal_zstream stream;
  uint8_t level_buffer[ISAL_DEF_LVL3_LARGE];
};

/// A coder, or NULL without memory.
static inline struct nd2_isal *nd2_isal_create(void) {
  return (struct nd2_isal *)malloc(sizeof(struct nd2_isal));
}

/// Gives a coder back.
static inline void nd2_isal_free(struct nd2_isal *coder) { free(coder); }

/// Most bytes that encoding takes: stored blocks and the frame around them.
static inline size_t nd2_isal_bound(size_t count) { return count + count / 1024 + 4096; }

/// Encodes bytes as one gzip member or zlib stream; 0 when there is not enough room.
static inline size_t nd2_isal_compress(
    struct nd2_isal *coder, int is_gzip, const void *input, size_t count, void *output,
    size_t capacity) {
  if (count > UINT32_MAX || capacity > UINT32_MAX) return 0;
  isal_deflate_stateless_init(&coder->stream);
  coder->stream.level = 3;
  coder->stream.level_buf = coder->level_buffer;
  coder->stream.level_buf_size = sizeof(coder->level_buffer);
  coder->stream.gzip_flag = is_gzip ? IGZIP_GZIP : IGZIP_ZLIB;
  coder->stream.end_of_stream = 1;
  coder->stream.flush = NO_FLUSH;
  coder->stream.next_in = (uint8_t *)input;
  coder->stream.avail_in = (uint32_t)count;
  coder->stream.next_out = (uint8_t *)output;
  coder->stream.avail_out = (uint32_t)capacity;
  if (isal_deflate_stateless(&coder->stream) != COMP_OK || coder->stream.avail_in != 0) return 0;
  return coder->stream.total_out;
}
