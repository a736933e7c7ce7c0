package io.llmaccounting.bench;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row as the bare loops write it.
 *
 * @param id the id, null where the table has none
 * @param numbers the columns of numbers
 * @param texts the columns of texts
 * @param blob the column of bytes, null where there is none
 */
// the arrays are handed to the driver and never changed
@SuppressWarnings("ArrayRecordComponent")
record PlainRow(@Nullable UUID id, long[] numbers, String[] texts, byte @Nullable [] blob) {
  PlainRow(@Nullable UUID id, long[] numbers, String[] texts) {
    this(id, numbers, texts, null);
  }
}
