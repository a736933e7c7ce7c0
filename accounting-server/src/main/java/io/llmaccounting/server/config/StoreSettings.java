package io.llmaccounting.server.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the server keeps what it records.
 *
 * @param place a file of SQLite, or a URL of PostgreSQL
 * @param user the role at PostgreSQL, or null
 * @param password its password, or null
 * @param schema the schema at PostgreSQL, or null for the default
 * @param spool the folder that keeps records while the store is away, or null for none
 */
public record StoreSettings(
    String place,
    @Nullable String user,
    @Nullable Secret password,
    @Nullable String schema,
    @Nullable Path spool) {}
