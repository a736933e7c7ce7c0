package io.llmaccounting.server.config;

import io.llmaccounting.sinks.Sink;
import io.llmaccounting.sinks.SinkSettings;
import java.util.function.Supplier;

/**
 * A sink that the server is to run.
 *
 * @param name its name
 * @param kind what it is
 * @param maker makes it; it does not connect, and does not fail
 * @param settings how it is run
 */
public record RunSink(String name, SinkKind kind, Supplier<Sink> maker, SinkSettings settings) {}
