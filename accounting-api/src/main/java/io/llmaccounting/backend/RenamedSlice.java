package io.llmaccounting.backend;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction renamed.
 *
 * @param records how many records
 * @param last the id of the last of them, or where the slice began if there was none
 * @param done true if no record is left behind it
 */
public record RenamedSlice(int records, @Nullable UUID last, boolean done) {}
