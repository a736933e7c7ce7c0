package io.llmaccounting.backend;

import io.llmaccounting.usage.RecordedUsage;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What became of the records of a batch.
 *
 * @param fresh ids that were not there and are stored now; only these are booked
 * @param twins for every other id the record that has its id or its key already
 */
public record StoredRecords(Set<UUID> fresh, Map<UUID, RecordedUsage> twins) {}
