package io.llmaccounting.client.internal.spool;

/**
 * A record that waits on the disk.
 *
 * @param json the call, as it is sent
 * @param settles whether it settles the hold that has its id
 */
@SuppressWarnings("ArrayRecordComponent") // it is written once and sent
public record SpooledRecord(byte[] json, boolean settles) {}
