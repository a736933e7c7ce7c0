package io.llmaccounting.sinks;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What this process has done for a sink since it was started.
 *
 * @param name the sink's name
 * @param delivered how many records were taken
 * @param refused how many will never be
 * @param failures how many attempts failed
 * @param holding true if this process is the one that delivers to it at present
 * @param error why the last attempt failed, or null if none did since something was delivered
 * @param deliveredAt when something was last delivered, or null
 */
public record SinkProgress(
    String name,
    long delivered,
    long refused,
    long failures,
    boolean holding,
    @Nullable String error,
    @Nullable Instant deliveredAt) {}
