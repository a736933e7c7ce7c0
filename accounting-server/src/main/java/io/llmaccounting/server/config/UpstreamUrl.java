package io.llmaccounting.server.config;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where upstreams may be, as far as their URL says. */
final class UpstreamUrl {
  private static final Pattern BYTE = Pattern.compile("0|[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5]");
  private static final Pattern LOOKS_NUMERIC =
      Pattern.compile("(.*\\.)?(\\d+|0[xX][0-9a-fA-F]*)\\.?");
  private static final Set<String> METADATA =
      Set.of("metadata.google.internal", "metadata", "instance-data");

  private static final Pattern VERSION_LAST = Pattern.compile("(?i).*/v1(alpha|beta)?\\d*/*");

  private UpstreamUrl() {}

  /**
   * Reads the URL of an upstream.
   *
   * @param rule which addresses are allowed; names are checked when they are resolved
   * @throws IllegalArgumentException if it is none, or leads where it may not
   */
  static URI read(String text, AddressRule rule) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("must be a URL such as https://api.example.com", e);
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException("must begin with https:// or http://");
    }
    if (uri.getRawUserInfo() != null || text.contains("@")) {
      throw new IllegalArgumentException(
          "must have no user and no password (not shown); give a credential instead");
    }
    if (uri.getRawFragment() != null || uri.getRawQuery() != null) {
      throw new IllegalArgumentException("must have no query and no fragment");
    }
    if (uri.getHost() == null || uri.getPort() > 65_535 || uri.getPort() == 0) {
      throw new IllegalArgumentException("must name a host, as https://api.example.com does");
    }
    checkHost(uri.getHost().toLowerCase(Locale.ROOT), rule);
    checkPath(String.valueOf(uri.getRawPath()));
    return uri;
  }

  private static void checkPath(String path) {
    if (VERSION_LAST.matcher(path).matches()) {
      String last = path.replaceAll("/+$", "");
      throw new IllegalArgumentException(
          "must not end in %s: the paths that clients ask begin with it; leave it out"
              .formatted(last.substring(last.lastIndexOf('/'))));
    }
  }

  private static void checkHost(String host, AddressRule rule) {
    boolean here = host.equals("localhost") || host.endsWith(".localhost");
    InetAddress address = here ? InetAddress.getLoopbackAddress() : literal(host);
    boolean allowed = address == null || rule.allows(address);
    if (!allowed || (METADATA.contains(host) && rule != AddressRule.ANY)) {
      throw new IllegalArgumentException(
          "must not lead to %s, an address of this machine or of a private network; where that is"
                  .formatted(host)
              + " meant, set allow-private: true for the upstream");
    }
  }

  private static @Nullable InetAddress literal(String host) {
    boolean six = host.startsWith("[");
    if (!six && !LOOKS_NUMERIC.matcher(host).matches()) {
      return null;
    }
    String[] parts = host.split("\\.", -1);
    boolean four = parts.length == 4;
    for (String part : parts) {
      four &= BYTE.matcher(part).matches();
    }
    // other ways to write numbers mean different addresses to different programs
    if (!four && (!six || host.contains("%"))) {
      throw new IllegalArgumentException(
          "must name a host, or an address such as 203.0.113.7 or [2001:db8::7], was " + host);
    }
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("must name an address that there is, was " + host, e);
    }
  }
}
