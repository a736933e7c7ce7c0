package io.llmaccounting.server.config;

/**
 * A setting as it is in force.
 *
 * @param path its name
 * @param value its value as it is written; {@code ***} for a secret
 * @param source where it was given, or {@code default}
 */
public record Setting(String path, String value, String source) {}
