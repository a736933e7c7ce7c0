package io.llmaccounting.client.internal.recording;

import java.time.Duration;

/**
 * How records go to the server.
 *
 * @param timeout the longest that a caller waits
 * @param buffered whether callers wait for the server at all
 * @param mostRecords how many records wait in memory at most
 * @param mostBytes how large they are together at most
 * @param batchRecords how many are sent at once
 * @param batchAge how long the oldest waits for others, where callers do not wait
 * @param requests how many requests with records are under way at once
 */
public record RecordingSettings(
    Duration timeout,
    boolean buffered,
    int mostRecords,
    long mostBytes,
    int batchRecords,
    Duration batchAge,
    int requests) {}
