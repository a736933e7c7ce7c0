package io.llmaccounting.server.config;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Which addresses an upstream may be reached at, so that a name in its URL never leads to a service
 * that only this machine or its network can reach.
 */
public enum AddressRule {
  /** Addresses of the internet. */
  PUBLIC,
  /** Addresses of the internet, and this machine. */
  PUBLIC_OR_LOOPBACK,
  /** Every address. */
  ANY;

  private static final int V4_AT_96 = 12;

  /** Whether the upstream may be reached at this address, which its name stands for. */
  public boolean allows(InetAddress address) {
    if (this == ANY) {
      return true;
    }
    InetAddress meant = meant(address);
    return meant.isLoopbackAddress() ? this == PUBLIC_OR_LOOPBACK : isPublic(meant);
  }

  private static boolean isPublic(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    byte[] bytes = address.getAddress();
    return address instanceof Inet4Address
        ? isPublic(bytes[0] & 0xff, bytes[1] & 0xff, bytes[2] & 0xff)
        // unique local addresses: fc00::/7, where the metadata of a cloud are, too
        : (bytes[0] & 0xfe) != 0xfc;
  }

  private static boolean isPublic(int first, int second, int third) {
    return switch (first) {
      case 0 -> false;
      case 100 -> (second & 0xc0) != 64;
      case 192 -> second != 0 || third != 0;
      case 198 -> (second & 0xfe) != 18;
      default -> first < 240;
    };
  }

  /** The address of version 4 that one of version 6 only wraps, or the address itself. */
  private static InetAddress meant(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address;
    }
    byte[] bytes = address.getAddress();
    int at = wrappedAt(bytes);
    if (at < 0) {
      return address;
    }
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(bytes, at, at + 4));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  // compatible and mapped addresses, NAT64 (64:ff9b::/96) and 6to4 (2002::/16)
  private static int wrappedAt(byte[] bytes) {
    if (bytes[0] == 0x20 && bytes[1] == 0x02) {
      return 2;
    }
    boolean nat64 = startsWith(bytes, 0x00, 0x64, 0xff, 0x9b) && isZero(bytes, 4, V4_AT_96);
    boolean mapped =
        isZero(bytes, 0, 10) && bytes[10] == bytes[11] && (bytes[10] == 0 || bytes[10] == -1);
    boolean small = isZero(bytes, 0, 15);
    return nat64 || (mapped && !small) ? V4_AT_96 : -1;
  }

  private static boolean startsWith(byte[] bytes, int... beginning) {
    for (int i = 0; i < beginning.length; i++) {
      if ((bytes[i] & 0xff) != beginning[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isZero(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
