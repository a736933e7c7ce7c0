package io.llmaccounting.bench;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;

/**
 * Sockets that count how often somebody has sent something and then waited for an answer. Named in
 * the URL of PostgreSQL, so that it counts for whoever connects. Safe for use by many threads.
 */
public final class CountingSockets extends SocketFactory {
  private static final AtomicLong ROUND_TRIPS = new AtomicLong();

  static long roundTrips() {
    return ROUND_TRIPS.get();
  }

  @Override
  public Socket createSocket() {
    return new Counting();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(new java.net.InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort)
      throws IOException {
    return connected(new java.net.InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new java.net.InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
      throws IOException {
    return connected(new java.net.InetSocketAddress(host, port));
  }

  private static Socket connected(java.net.InetSocketAddress address) throws IOException {
    Socket socket = new Counting();
    socket.connect(address);
    return socket;
  }

  private static final class Counting extends Socket {
    private volatile boolean sent;

    @Override
    public OutputStream getOutputStream() throws IOException {
      return new FilterOutputStream(super.getOutputStream()) {
        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          sent = true;
          out.write(bytes, offset, length);
        }

        @Override
        public void write(int one) throws IOException {
          sent = true;
          out.write(one);
        }
      };
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new FilterInputStream(super.getInputStream()) {
        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
          count();
          return in.read(bytes, offset, length);
        }

        @Override
        public int read() throws IOException {
          count();
          return in.read();
        }
      };
    }

    private void count() {
      if (sent) {
        sent = false;
        ROUND_TRIPS.incrementAndGet();
      }
    }
  }
}
