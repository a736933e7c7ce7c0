package io.llmaccounting.server.config;

import io.llmaccounting.health.ErrorPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * All that the server is told.
 *
 * @param listening where it listens
 * @param store where it keeps what it records
 * @param gateway how requests are treated
 * @param errorPolicy whether calls go on when they cannot be recorded
 * @param buffered whether records wait in memory, to be stored many at a time
 * @param drain how long requests under way may take while the server stops
 * @param sealing the key that credentials are encrypted with, or null for the one beside the store
 */
public record ServerSettings(
    Listening listening,
    StoreSettings store,
    GatewaySettings gateway,
    ErrorPolicy errorPolicy,
    boolean buffered,
    Duration drain,
    @Nullable Secret sealing) {}
