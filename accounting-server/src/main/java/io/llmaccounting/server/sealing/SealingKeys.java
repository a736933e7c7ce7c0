package io.llmaccounting.server.sealing;

import io.llmaccounting.server.config.SealingKeyRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The key that is sealed with, and those that were before. Immutable. */
public final class SealingKeys {
  private final Map<String, SealingKey> byId;
  private final SealingKey current;

  private SealingKeys(List<SealingKey> keys) {
    byId = new LinkedHashMap<>();
    keys.forEach(key -> byId.putIfAbsent(key.id(), key));
    current = keys.get(0);
  }

  /** These keys, the current one first. */
  public static SealingKeys of(SealingKey current, SealingKey... former) {
    List<SealingKey> keys = new ArrayList<>(List.of(current));
    keys.addAll(List.of(former));
    return new SealingKeys(keys);
  }

  /**
   * Reads keys: the current one, then former ones, with commas or lines between them.
   *
   * @throws SealingException if one is no key, or there is none
   */
  public static SealingKeys parse(String text) {
    List<SealingKey> keys = SealingKeyRule.split(text).stream().map(SealingKey::parse).toList();
    if (keys.isEmpty()) {
      throw new SealingException("there is no sealing key; make one with: openssl rand -base64 32");
    }
    return new SealingKeys(keys);
  }

  /** The key that is sealed with. */
  public SealingKey current() {
    return current;
  }

  /** The key of this name, if it is among them. */
  public Optional<SealingKey> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** All of them, the current one first. */
  public List<SealingKey> all() {
    return List.copyOf(byId.values());
  }

  /** These keys behind a new current one. */
  SealingKeys before(SealingKey next) {
    List<SealingKey> keys = new ArrayList<>(List.of(next));
    keys.addAll(byId.values());
    return new SealingKeys(keys);
  }

  /** The current key alone. */
  SealingKeys withoutFormer() {
    return new SealingKeys(List.of(current));
  }

  /** The names of the keys. */
  @Override
  public String toString() {
    return "SealingKeys " + byId.keySet();
  }
}
