package io.llmaccounting.backend;

import java.time.Instant;
import java.util.UUID;

/**
 * A record that a receiver will never take: a dead letter.
 *
 * @param sink the sink's name
 * @param usageId the record's id
 * @param at when it was refused
 * @param reason what the receiver said, without names of users
 */
public record RefusedDelivery(String sink, UUID usageId, Instant at, String reason) {}
