package io.llmaccounting.backend;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of a {@link PurgeSlice}.
 *
 * @param records how many were removed
 * @param last the id to go on after, null to start over
 * @param done true if no record that the slice selects is left
 */
public record PurgedSlice(long records, @Nullable UUID last, boolean done) {}
