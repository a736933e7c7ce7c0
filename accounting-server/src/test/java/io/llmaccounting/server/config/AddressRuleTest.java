package io.llmaccounting.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where an upstream may be. */
class AddressRuleTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"8.8.8.8", "172.32.0.1", "2606:4700::1111", "100.128.0.1", "64:ff9b::808:808"})
  void theInternetIsAllowed(String address) throws UnknownHostException {
    assertThat(AddressRule.PUBLIC.allows(InetAddress.getByName(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.100.100.200",
        "100.64.0.1",
        "0.0.0.0",
        "0.1.2.3",
        "192.0.0.192",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "fe80::1",
        "fd00:ec2::254",
        "fc00::1",
        "::",
        "ff02::1",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1"
      })
  void privateAddressesAreNotAllowedUnlessAllAre(String address) throws UnknownHostException {
    InetAddress one = InetAddress.getByName(address);

    assertThat(AddressRule.PUBLIC.allows(one)).isFalse();
    assertThat(AddressRule.PUBLIC_OR_LOOPBACK.allows(one)).isFalse();
    assertThat(AddressRule.ANY.allows(one)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "::1", "64:ff9b::7f00:1"})
  void thisMachineIsAllowedWhereItIsSaid(String address) throws UnknownHostException {
    InetAddress one = InetAddress.getByName(address);

    assertThat(AddressRule.PUBLIC.allows(one)).isFalse();
    assertThat(AddressRule.PUBLIC_OR_LOOPBACK.allows(one)).isTrue();
  }
}
