package io.llmaccounting.server.config;

/**
 * How often may be asked, by each instance, whatever limits say.
 *
 * @param perAddress requests a second of one client address, 0 for any number
 * @param perKey requests a second of one key, 0 for any number
 */
public record RequestRates(int perAddress, int perKey) {
  /** Any number. */
  public static final RequestRates UNBOUNDED = new RequestRates(0, 0);
}
